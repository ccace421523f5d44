// The deck's end of its speaker views: windows that show this file with ?speaker. They are told where the deck is, and say
// which keys were pressed there. From a disk two windows of one file may only send messages to each other.
import { isInline } from "./base.js";
import { askedFor } from "./hosted.js";
import { adler } from "./inflate.js";
import { notify } from "./notice.js";

const BLOCKED = "The browser has blocked the speaker view. Allow pop-up windows for this page, by the sign at the right of " +
  "the address, then press S again. In a frame that may open none, open the deck itself.";
const INLINE = "A deck that lies in another page has no speaker view: build it as a file of its own, and open that.";

/** By which a view knows that the deck was loaded anew with other contents. */
export function deckId() {
  return adler(new TextEncoder().encode(document.getElementById("sums").textContent));
}

function isOwnView(source) {
  try {
    return source !== window && source.opener === window;
  } catch {
    return false;
  }
}

/** A page that shows this deck in a frame may press its keys, and be told where it is. */
function isEmbedder(source) {
  return parent !== window && source === parent;
}

/** Of a view that is what it was opened as. Files of a disk have no origin. */
function ownOrigin() {
  return location.protocol === "file:" ? "*" : location.origin;
}

export class SpeakerViews {
  constructor(deck, pointer, press) {
    this.deck = deck;
    this.pointer = pointer;
    this.press = press;
    /** Who is told, each with the origin that it is told as; a page of a disk has none. */
    this.views = new Map();
    /** The view that asked how a phone is let in, which alone is told. */
    this.asking = null;
    this.opened = null;
    this.sums = null;
    this.said = "";
    addEventListener("message", ({ data, source, origin }) => this.receive(data, source, origin));
    deck.reveal.onBlack(() => this.tell(), () => this.tell());
  }

  open() {
    if (this.opened && !this.opened.closed) return void this.opened.focus();
    if (isInline) return void notify(INLINE);
    const address = location.href.replace(/[?#].*$/s, "");
    this.opened = window.open(`${address}?speaker`, `speaker ${address}`, "popup,width=1280,height=800");
    if (!this.opened || this.opened.closed) notify(BLOCKED);
  }

  receive(data, source, origin) {
    if (!source || typeof data?.astrai !== "string") return;
    const isView = isOwnView(source);
    if (!isView && !isEmbedder(source)) return;
    if (data.astrai === "key" && Number.isInteger(data.code)) this.press(data.code, data.shift === true);
    else if (data.astrai === "hello") {
      this.views.set(source, origin === "null" ? "*" : origin);
      source.postMessage(this.place, this.views.get(source));
    }
    else if (data.astrai === "invitation" && !isView) this.asking?.postMessage(data, ownOrigin());
    if (!isView) return;
    if (data.astrai === "invite") {
      this.asking = source;
      if (parent !== window) parent.postMessage({ astrai: "invite" }, "*");
    } else if (data.astrai === "go" && this.deck.steps[data.index]) {
      this.deck.leaveBlack();
      this.deck.go(data.index, "end");
    } else if (data.astrai === "turn") this.deck.turn(this.deck.variants.parse(String(data.knobs)));
    else if (data.astrai === "point") this.pointer.receive(data);
  }

  /** `deckId`, of the build that a preview brought last (update.js). */
  get id() {
    const sums = document.getElementById("sums");
    if (sums !== this.sums) {
      this.sums = sums;
      this.known = deckId();
    }
    return this.known;
  }

  get place() {
    const { index, stage, atStart, reveal } = this.deck, { position, playing, direction, atEnd } = stage;
    return { astrai: "at", deck: this.id, index, name: this.deck.steps[index].name, position, playing, direction, atEnd, atStart: index === 0 && atStart, black: reveal.isBlack, knobs: this.deck.variants.text, usual: this.deck.variants.usual(index), of: askedFor(), turns: this.deck.variants.on(index), mode: this.pointer.mode };
  }

  /** Where the deck is, unless only time went on. */
  tell() {
    const { place } = this, said = JSON.stringify({ ...place, position: place.playing ? null : place.position });
    if (said === this.said) return;
    this.said = said;
    for (const [view, origin] of this.views) {
      if (view.closed) this.views.delete(view); else view.postMessage(place, origin);
    }
  }
}
