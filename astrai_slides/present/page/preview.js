// The page around a deck that is being written (docs/preview.md): brings it what an edit changed, and says where it is.
import { Clicked } from "./clicked.js";
import { DeckFrame } from "./deck_frame.js";
import { Strip } from "./strip.js";

const RETRY_MS = 1000;
const root = document.documentElement;
const element = (id) => document.getElementById(id);

const deck = new DeckFrame(element("deck"));
const strip = new Strip(deck, element);
const clicked = new Clicked(deck, element("source"));
deck.clicked = (event) => clicked.click(event);
const events = new EventSource("events");

/** What the server told last, and whether the page is on its way there. */
let notice = null;
let working = false;

events.addEventListener("message", ({ data }) => {
  const told = JSON.parse(data);
  if (!notice) strip.isFollowing = told.follow;
  // Another preview serves here now.
  else if (told.session !== notice.session) return location.reload();
  notice = told;
  tell();
  if (!working) reach();
});
events.addEventListener("error", tell);
events.addEventListener("open", tell);

/** Come to the newest notice, one after the other. */
async function reach() {
  working = true;
  const goal = notice;
  try {
    if (goal.deck > deck.number) {
      await deck.bring(strip.isFollowing);
      strip.renew();
    }
    if (goal === notice) show(goal);
  } catch (error) {
    if (goal.deck <= deck.number) reportError(error);
    // As a fetch fails that the system broke off.
    else await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  working = false;
  if (goal !== notice || notice.deck > deck.number) reach();
}

/** Say what stands on the screen now. */
function show({ revision, error, building }) {
  const message = element("message");
  message.hidden = !error;
  message.textContent = error ?? "";
  element("empty").hidden = Boolean(deck.number || error);
  if (!deck.number && !error) return;
  root.dataset.state = error ? "error" : "ready";
  strip.publish();
  root.dataset.whole = !building;
  root.dataset.revision = revision;
}

function tell() {
  const words = [], warnings = notice?.warnings ?? [];
  if (events.readyState !== EventSource.OPEN) words.push("the preview has ended; this picture stays");
  else if (notice?.building) words.push("recording…");
  if (warnings.length) words.push(`${warnings.length} warning${warnings.length > 1 ? "s" : ""}`);
  element("state").textContent = words.join(" · ");
  element("state").title = warnings.join("\n");
}
