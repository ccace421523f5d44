// The list of keys, made from the table of keys.
import { element } from "./base.js";
import { motionSentence } from "./motion.js";

export class Help {
  constructor(table) {
    this.table = table;
    this.dialog = null;
  }

  toggle() {
    if (this.close()) return;
    const rows = this.table().map(({ name, text }) => element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, text)));
    this.dialog = element("div", { id: "help", role: "dialog", "aria-modal": "true", "aria-label": "Keys", tabindex: "-1" },
      element("table", {}, ...rows), element("p", {}, motionSentence()), element("p", {}, "Any key closes this."));
    this.dialog.addEventListener("click", () => this.close());
    document.body.append(this.dialog);
    this.dialog.focus();
  }

  /** Whether there was anything to close. */
  close() {
    if (!this.dialog) return false;
    this.dialog.remove();
    this.dialog = null;
    return true;
  }
}
