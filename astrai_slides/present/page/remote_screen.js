// What the phone shows, and the presses and swipes on it.

import { RemoteKnobs } from "./remote_knobs.js";

const SECOND = 1000;
const SWIPE_PIXELS = 50;
const element = (id) => document.getElementById(id);

function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Seconds that steps are to take together. */
function sum(steps) {
  return steps.reduce((all, { planned }) => all + planned, 0);
}

export class Screen {
  /**
   * `press` is told "next", "back" or "black", `turn` the numbers of a knob and of a value; `steps` gives the steps of the
   * deck once they are known.
   */
  constructor(press, turn, steps) {
    this.press = press;
    this.steps = steps;
    this.knobs = new RemoteKnobs(element("knobs"), turn);
    this.root = document.documentElement;
    this.notice = null;
    this.since = 0;
    this.shown = "";
    this.picture = "";
    for (const name of ["next", "back", "black"]) element(name).addEventListener("click", () => this.press(name));
    this.listenToSwipes(document.querySelector("main"));
    addEventListener("keydown", ({ key }) => {
      if (key === "ArrowRight" || key === "PageDown") this.press("next");
      else if (key === "ArrowLeft" || key === "PageUp") this.press("back");
      else if (key === "b") this.press("black");
    });
    this.say("joining", "");
  }

  listenToSwipes(target) {
    let from = null;
    target.addEventListener("pointerdown", (event) => { from = event.isPrimary ? event : null; });
    target.addEventListener("pointerup", (event) => {
      if (!from || event.pointerId !== from.pointerId) return;
      const across = event.clientX - from.clientX, down = event.clientY - from.clientY;
      from = null;
      if (Math.abs(across) >= SWIPE_PIXELS && Math.abs(across) > 2 * Math.abs(down)) this.press(across < 0 ? "next" : "back");
    });
    target.addEventListener("pointercancel", () => { from = null; });
  }

  /** Say whether the deck hears: "joining", "ready", "unshown", "alone" or "refused", and a sentence about it. */
  say(state, sentence) {
    this.root.dataset.state = state;
    if (element("message").textContent !== sentence) element("message").textContent = sentence;
    for (const name of ["next", "back", "black"]) element(name).disabled = state !== "ready";
    this.knobs.allow(state === "ready");
  }

  /** Show how it is, as the server says it (deck_state.py). */
  show(notice) {
    this.notice = notice;
    this.since = performance.now();
    const steps = this.steps(), { index, following, black, atStart, pictured } = notice, step = steps[index];
    this.root.dataset.step = step.name;
    this.root.dataset.at = atStart ? "start" : "step";
    this.root.dataset.black = black;
    element("black").setAttribute("aria-pressed", black);
    element("black").textContent = black ? "The audience sees black" : "Black";
    if (this.shown !== step.name) {
      this.shown = step.name;
      element("number").textContent = `${index + 1} / ${steps.length}`;
      element("title").textContent = step.title;
      // It comes from the deck's own page, in which notes run nothing either; the policy of this page lets nothing else run.
      element("notes").innerHTML = step.notes || "<p><small>This step has no notes.</small></p>";
      document.querySelector("main").scrollTop = 0;
    }
    element("following").textContent = following === null ? "The end." : `Next: ${steps[following].title}`;
    this.knobs.show(notice);
    this.showPicture(pictured ? `picture?step=${following}` : "");
    this.tick();
  }

  showPicture(address) {
    const picture = element("picture");
    picture.hidden = !address;
    if (this.picture === address) return;
    this.picture = address;
    if (address) picture.src = address; else picture.removeAttribute("src");
  }

  tick() {
    if (!this.notice) return;
    const { runs, begun, index } = this.notice, steps = this.steps();
    const gone = runs ? (performance.now() - this.since) / SECOND : 0;
    const total = this.notice.total + gone, atStep = this.notice.step + gone, { planned, estimated } = steps[index];
    const late = Math.round(total - sum(steps.slice(0, index)) - Math.min(atStep, planned));
    element("total").textContent = clock(total);
    element("whole").textContent = `of ${steps.some((step) => step.estimated) ? "≈ " : ""}${clock(sum(steps))}`;
    element("step").textContent = clock(atStep);
    element("planned").textContent = `of ${estimated ? "≈ " : ""}${clock(planned)}`;
    element("late").textContent = !begun ? "" : late ? `${clock(Math.abs(late))} ${late > 0 ? "behind" : "ahead"}` : "on time";
    element("late").classList.toggle("over", late > 0);
  }
}
