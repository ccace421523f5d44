// Putting it together.
function start() {
  const header = JSON.parse(document.getElementById("header").textContent);
  const store = new Store(header);
  if (isPrint) return printView(store);
  const reveal = new Reveal(document.querySelector(".reveal"), {
    // The speaker view tells its panes where to be, and sends them its keys. Nobody tells the audience's window: an echo
    // of where it was would drag a fast speaker back.
    postMessage: isReceiver, keyboardCondition: ({ keyCode }) => { tellAudience(keyCode); return false; },
    width: 960, height: Math.round(960 * header.height / header.width), margin: 0.04, center: false, controls: false,
    progress: true, slideNumber: "c/t", hash: false, respondToHashChanges: false, history: false, keyboard: false, touch: false,
    help: false, jumpToSlide: false, mouseWheel: false, transition: "none", backgroundTransition: "none", navigationMode: "linear",
    scrollActivationWidth: null, hideCursorTime: 3000, plugins: [RevealNotes],
  });
  const deck = new Deck(header, reveal, store, document.getElementById("stage"));
  const drawn = deck.open();
  if (isReceiver) beReceiver();
  const ready = reveal.initialize().then(() => {
    deck.connect();
    // A canvas and its description are a document, not an application with keys of its own.
    document.querySelector(".reveal").removeAttribute("role");
    const overview = new Overview(deck, store);
    if (!isReceiver) beAudience(deck, overview);
    window.astrai = scriptInterface(deck);
  });
  printOnRequest(store);
  return Promise.all([drawn, ready]);
}

function beAudience(deck, overview) {
  const keys = new Keys(deck, overview), press = (code, shift) => keys.press(code, shift);
  listenToKeys(press);
  listenToSwipes(document.querySelector(".reveal"), press);
  listenToSpeakerView(press);
  stayAwake();
}

async function printView(store) {
  root.classList.add("print-view");
  layPages(store, query.has("notes"));
}

if (!root.hasAttribute("data-state")) {
  Promise.resolve().then(start).then(
    () => { root.dataset.state = "ready"; },
    (error) => {
      window.astraiRefuse("error", error instanceof DamagedDeck ? error.message : `This deck cannot be shown: ${error.message}`);
    });
}
