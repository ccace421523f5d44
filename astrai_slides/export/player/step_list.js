// The list of all steps in the speaker view, each with the time that it is to take.
import { element } from "./base.js";
import { button } from "./button.js";

export class StepList {
  /** `go` takes the index of a step that was chosen. */
  constructor(go) {
    this.go = go;
    this.whole = element("nav", { class: "steps", "aria-label": "Steps" });
  }

  take(steps, plan) {
    this.entries = steps.map(({ name, title }, index) => {
      const entry = button("", `go to step ${index + 1}`, () => this.go(index));
      entry.append(element("b", {}, String(index + 1)), element("span", {}, title || name), element("time", {}, plan.text(index)));
      return entry;
    });
    this.whole.replaceChildren(...this.entries);
  }

  mark(index) {
    this.entries.forEach((entry, place) => entry.toggleAttribute("aria-current", place === index));
    const { offsetTop, offsetHeight } = this.entries[index];
    this.whole.scrollTop = offsetTop - this.whole.offsetTop - (this.whole.clientHeight - offsetHeight) / 2;
  }
}
