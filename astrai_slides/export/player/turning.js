// Other steps than before in the same deck: of another variant, or of another build.
import { reducedMotion, refuse } from "./base.js";
import { isWholeNow, whole } from "./parts.js";

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

/** Let the knobs have the values `at`, and show the same step so: playing if it played, else its end, to which bars glide. */
export function turn(deck, at) {
  if (!isWholeNow()) return whole.then(() => turn(deck, at));
  try {
    return turned(deck, at);
  } catch (error) {
    // What was cut off of the file is not missed before.
    refuse("error", error.message);
    throw error;
  }
}

function turned(deck, at) {
  const { variants, stage, index, atStart } = deck, before = reducedMotion() ? null : stage.end;
  if (variants.textOf(at) === variants.text) return null;
  const target = variants.counterpart(index, at), how = stage.playing ? "play" : index === 0 && atStart ? "start" : "end";
  variants.turn(at);
  renew(deck, variants.header);
  const drawn = deck.go(target, how);
  return stage.glideFrom(before) ?? drawn;
}
