// A deck in somebody's page (docs/embed.md, ?embed): it plays where it is seen and rests elsewhere, and what it keeps
// there is no more than its picture.
import { isElement, query, reducedMotion, root } from "./base.js";
import { isBack, leaveWhenFar } from "./hosted.js";
import { Store } from "./store.js";

/** Shares of it that must be seen for it to play, and below which it rests. */
const SEEN = 0.5, GONE = 0.2;

export class InView {
  /** Before anything is decoded or drawn. */
  constructor(store) {
    root.classList.add("embed");
    this.store = store;
    this.seen = false;
    this.resumes = false;
    /** Resolves once it is known whether it is seen; in an element once it is. */
    this.known = null;
    store.prefetch = (...indices) => { if (this.seen) Store.prototype.prefetch.apply(store, indices); };
  }

  /** The deck is there: watch it. */
  connect(deck) {
    const { index, atStart } = deck;
    this.deck = deck;
    this.begins = query.get("embed") !== "still" && !isBack() && !reducedMotion();
    this.opened = `${index} ${atStart}`;
    deck.autoSlide.hold(true);
    this.known = new Promise((resolve) => {
      new IntersectionObserver((entries) => {
        this.note(entries.at(-1).intersectionRatio);
        // An element's picture stays until its deck plays.
        if (this.seen || !isElement) resolve();
      }, { threshold: [0, GONE, SEEN] }).observe(root);
    });
    if (isElement) leaveWhenFar(deck.stage.screen.canvas);
    showFocus();
  }

  note(share) {
    if (!this.seen && share >= SEEN) this.enter();
    else if (this.seen && share < GONE) this.leave();
    // What was decoded ahead is decoded again when it is wanted.
    if (!share) this.store.forgetOthers(this.deck.index);
  }

  enter() {
    const { deck } = this, { index, stage } = deck;
    this.seen = true;
    deck.autoSlide.hold(false);
    if (this.begins && this.opened === `${index} ${deck.atStart}`) deck.go(index, "play");
    else if (this.resumes) stage.resume();
    else this.store.prefetch(index + 1, index - 1);
    this.begins = this.resumes = false;
  }

  leave() {
    this.seen = false;
    this.deck.autoSlide.hold(true);
    this.follow();
  }

  /** The deck may be elsewhere: nothing plays that nobody sees. */
  follow() {
    const { deck, seen } = this;
    if (seen || !deck.stage.playing) return;
    this.resumes = true;
    deck.stage.pause();
  }
}

/** Keys are the deck's while it has the focus, which is reached by Tab, and seen. */
function showFocus() {
  const reveal = document.querySelector(".reveal");
  reveal.tabIndex = 0;
  reveal.setAttribute("aria-label", document.title);
  reveal.setAttribute("role", "group");
  addEventListener("focus", markFocus);
  addEventListener("blur", markFocus);
  markFocus();
}

function markFocus() {
  root.classList.toggle("focused", document.hasFocus());
}
