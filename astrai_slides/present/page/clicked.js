// A click on anything drawn shows which line of the deck made it, and copies file and line.

/** What a click there is for: a link, a button, the overview, the pen. */
const TAKEN = "a, button, input, dialog, .reveal.overview, .progress, .pointer[data-mode=laser], .pointer[data-mode=pen]";

export class Clicked {
  constructor(deck, output) {
    this.deck = deck;
    this.output = output;
    this.number = 0;
  }

  async click(event) {
    const { player } = this.deck;
    const at = player && this.where(event);
    if (!at) return;
    const { index, seconds, ended } = player.current, number = ++this.number;
    // As the deck says which frame is drawn: a film's moment is none of them.
    const frame = ended ? null : Math.floor(seconds * player.fps + 1e-3);
    const asked = { deck: this.deck.number, step: index, frame, ...at };
    try {
      const answer = await fetch("clicked", { method: "POST", body: JSON.stringify(asked) });
      if (number === this.number) this.show(await answer.json());
    } catch { /* the preview has ended, which the page says */ }
  }

  /** Where on the canvas it was, from its upper left, as shares of its width and height, and how wide that is for its height. */
  where(event) {
    if (event.button || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return null;
    const { target } = event, document = this.deck.frame.contentDocument;
    if (target.closest?.(TAKEN) || document.querySelector(".reveal.overview")) return null;
    const { left, top, width, height } = document.getElementById("stage").getBoundingClientRect();
    return { x: (event.clientX - left) / width, y: (event.clientY - top) / height, aspect: width / height };
  }

  show({ place = "", text = "", said }) {
    this.output.hidden = false;
    this.output.textContent = [place, said].filter(Boolean).join(" · ");
    this.output.title = text;
    this.output.dataset.place = place;
    if (place) navigator.clipboard?.writeText(place).then(() => { this.output.dataset.copied = place; }, () => {});
  }
}
