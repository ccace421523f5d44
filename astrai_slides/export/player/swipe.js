// A finger's stroke to the left is next, to the right is back.
import { LEFT, RIGHT } from "./key_codes.js";

const SWIPE_PIXELS = 40;

export function listenToSwipes(target, press) {
  let from = null;
  target.addEventListener("pointerdown", (event) => {
    from = event.pointerType !== "mouse" && event.isPrimary ? event : null;
  });
  target.addEventListener("pointerup", (event) => {
    if (!from || event.pointerId !== from.pointerId) return;
    const across = event.clientX - from.clientX, down = event.clientY - from.clientY;
    from = null;
    if (Math.abs(across) < SWIPE_PIXELS || Math.abs(across) < 2 * Math.abs(down)) return;
    press(across < 0 ? RIGHT : LEFT);
  });
  target.addEventListener("pointercancel", () => { from = null; });
}
