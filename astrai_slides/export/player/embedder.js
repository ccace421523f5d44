// The page that shows this deck in a frame (docs/embed.md): what it may ask besides keys, and that the deck is there.
// Nobody else is heard: neither frames beside, nor windows that this one was opened by.
import { follow, isOurs } from "./hosted.js";

const QUALITY = 0.85;
/** How a step may be shown. */
const HOW = new Set(["play", "start", "end"]);

/** What `deck` does at a message's word; each takes the message. */
function commands(deck, canvas) {
  return {
    next: () => deck.next(),
    back: () => deck.back(),
    play: () => deck.replay(),
    pause: () => deck.stage.pause(),
    go({ step, how }) {
      const index = typeof step === "number" ? step : deck.steps.findIndex(({ name }) => name === step);
      if (deck.steps[index]) deck.go(index, HOW.has(how) ? how : "end");
    },
    turn: ({ knobs }) => deck.turn(deck.variants.parse(String(knobs))),
    hello: ({ as }) => follow(deck, as),
    picture(_, answer, isOwn) {
      // What a deck shows is its own site's: another one that frames it is told where it is, and no more.
      if (isOwn) canvas.toBlob((picture) => answer({ astrai: "picture", picture }), "image/jpeg", QUALITY);
    },
  };
}

export function answerEmbedder(deck, canvas) {
  const known = commands(deck, canvas);
  addEventListener("message", ({ data, source, origin }) => {
    if (parent === window || source !== parent || !Object.hasOwn(known, data?.astrai)) return;
    known[data.astrai](data, (message) => source.postMessage(message, origin === "null" ? "*" : origin), isOurs(origin));
  });
}

/** The deck can be asked now, and has drawn its first picture or said why it cannot. Says nothing of what is in it. */
export function sayReady() {
  if (parent !== window) parent.postMessage({ astrai: "ready" }, "*");
}
