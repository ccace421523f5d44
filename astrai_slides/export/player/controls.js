// Buttons for whoever has neither keys nor a finger's swipe at hand: they press the keys for back, overview and next.
import { element, query } from "./base.js";
import { button } from "./button.js";
import { LEFT, OVERVIEW, RIGHT } from "./key_codes.js";

/** Show them if `wish` is true, never if it is false; else ("auto") on a touch screen, in a frame, and once a finger taps. */
export function offerControls(press, wish) {
  const asked = query.get("buttons"), isFramed = parent !== window && asked !== "auto";
  if (wish === false || asked === "none") return;
  if (wish === true || isFramed || matchMedia("(pointer: coarse)").matches) return showControls(press);
  const look = ({ pointerType }) => {
    if (pointerType !== "touch") return;
    removeEventListener("pointerdown", look);
    showControls(press);
  };
  addEventListener("pointerdown", look);
}

function showControls(press) {
  const keys = [["←", "back", LEFT], ["⊞", "overview", OVERVIEW], ["→", "next", RIGHT]];
  const buttons = keys.map(([text, label, code]) => button(text, label, () => press(code)));
  document.body.append(element("nav", { id: "controls", "aria-label": "Steps" }, ...buttons));
}
