// window.astrai, for tests and for pages that embed the deck (docs/player.md).
export function scriptInterface(deck) {
  const { fps, steps } = deck.header;
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
    next: () => deck.next(),
    back: () => deck.back(),
    get current() {
      const { index, stage } = deck;
      return { index, name: steps[index].name, seconds: stage.position / fps, playing: stage.playing, ended: stage.atEnd };
    },
  });
}
