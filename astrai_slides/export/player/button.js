// A button that leaves the keyboard to the deck.
import { element } from "./base.js";

export function button(text, label, run) {
  const made = element("button", { type: "button", title: label, "aria-label": label }, text);
  made.addEventListener("click", () => {
    // or Space and Enter would press it again
    made.blur();
    run();
  });
  return made;
}
