// Putting it together.
import { scriptInterface } from "./api.js";
import { DamagedDeck, damaged, isEmbedded, isPrint, isSpeaker, query, refuse, root } from "./base.js";
import { offerControls } from "./controls.js";
import { tailOf } from "./address.js";
import { Deck } from "./deck.js";
import { answerEmbedder, sayReady } from "./embedder.js";
import { hosted } from "./hosted.js";
import { InView } from "./in_view.js";
import { Keys, listenToKeys } from "./keys.js";
import { Knobs } from "./knobs.js";
import { Overview } from "./overview.js";
import { sayOnceThatMotionIsOff } from "./motion.js";
import { damagedPage, hasStray, pageDamage, told, whole } from "./parts.js";
import { Pointer } from "./pointer.js";
import { layPages, printOnRequest } from "./print.js";
import { RevealAdapter } from "./reveal_adapter.js";
import { SpeakerView } from "./speaker.js";
import { SpeakerViews } from "./speaker_views.js";
import { Store } from "./store.js";
import { listenToSwipes } from "./swipe.js";
import { Explored } from "./explored.js";
import { stayAwake } from "./wake.js";

/** What is damaged around the pictures, if anything: it is the cause of whatever goes wrong. */
let damage = null;

function start() {
  if (!window.Reveal) damaged("one of its scripts is not what was written");
  const header = told("header"), settings = told("settings");
  damage = pageDamage();
  const variants = new Explored(header, tailOf()), store = new Store(variants.header);
  if (isPrint) return void printView(store);
  if (isSpeaker) return void new SpeakerView(variants, settings, store);
  const inView = isEmbedded ? new InView(store) : null;
  const reveal = new RevealAdapter(header, settings);
  const deck = new Deck(variants, settings, reveal, store, document.getElementById("stage"));
  const drawn = deck.open();
  const ready = reveal.start().then(() => {
    deck.connect();
    const overview = new Overview(deck, store);
    beAudience(deck, overview, settings, inView);
    deck.renewed = () => {
      overview.renew();
      window.astrai = scriptInterface(deck);
    };
    window.astrai = scriptInterface(deck);
    inView?.connect(deck);
  });
  if (!inView) printOnRequest(store);
  // A step that is damaged has said so; the others can be reached.
  return Promise.all([drawn.catch(() => {}), ready]).then(() => {
    if (damage && !deck.stage.step.error) throw damage;
    return inView;
  });
}

function beAudience(deck, overview, settings, inView) {
  const press = (code, shift) => keys.press(code, shift);
  const pointer = new Pointer(document.querySelector(".reveal"), deck.header);
  const views = new SpeakerViews(deck, pointer, press);
  const knobs = new Knobs(() => deck.variants, (at) => { if (!deck.leaveBlack()) deck.turn(at); });
  const keys = new Keys(deck, overview, views, pointer, knobs);
  deck.watch = () => {
    pointer.follow(deck.index, deck.stage.playing && deck.stage.position <= 0);
    views.tell();
    inView?.follow();
    knobs.follow(deck.index);
    followControls(deck.stage);
  };
  pointer.changed = () => views.tell();
  listenToKeys(press);
  listenToSwipes(document.querySelector(".reveal"), press);
  const followControls = offerControls(press, settings.controls, isEmbedded);
  knobs.follow(deck.index);
  answerEmbedder(deck, document.getElementById("stage"));
  // One of many in a page says nothing unasked, and keeps no screen awake.
  if (isEmbedded) return;
  sayOnceThatMotionIsOff();
  stayAwake();
}

function printView(store) {
  root.classList.add("print-view");
  layPages(store, query.has("notes"));
}

// support.js has said why, where the deck cannot be shown.
window.astraiBegun = true;
if (!root.hasAttribute("data-state")) {
  // Only who asks for a variant, or may be told of one, needs what stands behind the scripts.
  hosted.then(() => isSpeaker || tailOf() ? whole : null).then(start).then(
    (inView) => {
      if (root.dataset.state !== "error") root.dataset.state = "ready";
      // First what plays where it is seen at once.
      Promise.resolve(inView?.known).then(sayReady);
      whole.then(() => { if (!damage && hasStray()) refuse("error", damagedPage().message); });
    },
    (error) => {
      const known = error instanceof DamagedDeck ? error : damage;
      refuse("error", known ? known.message : `This deck cannot be shown: ${error?.message}.`);
      sayReady();
    },
  );
}
