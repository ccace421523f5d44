// A deck with knobs (docs/player.md): how they stand, which steps it has so (variants.js), and their slides. A deck without
// knobs stays as it is.
import { element, root } from "./base.js";
import { toldExplore } from "./chunks.js";
import { chosen, stepsOf } from "./variants.js";

const SLIDES = ".reveal .slides";

export class Explored {
  /** `header` is the page's; `text` says values of knobs as the address does. */
  constructor(header, text = "") {
    this.base = this.header = header;
    this.explore = document.getElementById("explore") ? toldExplore() : null;
    this.knobs = this.explore?.knobs ?? [];
    this.sections = [...document.querySelectorAll(`${SLIDES} > section`)];
    /** The steps of the present variant, each with the knobs that it depends on. */
    this.steps = header.steps;
    if (!this.explore) return;
    this.at = this.defaults;
    this.steps = stepsOf(header, this.explore, this.at);
    this.publish();
    this.turn(this.parse(text));
  }

  get defaults() {
    return this.knobs.map(({ value }) => value);
  }

  /** Which value each knob has, by a text as of the address; one that it does not name, or names otherwise, its default. */
  parse(text) {
    const named = new URLSearchParams(text);
    return this.knobs.map(({ name, values, texts, value }) => {
      const wanted = named.get(name), index = values.findIndex((one, place) => texts[place] === wanted || String(one) === wanted);
      return index < 0 ? value : index;
    });
  }

  /** The present values, but `value` for the knob `name`; without a value its default. Throws a RangeError. */
  with(name, value) {
    const knob = this.knobs.findIndex((one) => one.name === name);
    if (knob < 0) throw new RangeError(`this deck has no knob ${JSON.stringify(name)}`);
    const { values, value: usual } = this.knobs[knob], index = value === undefined ? usual : values.indexOf(value);
    if (index < 0) throw new RangeError(`${name} has no value ${JSON.stringify(value)}: it has ${JSON.stringify(values)}`);
    return this.at.map((old, place) => place === knob ? index : old);
  }

  /** What the address says of the values: those that are not the default. */
  textOf(at) {
    const named = this.knobs.flatMap(({ name, texts, value }, place) => at[place] === value ? [] : [[name, texts[at[place]]]]);
    return new URLSearchParams(named).toString();
  }

  get text() {
    return this.explore ? this.textOf(this.at) : "";
  }

  /** The present values by name. */
  get values() {
    return Object.fromEntries(this.knobs.map(({ name, values }, place) => [name, values[this.at[place]]]));
  }

  /** Numbers of the knobs that step `index` depends on. */
  on(index) {
    return this.steps[index]?.knobs ?? [];
  }

  /** Of each step with the values `at` the number of its part. */
  partsOf(at) {
    return this.explore.parts.flatMap((part, number) => chosen(part, this.knobs, at).map(() => number));
  }

  /** Where step `index` is with the values `at`: the same one, by its name, else what stands in its place. */
  counterpart(index, at) {
    const steps = stepsOf(this.base, this.explore, at), named = steps.findIndex(({ name }) => name === this.steps[index].name);
    if (named >= 0) return named;
    const before = this.partsOf(this.at), after = this.partsOf(at), part = before[index];
    const first = after.indexOf(part), last = after.lastIndexOf(part);
    return first < 0 ? Math.max(0, after.findLastIndex((one) => one < part)) : Math.min(first + index - before.indexOf(part), last);
  }

  /** Where step `index` is in the deck as it begins. */
  usual(index) {
    return this.text ? this.counterpart(index, this.defaults) : index;
  }

  /** Let the knobs have the values `at`: header and slides are those of another variant. */
  turn(at) {
    if (this.textOf(at) === this.text) return;
    this.at = at;
    this.steps = stepsOf(this.base, this.explore, at);
    this.header = this.text ? { ...this.base, steps: this.steps } : this.base;
    this.layOut();
    this.publish();
  }

  publish() {
    root.dataset.knobs = JSON.stringify(this.values);
  }

  /** `plan` of the page, as it is for this variant. */
  planOf(plan) {
    return this.text ? this.steps.map((info) => plan[info.place] ?? info) : plan;
  }

  layOut() {
    const { steps } = this.header, laid = [];
    let section = "";
    for (const [index, info] of steps.entries()) {
      const slide = this.sections[this.text ? info.place : index] ?? slideOf(info);
      slide.querySelector(".spoken p").textContent = `${index + 1} / ${steps.length}`;
      slide.querySelector(".fragment")?.remove();
      if (!index) slide.querySelector("div.spoken").after(element("span", { class: "fragment", "aria-hidden": "true" }));
      if (info.section && info.section !== section) laid.push(element("p", { class: "part" }, info.section));
      section = info.section;
      laid.push(slide);
    }
    document.querySelector(SLIDES).replaceChildren(...laid);
  }
}

/** The slide of a step that the page has none of. */
function slideOf({ title, name, texts, notes_html: notes, below }) {
  const spoken = [element("p"), ...texts.map(([text]) => element("p", {}, text))];
  const slide = element("section", below ? { class: "below" } : {}, element("h2", { class: "spoken" }, title || name), element("div", { class: "spoken" }, ...spoken));
  if (notes) {
    const aside = element("aside", { class: "notes" });
    // As the page has it: its policy lets nothing in it run.
    aside.innerHTML = notes;
    slide.append(aside);
  }
  return slide;
}
