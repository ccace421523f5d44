// All that the player knows of reveal.js, what it promises and what it does not. The Python side is export/html/reveal.py;
// tests/export/html/test_reveal.py says what is needed of it. reveal.js tells which step it is at, makes the screen
// black and switches to the overview; keys, touch, address, pictures and the speaker view are the player's own.

const MOVES = ["slidechanged", "fragmentshown", "fragmenthidden"];

export class RevealAdapter {
  /** `settings` are the page's (docs/talk-file.md, [html]). */
  constructor({ width, height }, settings) {
    this.reveal = new Reveal(document.querySelector(".reveal"), {
      // Nobody tells the deck where to be but the player.
      postMessage: false,
      width: 960, height: Math.round(960 * height / width), margin: 0.04, center: false, controls: false,
      progress: false, slideNumber: settings.slide_number, hash: false, respondToHashChanges: false, history: false, keyboard: false, touch: false,
      help: false, jumpToSlide: false, mouseWheel: false, transition: "none", backgroundTransition: "none", navigationMode: "linear",
      scrollActivationWidth: null, hideCursorTime: 3000,
    });
  }

  async start() {
    await this.reveal.initialize();
    // A canvas and its description are a document, not an application with keys of its own.
    document.querySelector(".reveal").removeAttribute("role");
    // Its own line at the bottom, which gives steps unequal shares, is there though it is not wanted.
    document.querySelector(".reveal > .progress:not(#progress)")?.remove();
  }

  /** The slides are others now. */
  renew() {
    this.reveal.sync();
  }

  /** Where reveal.js is: which step, and whether that is the first one before it has played. */
  get place() {
    const { h, f } = this.reveal.getIndices();
    return { index: h, atStart: h === 0 && f < 0 };
  }

  /** Bring reveal.js to a step, which for the first one is its end unless it is said to be `atStart`. */
  moveTo(index, atStart) {
    const fragment = atStart ? -1 : 0;
    this.reveal.slide(index, 0, index === 0 ? fragment : undefined);
  }

  /** Go to a step as reveal.js does by itself: in the overview. */
  choose(index) {
    this.reveal.slide(index);
  }

  onMove(moved) {
    for (const name of MOVES) this.reveal.on(name, moved);
  }

  get isBlack() {
    return this.reveal.isPaused();
  }

  /** Make the screen black, or show the picture again; without `black` the other of both. */
  toggleBlack(black) {
    this.reveal.togglePause(black);
  }

  onBlack(shown, hidden) {
    this.reveal.on("paused", shown);
    this.reveal.on("resumed", hidden);
  }

  get isOverview() {
    return this.reveal.isOverview();
  }

  toggleOverview(shown) {
    this.reveal.toggleOverview(shown);
  }

  onOverviewShown(shown) {
    this.reveal.on("overviewshown", shown);
  }

  onOverviewHidden(hidden) {
    this.reveal.on("overviewhidden", hidden);
  }
}
