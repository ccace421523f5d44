// A deck that an <astrai-deck> of a page holds (docs/embed.md, ?tag): it is asked what to show before it begins, and
// whenever that changes; far out of view it hands over a picture of itself, for which its frame is taken out.
import { element, isElement, root } from "./base.js";

const FAR = "100%", FAR_MS = 500;
const QUALITY = 0.85;

/** Files of a disk have no origin by which they would know each other. */
export function isOurs(origin) {
  return location.protocol === "file:" || origin === location.origin;
}

/** What the element asks for, as text of the address; `again`: to rest where it was. Null before it has said so. */
let asked = null;

/** Resolves once the element has said what to show; at once without one. */
export const hosted = new Promise((resolve) => {
  if (!isElement) return void resolve();
  addEventListener("message", ({ data, source, origin }) => {
    if (source !== parent || data?.astrai !== "hello" || typeof data.as !== "string") return;
    if (!asked) begin(data, isOurs(origin));
    resolve();
  });
  parent.postMessage({ astrai: "ready" }, "*");
});

/** Attributes of the element by its outer HTML. */
function read(text) {
  const tag = new DOMParser().parseFromString(text, "text/html").body.firstElementChild;
  const [step, knobs] = ["step", "knobs"].map((name) => tag?.getAttribute(name) ?? "");
  return { step, knobs, controls: tag?.hasAttribute("controls") ?? false, said: JSON.stringify([step, knobs]) };
}

/** Where it was, if that was with the same attributes, else what they say: as the address of the frame. */
function begin({ as, at }, isOwn) {
  asked = Object.assign(read(as), { isOwn });
  const { step, knobs, said } = asked, goesBack = at?.of === said;
  const name = goesBack ? at.atStart ? "" : String(at.name) : step;
  asked.again = goesBack && at.atEnd === true;
  location.replace(`#/${encodeURIComponent(name)}?${goesBack ? at.knobs : knobs}`);
}

/** Whether the element keeps its deck's buttons away. */
export function isBare() {
  return asked !== null && !asked.controls;
}

/** Whether it is to rest where it begins. */
export function isBack() {
  return asked?.again === true;
}

/** What the element asked for, by which it knows where it was again. */
export function askedFor() {
  return asked?.said;
}

/** Another step or other values are asked for. */
export function follow(deck, text) {
  if (!asked || typeof text !== "string") return;
  const before = asked;
  Object.assign(asked = read(text), { isOwn: before.isOwn });
  if (asked.knobs !== before.knobs) deck.turn(deck.variants.parse(asked.knobs));
  const index = deck.steps.findIndex(({ name }) => name === asked.step);
  if (asked.step !== before.step && index >= 0) deck.go(index, "play");
}

/** Hand over a picture once it is far away; to pages of other origins one without anything on it. */
export function leaveWhenFar(canvas) {
  let timer = 0;
  new IntersectionObserver((entries) => {
    clearTimeout(timer);
    if (!entries.at(-1).isIntersecting) timer = setTimeout(() => leave(asked.isOwn ? canvas : plain()), FAR_MS);
  }, { rootMargin: FAR }).observe(root);
}

function plain() {
  const canvas = element("canvas", { width: 1, height: 1 }), ctx = canvas.getContext("2d");
  ctx.fillStyle = getComputedStyle(root).getPropertyValue("--background");
  ctx.fillRect(0, 0, 1, 1);
  return canvas;
}

function leave(canvas) {
  canvas.toBlob((picture) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => parent.postMessage({ astrai: "far", far: reader.result }, "*"));
    reader.readAsDataURL(picture);
  }, "image/jpeg", QUALITY);
}
