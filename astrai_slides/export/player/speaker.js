// The speaker view: this file in a second window, which draws the step and the next by itself, and hands keys to the deck.
import { element, isSpeaker, memory, publish, root } from "./base.js";
import { button } from "./button.js";
import { Help } from "./help.js";
import { Invitation } from "./invitation.js";
import { Jump } from "./jump.js";
import { LEFT, RIGHT } from "./key_codes.js";
import { keyTable, listenToKeys } from "./keys.js";
import { Pane } from "./pane.js";
import { Plan, clock, lateText, leftText } from "./plan.js";
import { Pointer } from "./pointer.js";
import { deckId } from "./speaker_views.js";
import { Stopwatch } from "./stopwatch.js";
import { listenToSwipes } from "./swipe.js";

const TICK_MS = 250, SILENCE_MS = 3000;
const BLACK = 66;
const LARGER = new Set([107, 187, 61]), SMALLER = new Set([109, 189, 173]);
const SIZES = [14, 16, 18, 21, 24, 28, 33, 39, 46, 54];
const FIRST_SIZE = 3;
const ANOTHER = "The deck is another build than this view. Reload the deck.";
const ALONE = "No deck answers here. Open the deck, and press S in it.";

export class SpeakerView {
  constructor(header, settings, store) {
    root.classList.add("speaker-view");
    this.header = header;
    this.store = store;
    this.plan = new Plan(settings.plan);
    this.watch = new Stopwatch(header.steps.length);
    this.notes = [...document.querySelectorAll(".slides > section")].map((section) => section.querySelector("aside.notes"));
    this.size = memory.recall("size") ?? FIRST_SIZE;
    this.id = deckId();
    /** Of which other build the deck was when this window was loaded for it. */
    this.other = memory.recall("other");
    this.lastAnswer = null;
    this.place = null;
    this.asks = this.audience ? Date.now() : -Infinity;
    this.helpTable = [...keyTable({}), { name: "+ −", text: "larger and smaller notes, here" }, { name: "M", text: "a code that lets a phone step the deck" }];
    this.invitation = new Invitation(() => this.send({ astrai: "invite" }));
    this.help = new Help(() => this.helpTable);
    this.jump = new Jump({ steps: header.steps, address: { at: (index) => header.steps[index] ? index : null }, go: (index) => this.send({ astrai: "go", index }) });
    store.prefetch = () => {};
    this.build(settings.background);
    this.listen();
    this.turnSize(0);
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
    this.text = element("div", { class: "text" });
    const notes = element("section", { class: "say" }, element("h2", {}, "Notes",
      element("span", { class: "buttons" }, button("A−", "smaller notes", () => this.turnSize(-1)), button("A+", "larger notes", () => this.turnSize(1)))), this.text);
    this.entries = this.header.steps.map(({ name, title }, index) => {
      const entry = button("", `go to step ${index + 1}`, () => this.send({ astrai: "go", index }));
      entry.append(element("b", {}, String(index + 1)), element("span", {}, title || name), element("time", {}, this.plan.text(index)));
      return entry;
    });
    this.list = element("nav", { class: "steps", "aria-label": "Steps" }, ...this.entries);
    this.alone = element("p", { class: "alone", role: "alert" });
    document.body.append(element("main", { id: "speaker" }, this.alone, time, this.now.whole, this.next.whole, notes, this.list));
    this.now.begin();
    this.pointer = new Pointer(this.now.picture, this.header, (told) => this.send({ astrai: "point", ...told }));
    this.next.begin();
  }

  listen() {
    addEventListener("message", ({ data, source }) => {
      if (!source || source !== this.audience) return;
      if (data?.astrai === "at" && this.header.steps[data.index]) this.follow(data);
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
    if (this.jump.press(code)) return true;
    if (code === 71) this.jump.open();
    else if (code === 77) this.invitation.open();
    else if (code === 63 || code === 72) this.help.toggle();
    else if (LARGER.has(code)) this.turnSize(1);
    else if (SMALLER.has(code)) this.turnSize(-1);
    else this.send({ astrai: "key", code, shift });
    return true;
  }

  turnSize(by) {
    this.size = Math.max(0, Math.min(SIZES.length - 1, this.size + by));
    this.text.style.fontSize = `${SIZES[this.size]}px`;
    memory.keep("size", this.size);
  }

  follow(place) {
    if (place.deck !== this.id) return this.noteBuild(place.deck);
    this.noteBuild(null);
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
    const notes = this.notes[index];
    this.text.replaceChildren(...notes ? notes.cloneNode(true).childNodes : [element("p", { class: "none" }, "This step has no notes.")]);
    this.text.scrollTop = 0;
    this.entries.forEach((entry, place) => entry.toggleAttribute("aria-current", place === index));
    const { offsetTop, offsetHeight } = this.entries[index];
    this.list.scrollTop = offsetTop - this.list.offsetTop - (this.list.clientHeight - offsetHeight) / 2;
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
