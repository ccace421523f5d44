// Small stills for the overview, drawn while it is open and only near what is seen.
const STILL_WIDTH = 480;
const STILLS_EACH_SIDE = 9;

class Overview {
  constructor(deck, store) {
    this.deck = deck;
    this.store = store;
    this.sections = [...document.querySelectorAll(".slides > section")];
    deck.reveal.on("overviewshown", () => this.fill());
    deck.reveal.on("slidechanged", () => { if (deck.reveal.isOverview()) this.fill(); });
    deck.reveal.on("overviewhidden", () => this.clear());
  }

  fill() {
    const { h } = this.deck.reveal.getIndices();
    const near = (index) => Math.abs(index - h) <= STILLS_EACH_SIDE;
    this.sections.forEach((section, index) => { if (!near(index)) this.remove(section); });
    this.wanted = this.sections.map((_, index) => index).filter(near).sort((a, b) => Math.abs(a - h) - Math.abs(b - h));
    this.work();
  }

  work() {
    const index = this.wanted?.shift();
    if (index === undefined) return;
    this.draw(index);
    whenIdle(() => this.work());
  }

  async draw(index) {
    const section = this.sections[index];
    if (section.querySelector("canvas")) return;
    const { width, height } = this.store.header;
    const still = element("canvas", { class: "still", width: STILL_WIDTH, height: Math.round(STILL_WIDTH * height / width), "aria-hidden": "true" });
    section.prepend(still);
    const step = this.store.glance(index);
    await step.loading;
    paintFrame(still.getContext("2d"), step, step.frames.count - 1);
    still.dataset.drawn = "";
  }

  remove(section) {
    section.querySelector("canvas")?.remove();
  }

  clear() {
    this.wanted = null;
    this.sections.forEach((section) => this.remove(section));
  }
}
