// A button of the speaker view.
import { element } from "./base.js";

export function button(text, label, run) {
  const made = element("button", { type: "button", title: label, "aria-label": label }, text);
  made.addEventListener("click", () => {
    // Space and Enter are the deck's.
    made.blur();
    run();
  });
  return made;
}
