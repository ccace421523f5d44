// The overview: all steps as a grid of stills, drawn while it is open and only where they can be seen.
import { element } from "./base.js";
import { paintFrame } from "./paint.js";
import { whenIdle } from "./store.js";

const MOST_COLUMNS = 5;
const TITLE_PIXELS = 64;
const MOST_STILL_PIXELS = 960;

export class Overview {
  constructor(deck, store) {
    this.deck = deck;
    this.store = store;
    this.slides = document.querySelector(".reveal .slides");
    this.sections = [...this.slides.children].filter((child) => child.matches("section"));
    this.wanted = new Set();
    this.seen = new IntersectionObserver((entries) => this.note(entries), { root: this.slides, rootMargin: "50%" });
    deck.reveal.onOverviewShown(() => this.open());
    deck.reveal.onOverviewHidden(() => this.close());
    deck.reveal.onMove(() => this.follow());
    addEventListener("resize", () => { if (deck.reveal.isOverview) this.layOut(); });
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

  /** As few columns as let all steps be seen at once. */
  layOut() {
    const { width, height } = this.store.header, count = this.sections.length;
    const fits = (columns) => Math.ceil(count / columns) * (innerWidth / columns * height / width + TITLE_PIXELS) <= innerHeight;
    let columns = 1;
    while (columns < MOST_COLUMNS && !fits(columns)) columns++;
    this.columns = Math.min(columns, count);
    this.slides.style.setProperty("--columns", this.columns);
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
    const step = this.store.glance(this.sections.indexOf(section));
    await step.loading;
    paintFrame(still.getContext("2d"), step, step.frames.count - 1);
    still.dataset.drawn = "";
  }

  remove(section) {
    this.wanted.delete(section);
    section.querySelector("canvas")?.remove();
  }
}
