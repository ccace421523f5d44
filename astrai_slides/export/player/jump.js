// Digits, then Enter: go to that step.
import { element } from "./base.js";
import { ENTER, ESCAPE } from "./key_codes.js";
import { notify } from "./notice.js";

const MOST_DIGITS = 4;

function stepsIn({ length }) {
  return length === 1 ? "one step" : `the steps 1 to ${length}`;
}

export class Jump {
  constructor(deck) {
    this.deck = deck;
    this.badge = null;
  }

  open(digits = "") {
    this.digits = digits;
    this.badge ??= document.body.appendChild(element("div", { id: "jump", role: "status" }));
    this.badge.textContent = `Go to step ${digits || "…"} of ${this.deck.steps.length}`;
  }

  close() {
    this.badge?.remove();
    this.badge = null;
  }

  /** Whether the key was part of a number. */
  press(code) {
    const digit = code >= 48 && code <= 57 ? code - 48 : code >= 96 && code <= 105 ? code - 96 : -1;
    if (digit >= 0) {
      this.open(((this.badge ? this.digits : "") + digit).slice(-MOST_DIGITS));
      return true;
    }
    if (!this.badge) return false;
    const index = this.deck.address.at(Number(this.digits || 0) - 1);
    if (code === 8) {
      this.open(this.digits.slice(0, -1));
      return true;
    }
    this.close();
    if (code === ENTER && index !== null) this.deck.go(index, "end");
    else if (code === ENTER && this.digits) notify(`There is no step ${this.digits}: this deck has ${stepsIn(this.deck.steps)}.`);
    return code === ENTER || code === ESCAPE;
  }
}
