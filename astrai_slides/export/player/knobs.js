// What a step can be explored by: a quiet mark that says how its knobs stand, and a panel to turn them.
import { element } from "./base.js";
import { button } from "./button.js";

/** More values than this are a list to choose from. */
const MOST_BUTTONS = 9;

export class Knobs {
  /** `variants` gives those of the deck, `turn` takes an index of a value for each of their knobs. */
  constructor(variants, turn, place = document.body) {
    this.variantsNow = variants;
    this.turn = turn;
    this.place = place;
    this.step = -1;
    this.panel = null;
    /** The knob that keys turn. */
    this.chosen = 0;
    this.mark = button("", "", () => this.toggle());
    this.mark.id = "knobs-mark";
    this.mark.hidden = true;
    place.append(this.mark);
  }

  get variants() {
    return this.variantsNow();
  }

  /** The knobs that this step depends on. */
  get here() {
    return this.variants.on(this.step);
  }

  /** The deck may be at another step, or its knobs at other values. */
  follow(step) {
    const { knobs, at, text } = this.variants;
    if (this.step === step && this.said === text) return;
    if (this.step !== step && this.said === text) this.close();
    Object.assign(this, { step, said: text });
    const { here } = this;
    if (!here.includes(this.chosen)) this.chosen = here[0] ?? 0;
    const told = here.map((knob) => `${knobs[knob].label} ${knobs[knob].texts[at[knob]]}`).join(" · ");
    this.mark.hidden = !here.length;
    this.mark.replaceChildren(element("span", { "aria-hidden": "true" }, "⇅ "), told);
    this.mark.title = "explore this step";
    this.mark.setAttribute("aria-label", `Explore this step: ${told}`);
    this.mark.classList.toggle("turned", here.some((knob) => at[knob] !== knobs[knob].value));
    this.show();
  }

  /** Turn the chosen knob, if this step depends on one, by so many values. */
  turnBy(by) {
    const { chosen, here, variants: { at, knobs } } = this;
    if (here.includes(chosen)) this.choose(chosen, Math.max(0, Math.min(knobs[chosen].values.length - 1, at[chosen] + by)));
  }

  choose(knob, value) {
    this.chosen = knob;
    this.turn(this.variants.at.map((old, place) => place === knob ? value : old));
  }

  reset() {
    this.turn(this.variants.defaults);
  }

  toggle() {
    if (!this.close()) this.open();
  }

  open() {
    if (!this.here.length) return;
    const { knobs } = this.variants;
    this.rows = knobs.map((knob, place) => knob.values.length > MOST_BUTTONS ? this.list(knob, place) : this.switches(knob, place));
    this.back = button("Reset", "reset all to what the deck begins with", () => this.reset());
    this.panel = element("section", { id: "knobs-panel", "aria-label": "Explore this step" }, ...this.rows.map(({ row }) => row),
      element("p", {}, this.back, button("Close", "close", () => this.close())));
    this.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.close()) return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.place.append(this.panel);
    this.mark.setAttribute("aria-expanded", "true");
    this.show();
    this.rows[this.chosen].focus();
  }

  /** Whether there was anything to close. */
  close() {
    if (!this.panel) return false;
    this.panel.remove();
    this.panel = null;
    this.mark.setAttribute("aria-expanded", "false");
    return true;
  }

  switches({ label, texts }, knob) {
    const inputs = texts.map((_, value) => element("input", { type: "radio", name: `knob-${knob}`, value }));
    const row = element("fieldset", {}, element("legend", {}, label),
      element("div", {}, ...inputs.map((input, value) => element("label", {}, input, element("span", {}, texts[value])))));
    row.addEventListener("change", ({ target }) => this.choose(knob, Number(target.value)));
    // A mouse or a finger leaves the keyboard to the deck.
    row.addEventListener("click", ({ target, detail }) => { if (detail) target.blur(); });
    return {
      row,
      focus: () => inputs.find((input) => input.checked).focus(),
      show: (value) => { inputs[value].checked = true; },
    };
  }

  list({ label, texts }, knob) {
    const choice = element("select", {}, ...texts.map((text, value) => element("option", { value }, text)));
    let isPointed = false;
    choice.addEventListener("pointerdown", () => { isPointed = true; });
    choice.addEventListener("keydown", () => { isPointed = false; });
    choice.addEventListener("change", () => {
      this.choose(knob, Number(choice.value));
      // As above.
      if (isPointed) choice.blur();
    });
    const row = element("fieldset", {}, element("legend", {}, label), choice);
    choice.setAttribute("aria-label", label);
    return { row, focus: () => choice.focus(), show: (value) => { choice.value = String(value); } };
  }

  show() {
    if (!this.panel) return;
    const { here, variants } = this;
    this.rows.forEach(({ row, show }, knob) => {
      show(variants.at[knob]);
      row.classList.toggle("elsewhere", !here.includes(knob));
    });
    this.back.disabled = !variants.text;
  }
}
