// What most modules use: the page's elements, its query, errors.
export const root = document.documentElement;
export const query = new URLSearchParams(location.search);
/** Whether this page is the speaker view of another window that shows the same file. */
export const isSpeaker = query.has("speaker");
/** Whether the page that shows this one holds it whole, as a notebook does (srcdoc): it has no address of its own. */
export const isInline = location.protocol === "about:";
/** Whether an <astrai-deck> of somebody's page holds it, or in whatever way it is a part of one (docs/embed.md). */
export const isElement = query.has("tag") && parent !== window;
export const isEmbedded = isInline || isElement || query.has("embed");
export const isPrint = query.has("print-pdf") || query.has("print");

/** Tell the audience, in place of the deck, why it cannot be shown. `state` is "error" or "unsupported" (support.js). */
export function refuse(state, text) {
  window.astraiRefuse(state, text);
}

/** Tell whoever watches the page (docs/player.md) where the stage is. */
export function publish(step, playing, at) {
  Object.assign(root.dataset, { step, playing: String(playing), at });
}

/** Something in the file is not what was written. */
export class DamagedDeck extends Error {}

export function damaged(what) {
  const error = new DamagedDeck(`This deck is damaged: ${what}. Please copy it again from where it came from.`);
  error.what = what;
  throw error;
}

/** `error`, which came of decoding a step or a picture of it, as an error that names the step. */
export function damagedStep(name, error) {
  const what = error instanceof DamagedDeck ? error.what : error.message;
  return new DamagedDeck(`This deck is damaged: the step "${name}" cannot be shown (${what}). ` +
    "Please copy it again from where it came from. The other steps can be shown.");
}

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Session storage that never throws. */
export const memory = {
  key: `astrai ${location.pathname}`,
  read() {
    try { return sessionStorage.getItem(this.key); } catch { return null; }
  },
  write(value) {
    try { sessionStorage.setItem(this.key, value); } catch { /* private mode: the address still tells */ }
  },
  /** A value kept under a name of its own; null without one. */
  recall(name) {
    try { return JSON.parse(sessionStorage.getItem(`${this.key} ${name}`)); } catch { return null; }
  },
  keep(name, value) {
    try { sessionStorage.setItem(`${this.key} ${name}`, JSON.stringify(value)); } catch { /* not kept over a reload */ }
  },
  /** Whether nobody has asked so before in this window. */
  isFirst(name) {
    const known = this.recall(name);
    this.keep(name, true);
    return !known;
  },
};

/** What the address asks for: "full", "reduced", or null, as the system does. */
export function motionWish() {
  const wish = query.get("motion");
  return wish === "full" || wish === "reduced" ? wish : null;
}

export function reducedMotion() {
  const wish = motionWish();
  if (wish) return wish === "reduced";
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
