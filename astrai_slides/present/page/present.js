// The page of a presentation (docs/present.md): the deck, which goes on by itself should the server be gone.
import { DeckFrame } from "./deck_frame.js";
import { Drive } from "./drive.js";

const root = document.documentElement;
const deck = new DeckFrame(document.getElementById("deck"));

/** The step that is shown, which a reload of the page comes back to. */
const memory = {
  get step() {
    try { return sessionStorage.getItem("step"); } catch { return null; }
  },
  set step(name) {
    try {
      if (name === null) sessionStorage.removeItem("step"); else sessionStorage.setItem("step", name);
    } catch { /* a reload begins anew */ }
  },
};

async function open() {
  deck.query = "buttons=auto";
  await deck.load(1, memory.step, {});
  deck.number = 1;
  document.title = deck.frame.contentDocument.title;
  root.lang = deck.frame.contentDocument.documentElement.lang;
  const inside = deck.frame.contentWindow, drive = new Drive(deck);
  addEventListener("message", ({ data, source }) => {
    if (source !== inside) return;
    if (data?.astrai === "invite") drive.invite();
    if (data?.astrai !== "at") return;
    memory.step = data.atStart ? null : deck.player?.steps[data.index]?.name ?? null;
    drive.follow(data);
  });
  // Keys are the deck's, wherever somebody clicked before.
  addEventListener("focus", () => deck.focus());
  addEventListener("keydown", (event) => {
    deck.focus();
    inside.postMessage({ astrai: "key", code: event.keyCode, shift: event.shiftKey }, location.origin);
  });
  inside.postMessage({ astrai: "hello" }, location.origin);
  root.dataset.state = deck.dataset.state ?? "error";
}

open();
