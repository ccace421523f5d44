// window.astrai, for tests and for pages that embed the deck (docs/player.md).
import { opsOf, stillAt } from "./frames.js";
import { pictureOf } from "./picture.js";
import { update } from "./update.js";

const MOST_ACROSS = 4096;

export function scriptInterface(deck) {
  const { fps, steps } = deck.header, { variants } = deck;
  const find = (step) => {
    const index = typeof step === "number" ? step : steps.findIndex(({ name }) => name === step);
    if (!Number.isInteger(index) || !steps[index]) throw new RangeError(`this deck has no step ${JSON.stringify(step)}`);
    return index;
  };
  return Object.freeze({
    steps: Object.freeze(steps.map(({ name, title, length, loop, auto_next, notes }) =>
      Object.freeze({ name, title, seconds: length / fps, loop, auto_next, notes }))),
    async seek(step, seconds = Infinity) {
      await deck.go(find(step), Number.isFinite(seconds) ? Math.floor(seconds * fps + 1e-3) : "end");
    },
    async play(step = deck.index) {
      await deck.go(find(step), "play");
    },
    pause() {
      deck.stage.pause();
    },
    async update(change, wanted = null) {
      await update(deck, change, wanted);
    },
    knobs: Object.freeze(variants.knobs.map(({ name, label, values }, place) =>
      Object.freeze({ name, label, values: Object.freeze(values.slice()), get value() { return values[variants.at[place]]; } }))),
    async turn(knob, value) {
      await deck.turn(variants.with(knob, value));
    },
    async picture(step, width) {
      return pictureOf(deck.store, find(step), Math.round(Math.max(1, Math.min(width, MOST_ACROSS))));
    },
    next: () => deck.next(),
    back: () => deck.back(),
    fps,
    get objects() {
      const { step, atEnd, position } = deck.stage;
      return step.frames ? opsOf(step, stillAt(step, atEnd ? null : position)).length : 0;
    },
    get current() {
      const { index, stage } = deck;
      return { index, name: steps[index].name, seconds: stage.position / fps, playing: stage.playing, ended: stage.atEnd };
    },
  });
}
