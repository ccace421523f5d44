// What the speaker does (docs/player.md), on reveal.js' slides and our stage. One slide is one step; the first has an
// invisible fragment, which is shown once the first step has played, so that reveal.js' state tells both apart.
import { Address, tailOf } from "./address.js";
import { AutoSlide } from "./auto_slide.js";
import { publish, reducedMotion, refuse, root } from "./base.js";
import { GlidingStage } from "./gliding_stage.js";
import { holdWhileHidden } from "./hidden.js";
import { Progress } from "./progress.js";
import { turn } from "./turning.js";

export class Deck {
  constructor(variants, settings, reveal, store, canvas) {
    const { header } = variants;
    this.variants = variants;
    this.header = header;
    this.reveal = reveal;
    this.steps = header.steps;
    this.store = store;
    this.address = new Address(this.steps, () => this.variants.text);
    this.stage = new GlidingStage(store, canvas, settings.background, {
      ended: (finished) => this.ended(finished), moved: (...place) => this.moved(...place), failed: (error) => refuse("error", error.message) });
    this.loops = settings.loop;
    /** Called whenever it may be elsewhere. */
    this.watch = () => {};
    /** Called when its steps are others. */
    this.renewed = () => {};
    this.autoSlide = new AutoSlide(settings.auto_slide, () => this.goOn());
    this.quiet = false;
    this.progress = settings.progress ? new Progress(this.steps.length, (index) => this.go(index, "end")) : null;
  }

  get last() {
    return this.steps.length - 1;
  }

  get index() {
    return this.stage.index;
  }

  /** The step after this one; after the last one the first in a deck that loops, else null. */
  get following() {
    return this.index < this.last ? this.index + 1 : this.loops ? 0 : null;
  }

  get atStart() {
    return !this.stage.playing && !this.stage.atEnd && this.stage.position <= 0;
  }

  /** Before reveal.js is there: the picture that this address shows. */
  open() {
    const index = this.address.read();
    const shown = index ?? 0, still = index !== null || reducedMotion();
    return this.stage.show(shown, still ? Infinity : 0, this.store.errorOf(shown));
  }

  /** reveal.js is there: let it follow, and follow it. */
  connect() {
    const { reveal } = this;
    this.sync();
    reveal.onMove(() => this.follow());
    holdWhileHidden(this);
    addEventListener("hashchange", () => {
      this.turn(this.variants.parse(tailOf(location.hash)));
      const index = this.address.follow();
      if (index !== null && index !== this.index) this.go(index, "end");
    });
  }

  /** Bring reveal.js to where the stage is. */
  sync() {
    const start = this.index === 0 && this.atStart;
    this.quiet = true;
    this.reveal.moveTo(this.index, start);
    this.quiet = false;
    this.address.write(this.index, start);
    this.progress?.show(this.index, start);
    if (!this.reveal.isOverview) this.autoSlide.begin();
  }

  /** Something else moved reveal.js (overview): rest where it is. */
  follow() {
    if (this.quiet) return;
    const { index, atStart } = this.reveal.place;
    this.go(index, atStart ? "start" : "end");
  }

  /** Go to a step: "play" it from its first frame, or rest at its "start", its "end" or a position in frames. */
  go(index, how, direction = 1) {
    const { stage } = this;
    const length = this.steps[index].length;
    const error = this.store.errorOf(index);
    let drawn;
    if (!error) root.dataset.state = "ready";
    if (error) drawn = stage.show(index, Infinity, error);
    else if (how === "play" && !reducedMotion()) drawn = stage.play(index, direction > 0 ? 0 : length, direction);
    else if (how === "start") drawn = stage.show(index, 0);
    else drawn = stage.show(index, typeof how === "number" ? how : Infinity);
    this.sync();
    return drawn;
  }

  /** Let the knobs have the values `at` (variants.js). Resolves once drawn. */
  turn(at) {
    return turn(this, at);
  }

  next() {
    const { stage, index } = this, info = this.steps[index];
    if (this.leaveBlack()) return;
    if (this.atStart) return this.go(index, "play");
    if (stage.playing && stage.direction < 0) return void (stage.direction = 1, stage.resume());
    if (stage.playing && info.loop && info.finish_loop && !stage.finishing) return void (stage.finishing = true);
    if (index === this.last && !stage.atEnd) return this.go(index, "end");
    if (this.following !== null) return this.go(this.following, "play");
  }

  back() {
    if (this.leaveBlack()) return;
    if (this.index > 0) return this.go(this.index - 1, "end");
    if (!this.atStart) return this.go(0, "start");
    if (this.loops) return this.go(this.last, "end");
  }

  replay() {
    if (!this.leaveBlack()) return this.go(this.index, "play");
  }

  playBackwards() {
    const { stage } = this;
    if (this.leaveBlack() || this.atStart) return;
    if (reducedMotion()) return this.go(this.index, "start");
    const from = stage.atEnd ? stage.step.length : stage.position;
    const drawn = stage.play(this.index, from, -1);
    this.sync();
    return drawn;
  }

  pause() {
    if (this.leaveBlack()) return;
    const { stage, autoSlide } = this;
    if (stage.playing) {
      stage.pause();
      autoSlide.stop();
    } else if (!stage.atEnd && stage.position > 0) {
      stage.resume();
      autoSlide.begin();
    } else autoSlide.toggle();
  }

  /** Nobody has pressed anything for a while. A step that plays goes on when it has ended; one that loops, with its turn. */
  goOn() {
    const { stage } = this;
    if (stage.playing && this.steps[this.index].loop && stage.direction > 0) stage.finishing = true;
    else if (stage.playing) this.autoSlide.begin();
    else if (this.atStart || stage.atEnd) this.next();
  }

  /** While the screen is black, any key only brings the picture back. Returns whether it was black. */
  leaveBlack() {
    if (!this.reveal.isBlack) return false;
    this.reveal.toggleBlack(false);
    return true;
  }

  moved(step, playing, at) {
    publish(step, playing, at);
    root.classList.toggle("not-begun", this.index === 0 && at === "start" && !playing);
    this.watch();
  }

  ended(finished) {
    this.sync();
    const info = this.steps[this.index];
    if (this.following !== null && (finished || (info.auto_next && !info.loop))) this.go(this.following, "play");
  }
}
