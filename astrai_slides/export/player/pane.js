// A picture of the speaker view: a step of the same recording on a canvas of its own, over which something may be said.
import { element } from "./base.js";
import { Stage } from "./stage.js";

export class Pane {
  /** `moved` is told as `Stage` tells it. */
  constructor(store, name, surround, moved = () => {}) {
    this.store = store;
    this.title = element("h2");
    this.word = element("p", { class: "word" });
    const canvas = element("canvas");
    this.picture = element("div", { class: "picture" }, canvas);
    this.whole = element("section", { class: name }, element("header", {}, this.title, this.word), this.picture);
    // The canvas has its size when it is in the page.
    this.begin = () => {
      this.stage = new Stage(store, canvas, surround, { ended() {}, moved, failed: (error) => this.say(error.message) });
    };
  }

  say(text) {
    this.word.textContent = text;
    this.picture.classList.toggle("said", Boolean(text));
  }

  /** Show a step as `place` says it is: {position, playing, direction, atEnd}. */
  show(index, place) {
    const { stage, store } = this, info = store.header.steps[index];
    const error = store.errorOf(index);
    this.say("");
    if (error || info.film || !place.playing) return stage.show(index, place.atEnd || info.film ? Infinity : place.position, error);
    if (stage.index === index && stage.playing && stage.direction === place.direction) return null;
    return stage.play(index, place.position, place.direction);
  }

  /** The steps are others now; the picture stays until another one is drawn. */
  forget() {
    if (this.stage.step) this.stage.stop();
    Object.assign(this.stage, { index: -1, step: null, drawn: "" });
  }

  clear(text) {
    if (this.stage.step) this.stage.stop();
    this.say(text);
  }
}
