// Buttons for whoever has neither keys nor a finger's swipe at hand: they press the keys for back, overview and next.
import { element, query } from "./base.js";
import { LEFT, OVERVIEW, RIGHT } from "./key_codes.js";

/** Show them if `wish` is true, never if it is false; else ("auto") on a touch screen, in a frame, and once a finger taps. */
export function offerControls(press, wish) {
  if (wish === false || query.get("buttons") === "none") return;
  if (wish === true || parent !== window || matchMedia("(pointer: coarse)").matches) return showControls(press);
  const look = ({ pointerType }) => {
    if (pointerType !== "touch") return;
    removeEventListener("pointerdown", look);
    showControls(press);
  };
  addEventListener("pointerdown", look);
}

function showControls(press) {
  const button = (text, label, code) => {
    const made = element("button", { type: "button", "aria-label": label }, text);
    made.addEventListener("click", () => press(code));
    return made;
  };
  const buttons = [button("←", "back", LEFT), button("⊞", "overview", OVERVIEW), button("→", "next", RIGHT)];
  document.body.append(element("nav", { id: "controls", "aria-label": "Steps" }, ...buttons));
}
