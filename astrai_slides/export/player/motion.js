// That nothing moves is said once: else a deck of ends looks broken to whoever did not know of the setting.
import { memory, motionWish, reducedMotion } from "./base.js";
import { notify } from "./notice.js";

/** Why nothing moves and how it would; "" where everything does. */
export function motionSentence() {
  if (!reducedMotion()) return "";
  const who = motionWish() ? "the address asks" : "this system asks for reduced motion";
  return `Motion is off, as ${who}: each step shows its end. With ?motion=full after the name of the file it plays.`;
}

export function sayOnceThatMotionIsOff() {
  if (reducedMotion() && memory.isFirst("motion")) notify(motionSentence());
}
