// The speaker view: this file in a second window, which draws the step and the next by itself, and hands keys to the deck.
import { element, isSpeaker, memory, publish, root } from "./base.js";
import { button } from "./button.js";
import { Help } from "./help.js";
import { Invitation } from "./invitation.js";
import { Jump } from "./jump.js";
import { ESCAPE, LEFT, RIGHT } from "./key_codes.js";
import { keyTable, listenToKeys } from "./keys.js";
import { Knobs } from "./knobs.js";
import { Pane } from "./pane.js";
import { Plan, clock, lateText, leftText } from "./plan.js";
import { Pointer } from "./pointer.js";
import { deckId } from "./speaker_views.js";
import { SpeakerNotes } from "./speaker_notes.js";
import { StepList } from "./step_list.js";
import { Stopwatch } from "./stopwatch.js";
import { listenToSwipes } from "./swipe.js";

const TICK_MS = 250, SILENCE_MS = 3000;
const BLACK = 66;
const ANOTHER = "The deck is another build than this view. Reload the deck.";
const ALONE = "No deck answers here. Open the deck, and press S in it.";

export class SpeakerView {
  constructor(variants, settings, store) {
    root.classList.add("speaker-view");
    this.variants = variants;
    this.settings = settings;
    this.store = store;
    this.watch = new Stopwatch(variants.header.steps.length);
    this.id = deckId();
    /** Of which other build the deck was when this window was loaded for it. */
    this.other = memory.recall("other");
    this.lastAnswer = null;
    this.place = null;
    this.asks = this.audience ? Date.now() : -Infinity;
    this.helpTable = [...keyTable({ variants }), { name: "+ −", text: "larger and smaller notes, here" }, { name: "M", text: "a code that lets a phone step the deck" }];
    this.invitation = new Invitation(() => this.send({ astrai: "invite" }));
    this.help = new Help(() => this.helpTable);
    this.jump = new Jump({ steps: variants.header.steps, address: { at: (index) => this.header.steps[index] ? index : null }, go: (index) => this.send({ astrai: "go", index }) });
    store.prefetch = () => {};
    this.build(settings.background);
    this.listen();
    this.tick();
  }

  get audience() {
    return isSpeaker ? window.opener : null;
  }

  build(surround) {
    this.now = new Pane(this.store, "now", surround, publish);
    this.next = new Pane(this.store, "then", surround);
    const cover = document.getElementById("cover");
    if (cover) this.now.picture.append(cover);
    const part = (name) => { this[name] = element("span", { class: name }); return this[name]; };
    this.running = button("Stop", "stop or start the clock", () => { if (this.watch.runs) this.watch.stop(); else this.watch.start(); this.tick(); });
    const time = element("section", { class: "time" }, part("clock"), part("total"), part("late"), part("step"),
      element("span", { class: "buttons" }, this.running, button("Reset", "reset the clock", () => { this.watch.reset(); this.tick(); }),
        button("←", "back", () => this.press(LEFT)), button("→", "next", () => this.press(RIGHT)), button("Black", "black screen", () => this.press(BLACK))));
    this.notes = new SpeakerNotes();
    this.list = new StepList((index) => this.send({ astrai: "go", index }));
    this.take();
    this.alone = element("p", { class: "alone", role: "alert" });
    document.body.append(element("main", { id: "speaker" }, this.alone, time, this.now.whole, this.next.whole, this.notes.whole, this.list.whole));
    this.now.begin();
    this.pointer = new Pointer(this.now.picture, this.header, (told) => this.send({ astrai: "point", ...told }));
    this.next.begin();
    this.knobs = new Knobs(() => this.variants, (at) => this.send({ astrai: "turn", knobs: this.variants.textOf(at) }), this.now.whole.firstChild);
  }

  /** What stands here of the present variant. */
  take() {
    const { header } = this.variants;
    this.header = header;
    this.plan = new Plan(this.variants.planOf(this.settings.plan));
    this.notes.take();
    this.list.take(header.steps, this.plan);
    this.jump.deck.steps = header.steps;
  }

  /** The deck's knobs stand otherwise. */
  turn(text) {
    this.variants.turn(this.variants.parse(text));
    this.take();
    this.store.renew(this.header);
    this.watch.renew(this.header.steps.length);
    this.now.forget();
    this.next.forget();
    this.place = null;
  }

  listen() {
    addEventListener("message", ({ data, source }) => {
      if (!source || source !== this.audience) return;
      if (data?.astrai === "at") this.follow(data);
      if (data?.astrai === "invitation") this.invitation.show(data);
    });
    listenToKeys((code, shift) => this.press(code, shift));
    listenToSwipes(this.now.picture, (code) => this.press(code));
    setInterval(() => this.tick(), TICK_MS);
    addEventListener("pagehide", () => this.watch.settle());
  }

  send(message) {
    this.audience?.postMessage(message, "*");
  }

  /** What is about this window stays here; every other key is the deck's. */
  press(code, shift = false) {
    if (this.help.close() || this.invitation.close()) return true;
    if (code === ESCAPE && this.knobs.close()) return true;
    if (this.jump.press(code)) return true;
    if (code === 71) this.jump.open();
    else if (code === 77) this.invitation.open();
    else if (code === 75) this.knobs.toggle();
    else if (code === 63 || code === 72) this.help.toggle();
    else if (!this.notes.press(code)) this.send({ astrai: "key", code, shift });
    return true;
  }

  follow(place) {
    if (place.deck !== this.id) return this.noteBuild(place.deck);
    this.noteBuild(null);
    if (place.knobs !== this.variants.text) this.turn(place.knobs);
    if (!this.header.steps[place.index]) return;
    const isNew = this.place?.index !== place.index || this.place.atStart !== place.atStart;
    const isSame = JSON.stringify(this.place) === JSON.stringify(place);
    this.place = place;
    if (isSame) return;
    const { index, atStart } = place, { steps } = this.header;
    if (this.watch.index !== index) this.watch.go(index);
    if (!atStart && !this.watch.hasBegun) this.watch.start();
    this.pointer.set(place.mode);
    this.pointer.follow(index, place.playing && place.position <= 0);
    root.classList.toggle("not-begun", atStart && !place.playing);
    this.now.show(index, place);
    this.knobs.follow(index);
    if (place.black) this.now.say("The audience sees black.");
    this.now.picture.classList.toggle("black", place.black);
    if (isNew) {
      this.nameNow(index);
      const following = atStart ? index : index + 1;
      if (steps[following]) this.next.show(following, { atEnd: true });
      else this.next.clear("The end.");
      this.next.title.replaceChildren(element("b", {}, "Next"), steps[following] ? steps[following].title || steps[following].name : "");
      Object.getPrototypeOf(this.store).prefetch.call(this.store, index + 2);
    }
    this.tick();
  }

  /** The deck is the build `other`, null for the one shown here: load it, unless what is loaded was not that one before. */
  noteBuild(other) {
    this.lastAnswer = Date.now();
    const isNew = other !== this.other;
    this.other = other;
    if (!isNew) return;
    memory.keep("other", other);
    if (other !== null) location.reload();
  }

  nameNow(index) {
    const { name, title } = this.header.steps[index];
    this.now.title.replaceChildren(element("b", {}, `${index + 1} / ${this.header.steps.length}`), title || name);
    this.notes.show(index);
    this.list.mark(index);
  }

  tick() {
    this.send({ astrai: "hello" });
    const { watch, plan } = this, { index, total } = watch, atStep = watch.at(index);
    const since = this.lastAnswer ?? this.asks;
    const alone = !this.audience || this.audience.closed || Date.now() - since > SILENCE_MS;
    this.alone.textContent = alone ? ALONE : this.other !== null && this.lastAnswer ? ANOTHER : "";
    this.clock.textContent = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    this.total.replaceChildren(clock(total), element("small", {}, ` of ${plan.totalText}`));
    this.step.replaceChildren("step ", clock(atStep), element("small", {}, ` of ${plan.text(index)} · ${leftText(plan.of(index), atStep)}`));
    const late = plan.late(index, total, atStep);
    this.late.textContent = watch.hasBegun ? `${lateText(late)} · ${leftText(plan.total, total)}` : "";
    this.late.classList.toggle("over", late >= 1000);
    this.step.classList.toggle("over", atStep > plan.of(index));
    this.running.textContent = watch.runs ? "Stop" : "Start";
  }
}
