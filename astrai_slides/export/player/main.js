// Putting it together.
import { scriptInterface } from "./api.js";
import { DamagedDeck, isPrint, query, refuse, root } from "./base.js";
import { showControls } from "./controls.js";
import { Deck } from "./deck.js";
import { Keys, listenToKeys } from "./keys.js";
import { Overview } from "./overview.js";
import { layPages, printOnRequest } from "./print.js";
import { RevealAdapter, isReceiver } from "./reveal_adapter.js";
import { beReceiver, listenToSpeakerView, tellAudience } from "./speaker.js";
import { Store } from "./store.js";
import { listenToSwipes } from "./swipe.js";
import { stayAwake } from "./wake.js";

function start() {
  const header = JSON.parse(document.getElementById("header").textContent);
  const settings = JSON.parse(document.getElementById("settings").textContent);
  const store = new Store(header);
  if (isPrint) return printView(store);
  const reveal = new RevealAdapter(header, settings, tellAudience);
  const deck = new Deck(header, settings, reveal, store, document.getElementById("stage"));
  const drawn = deck.open();
  if (isReceiver) beReceiver();
  const ready = reveal.start().then(() => {
    deck.connect();
    const overview = new Overview(deck, store);
    if (!isReceiver) beAudience(deck, overview, settings);
    window.astrai = scriptInterface(deck);
  });
  printOnRequest(store);
  return Promise.all([drawn, ready]);
}

function beAudience(deck, overview, settings) {
  const keys = new Keys(deck, overview);
  const press = (code, shift) => keys.press(code, shift);
  listenToKeys(press);
  listenToSwipes(document.querySelector(".reveal"), press);
  listenToSpeakerView(press);
  if (settings.controls) showControls(press);
  stayAwake();
}

function printView(store) {
  root.classList.add("print-view");
  layPages(store, query.has("notes"));
}

// support.js has said why, where the deck cannot be shown.
if (!root.hasAttribute("data-state")) {
  Promise.resolve().then(start).then(
    () => { root.dataset.state = "ready"; },
    (error) => refuse("error", error instanceof DamagedDeck ? error.message : `This deck cannot be shown: ${error.message}`),
  );
}
