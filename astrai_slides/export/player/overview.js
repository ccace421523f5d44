// The overview: all steps as a grid of stills, drawn while it is open and only where they can be seen. Steps that go
// into more depth on the one before stand below it, as a column.
import { element } from "./base.js";
import { paintEnd } from "./picture.js";
import { whenIdle } from "./store.js";

const MOST_COLUMNS = 5;
const MOST_STILL_PIXELS = 960;

/** Where each step stands: stacks of a step and those below it, from left to right in bands, anew under each heading. */
class Grid {
  constructor(children) {
    this.children = children;
    this.stacks = [];
    this.stackOf = [];
    for (const child of children.filter((one) => one.matches("section"))) {
      if (!child.matches(".below") || !this.stacks.length) this.stacks.push({ steps: [] });
      const stack = this.stacks.at(-1);
      stack.steps.push(this.stackOf.length);
      this.stackOf.push(stack);
    }
  }

  /** Put the stacks into `columns`; how many rows of stills that are. */
  layOut(columns) {
    let [rows, headings, column, depth, index] = [0, 0, 0, 0, 0];
    const close = () => { rows += depth; column = 0; depth = 0; };
    this.headings = [];
    for (const child of this.children) {
      if (child.matches(".part")) {
        close();
        this.headings.push({ child, row: rows + ++headings });
      } else if (child.matches("section")) {
        const stack = this.stackOf[index];
        if (stack.steps[0] === index++) {
          if (column === columns) close();
          Object.assign(stack, { row: rows + headings + 1, column: ++column });
          depth = Math.max(depth, stack.steps.length);
        }
      }
    }
    close();
    return rows;
  }

  place() {
    for (const { child, row } of this.headings) child.style.gridRow = row;
    const sections = this.children.filter((child) => child.matches("section"));
    sections.forEach((section, index) => {
      const { row, column, steps } = this.stackOf[index];
      section.style.gridArea = `${row + index - steps[0]} / ${column}`;
    });
  }

  /** The step above (-1) or below (1) in the column, also of the next band; the same where there is none. */
  upOrDown(index, by) {
    const { column, row, steps } = this.stackOf[index];
    if (steps.includes(index + by)) return index + by;
    const band = this.stacks.filter((one) => one.column === column && Math.sign(one.row - row) === by).at(by > 0 ? 0 : -1);
    return band ? band.steps.at(by > 0 ? 0 : -1) : index;
  }

  /** The step as deep in the stack before (-1) or after (1), or the deepest there; the same where there is none. */
  leftOrRight(index, by) {
    const stack = this.stackOf[index], next = this.stacks[this.stacks.indexOf(stack) + by];
    return next ? next.steps[Math.min(index - stack.steps[0], next.steps.length - 1)] : index;
  }
}

export class Overview {
  constructor(deck, store) {
    this.deck = deck;
    this.store = store;
    this.slides = document.querySelector(".reveal .slides");
    this.wanted = new Set();
    this.renew();
    this.seen = new IntersectionObserver((entries) => this.note(entries), { root: this.slides, rootMargin: "50%" });
    deck.reveal.onOverviewShown(() => this.open());
    deck.reveal.onOverviewHidden(() => this.close());
    deck.reveal.onMove(() => this.follow());
    addEventListener("resize", () => { if (deck.reveal.isOverview) this.layOut(); });
  }

  /** The slides are others now. */
  renew() {
    this.sections = [...this.slides.children].filter((child) => child.matches("section"));
    this.grid = new Grid([...this.slides.children]);
    this.wanted.clear();
    if (!this.seen || !this.deck.reveal.isOverview) return;
    this.seen.disconnect();
    this.open();
  }

  open() {
    this.layOut();
    this.sections.forEach((section) => this.seen.observe(section));
    this.follow();
  }

  close() {
    this.seen.disconnect();
    this.wanted.clear();
    this.sections.forEach((section) => this.remove(section));
  }

  /** As few columns as let all steps be seen at once, which only the browser knows that lays them out. */
  layOut() {
    const most = Math.min(MOST_COLUMNS, this.grid.stacks.length);
    for (let columns = 1; columns <= most; columns++) {
      this.grid.layOut(columns);
      this.slides.style.setProperty("--columns", columns);
      this.grid.place();
      if (this.slides.scrollHeight <= this.slides.clientHeight) return;
    }
  }

  follow() {
    const { isOverview, place } = this.deck.reveal;
    if (isOverview) this.sections[place.index].scrollIntoView({ block: "nearest" });
  }

  note(entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.wanted.add(target); else this.remove(target);
    }
    this.work();
  }

  work() {
    const [section] = this.wanted;
    if (!section) return;
    this.wanted.delete(section);
    this.draw(section).catch(() => { /* a damaged step is told of when it is wanted */ });
    whenIdle(() => this.work());
  }

  async draw(section) {
    if (section.querySelector("canvas")) return;
    const { width, height } = this.store.header;
    const across = Math.min(Math.round(section.clientWidth * devicePixelRatio), MOST_STILL_PIXELS);
    const still = element("canvas", { class: "still", width: across, height: Math.round(across * height / width), "aria-hidden": "true" });
    section.prepend(still);
    await paintEnd(still, this.store.glance(this.sections.indexOf(section)));
    still.dataset.drawn = "";
  }

  remove(section) {
    this.wanted.delete(section);
    section.querySelector("canvas")?.remove();
  }
}
