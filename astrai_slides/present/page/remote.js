// A phone that drives a deck (docs/present.md): what it is told and may ask of the server.
import { Screen } from "./remote_screen.js";

const RETRY_MS = 1000;
/** The server says something every five seconds: after so many, it is not heard any more. */
const SILENCE_MS = 12_000;
const ALONE = "No answer from the deck's computer. Trying again…";
const REFUSED = "This phone is not let in. Press M in the speaker view for a new code, and scan that.";
const UNSHOWN = "No page shows the deck. Open it on its computer.";

const screen = new Screen((press) => ask("press", { press }), (knob, value) => ask("turn", { turn: `${knob}=${value}` }), () => steps);
let steps = null;
let events = null, heard = 0, timer = 0;

/** Send a word to the server; its answer's status, 0 without one. */
async function ask(address, word) {
  const answer = await fetch(address, { method: "POST", body: JSON.stringify(word) }).catch(() => null);
  const status = answer?.status ?? 0;
  if (address !== "session" && status !== 200) again(status);
  return status;
}

/** Let the address's secret be taken, once; it is forgotten whatever comes of it. */
async function join() {
  const secret = location.hash.slice(1);
  if (secret) {
    const status = await ask("session", { secret });
    // Unheard, it is still good.
    if (status) history.replaceState(null, "", location.pathname);
    else return void setTimeout(join, RETRY_MS);
  }
  listen();
}

async function listen() {
  clearTimeout(timer);
  events?.close();
  events = null;
  const answers = await Promise.all(["steps", "knobs"].map((address) => fetch(address).catch(() => null)));
  const failed = answers.find((answer) => !answer?.ok);
  if (failed !== undefined) return again(failed?.status ?? 0);
  const [told, knobs] = await Promise.all(answers.map((answer) => answer.json()));
  steps = told;
  screen.knobs.take(knobs);
  heard = Date.now();
  events?.close();
  events = new EventSource("events");
  events.addEventListener("message", ({ data }) => {
    heard = Date.now();
    const notice = JSON.parse(data);
    screen.show(notice);
    screen.say(notice.shown ? "ready" : "unshown", notice.shown ? "" : UNSHOWN);
  });
  events.addEventListener("error", () => again(0));
}

/** It does not work as it is: say why, and try again. */
function again(status) {
  if (status === 409) return;
  clearTimeout(timer);
  if (status === 403) {
    events?.close();
    return screen.say("refused", REFUSED);
  }
  screen.say("alone", ALONE);
  timer = setTimeout(listen, RETRY_MS);
}

// A phone that was locked has not heard that it was left.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && steps) listen();
});
addEventListener("pageshow", ({ persisted }) => { if (persisted) listen(); });
addEventListener("online", () => { if (steps) listen(); });
// Another code was scanned, which a phone may open in the page that is there.
addEventListener("hashchange", join);
setInterval(() => {
  screen.tick();
  if (events && Date.now() - heard > SILENCE_MS) again(0);
}, 250);

join();
