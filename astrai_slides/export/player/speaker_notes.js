// The notes of a step in the speaker view, larger or smaller.
import { element, memory } from "./base.js";
import { button } from "./button.js";

const LARGER = new Set([107, 187, 61]), SMALLER = new Set([109, 189, 173]);
const SIZES = [14, 16, 18, 21, 24, 28, 33, 39, 46, 54];
const FIRST_SIZE = 3;

export class SpeakerNotes {
  constructor() {
    this.size = memory.recall("size") ?? FIRST_SIZE;
    this.text = element("div", { class: "text" });
    this.whole = element("section", { class: "say" }, element("h2", {}, "Notes",
      element("span", { class: "buttons" }, button("A−", "smaller notes", () => this.turnSize(-1)), button("A+", "larger notes", () => this.turnSize(1)))), this.text);
    this.turnSize(0);
  }

  /** Take the notes of the page's slides. */
  take() {
    this.notes = [...document.querySelectorAll(".slides > section")].map((section) => section.querySelector("aside.notes"));
  }

  show(index) {
    const notes = this.notes[index];
    this.text.replaceChildren(...notes ? notes.cloneNode(true).childNodes : [element("p", { class: "none" }, "This step has no notes.")]);
    this.text.scrollTop = 0;
  }

  /** Whether a key was about them. */
  press(code) {
    const by = LARGER.has(code) ? 1 : SMALLER.has(code) ? -1 : 0;
    if (by) this.turnSize(by);
    return by !== 0;
  }

  turnSize(by) {
    this.size = Math.max(0, Math.min(SIZES.length - 1, this.size + by));
    this.text.style.fontSize = `${SIZES[this.size]}px`;
    memory.keep("size", this.size);
  }
}
