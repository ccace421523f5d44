// What is on the canvas: a step, a position in it, moving or still. Knows nothing of slides, keys or addresses.
import { Screen } from "./canvas.js";
import { NEARLY, stillAt } from "./frames.js";
import { paintFilm, paintFrame, paintNothing } from "./paint.js";
import { blank } from "./store.js";
import { Waiting } from "./waiting.js";

const LONGEST_TICK_MS = 250;

export class Stage {
  constructor(store, canvas, surround, events) {
    this.store = store;
    this.surround = surround || null;
    this.events = events;
    this.index = -1;
    this.step = null;
    this.position = 0;
    this.atEnd = false;
    this.playing = false;
    this.direction = 1;
    this.finishing = false;
    this.drawn = "";
    this.waiting = new Waiting();
    this.request = 0;
    this.tick = this.tick.bind(this);
    this.screen = new Screen(canvas, () => this.draw(true));
  }

  get info() {
    return this.store.header.steps[this.index];
  }

  /** Show a step, still, at `position` in frames (from its length on: its end); nothing with an `error`. Resolves once drawn. */
  show(index, position, error = null) {
    this.enter(index, error);
    this.position = Math.max(0, Math.min(position, this.step.length));
    this.atEnd = position >= this.step.length;
    this.stop();
    this.current = false;
    const film = this.step.film;
    if (film && this.position > 0 && !this.atEnd) film.seek(this.position);
    this.draw();
    this.store.prefetch(index + 1, index - 1);
    return this.waiting.promise(this.current, this.step.error);
  }

  /** Play a step from a position, forwards or backwards. Resolves once its first frame is drawn. */
  play(index, position = 0, direction = 1) {
    this.enter(index);
    this.position = position;
    this.direction = direction;
    this.atEnd = false;
    this.finishing = false;
    this.current = false;
    this.resume();
    this.draw();
    this.store.prefetch(index + 1, index - 1);
    return this.waiting.promise(this.current, this.step.error);
  }

  enter(index, error = null) {
    const step = error ? blank(this.store.header.steps[index], error) : this.store.get(index);
    if (index !== this.index) this.step?.film?.pause();
    this.index = index;
    this.step = step;
    // On its way to a wished picture a film passes others, which are for showing only while it moves.
    if (step.film) step.film.arrived = (wished) => { if (this.step === step && (wished || this.playing)) this.draw(true); };
  }

  resume() {
    if (this.atEnd) return;
    this.playing = true;
    this.last = null;
    this.step.film?.start(this.position, this.direction, this.info.playback_rate, this.step.length - 1);
    cancelAnimationFrame(this.request);
    this.request = requestAnimationFrame(this.tick);
    this.publish();
  }

  pause() {
    if (this.playing) this.stop();
    this.publish();
  }

  stop() {
    this.playing = false;
    this.finishing = false;
    this.step.film?.pause();
    cancelAnimationFrame(this.request);
  }

  tick(now) {
    if (!this.playing) return;
    const elapsed = this.last === null ? 0 : Math.min(now - this.last, LONGEST_TICK_MS);
    this.last = now;
    // A picture that is not there yet holds the clock: nothing of the step is missed.
    if (!this.step.loading) this.advance(elapsed / 1000);
    if (!this.playing) return;
    this.draw();
    this.request = requestAnimationFrame(this.tick);
  }

  advance(seconds) {
    const { film, length } = this.step, info = this.info;
    const rate = this.direction > 0 ? info.playback_rate : info.reversed_playback_rate;
    let over = false;
    if (film && !film.failed && this.direction > 0) {
      this.position = Math.min(film.position, length);
      over = film.ended;
    } else {
      this.position += this.direction * seconds * this.store.header.fps * rate;
      over = this.direction > 0 ? this.position >= length - NEARLY : this.position <= 0;
      if (film && !over) film.seek(this.position);
    }
    if (!over) return;
    if (this.direction > 0 && info.loop && !this.finishing) {
      this.position = film || !length ? 0 : this.position % length;
      film?.play(0, rate);
      return;
    }
    const finished = this.finishing;
    this.show(this.index, this.direction > 0 ? length : 0);
    if (this.direction > 0) this.events.ended(finished);
  }

  /** Paint what is wanted, if it is not there already. What cannot be painted yet leaves the old picture. */
  draw(again = false) {
    const step = this.step;
    if (!step) return;
    if (step.loading) {
      step.loading.then(() => { if (this.step === step) this.draw(again); });
      return;
    }
    if (step.error) return this.drawNothing(step.error);
    if (step.film && !step.film.failed && !this.atEnd && (this.playing || this.position > 0)) return this.drawFilm(again);
    const frame = stillAt(step, this.atEnd ? null : this.position + NEARLY);
    const key = `${this.index}:${frame}`;
    if (again || key !== this.drawn) paintFrame(this.screen.ctx, step, frame, this.surround);
    this.drawn = key;
    this.done();
  }

  /** What was there before is no picture of a step that is damaged. */
  drawNothing(error) {
    paintNothing(this.screen.ctx, this.surround);
    this.drawn = "";
    this.stop();
    this.events.failed(error);
    this.waiting.reject(error);
  }

  drawFilm(again) {
    const { step } = this;
    if (step.film.ready) {
      paintFilm(this.screen.ctx, step, step.film.video, this.surround);
      this.drawn = `${this.index}:film`;
      this.done();
    } else if (again || !this.drawn.startsWith(`${this.index}:`)) {
      paintFrame(this.screen.ctx, step, 0, this.surround);
      this.drawn = `${this.index}:0`;
    }
    // A playing film has shown its first picture.
    if (this.playing) this.done();
  }

  done() {
    this.current = true;
    this.publish();
    this.waiting.resolve();
  }

  publish() {
    this.events.moved(this.info.name, this.playing, this.atEnd ? "end" : this.position <= 0 ? "start" : "middle");
  }
}
