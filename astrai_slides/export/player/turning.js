// Other steps than before in the same deck: of another variant, or of another build.

/** The steps of `header`, whose slides are in the page; the picture stays until another one is drawn. */
export function renew(deck, header) {
  const { stage } = deck;
  deck.header = header;
  deck.steps = header.steps;
  deck.store.renew(header);
  deck.address.renew(header.steps);
  deck.progress?.renew(header.steps.length);
  stage.stop();
  Object.assign(stage, { index: -1, step: null, drawn: "" });
  deck.quiet = true;
  deck.reveal.renew();
  deck.quiet = false;
  deck.renewed();
}

/** Let the knobs have the values `at`, and show the same step so: playing if it played, else its end. */
export function turn(deck, at) {
  const { variants, stage, index, atStart } = deck;
  if (variants.textOf(at) === variants.text) return null;
  const target = variants.counterpart(index, at), how = stage.playing ? "play" : index === 0 && atStart ? "start" : "end";
  variants.turn(at);
  renew(deck, variants.header);
  return deck.go(target, how);
}
