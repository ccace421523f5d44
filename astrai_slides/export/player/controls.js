// Two buttons for whoever has neither keys nor a finger's swipe at hand: they press the keys for back and next.
import { element } from "./base.js";
import { LEFT, RIGHT } from "./key_codes.js";

export function showControls(press) {
  const button = (text, label, code) => {
    const made = element("button", { type: "button", "aria-label": label }, text);
    made.addEventListener("click", () => press(code));
    return made;
  };
  const controls = element("nav", { id: "controls", "aria-label": "Steps" }, button("←", "back", LEFT), button("→", "next", RIGHT));
  document.body.append(controls);
}
