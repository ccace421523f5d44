// reveal.js' speaker view shows this file twice more. There it only shows stills, and hands every key to the audience's
// window, so that both always do the same.
import { listenToKeys } from "./keys.js";
import { audienceWindow, isSpeakerPane } from "./reveal_adapter.js";
import { listenToSwipes } from "./swipe.js";

export function tellAudience(code, shift = false) {
  audienceWindow()?.postMessage({ astrai: "key", code, shift }, "*");
  return true;
}

export function beReceiver() {
  listenToKeys(tellAudience);
  listenToSwipes(document, tellAudience);
}

export function listenToSpeakerView(press) {
  addEventListener("message", ({ data, source }) => {
    if (data?.astrai !== "key" || !Number.isInteger(data.code) || !(isSpeakerPane(source) || isEmbedder(source))) return;
    press(data.code, data.shift === true);
  });
}

/** A page that shows this deck in a frame may press its keys. */
function isEmbedder(source) {
  return parent !== window && source === parent;
}
