// A sentence at the foot of the screen, for whoever opened the deck: until the next key, or for as long as it takes to read.
import { element } from "./base.js";

const SHOWN_MS = 15000;

let shown = null, timer = 0;

export function notify(text) {
  closeNotice();
  shown = document.body.appendChild(element("p", { id: "notice", role: "status" }, text));
  timer = setTimeout(closeNotice, SHOWN_MS);
}

export function closeNotice() {
  clearTimeout(timer);
  shown?.remove();
  shown = null;
}
