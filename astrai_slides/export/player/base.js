// What most modules use: the page's elements, its query, errors.
export const root = document.documentElement;
export const query = new URLSearchParams(location.search);
export const isPrint = query.has("print-pdf") || query.has("print");

/** Tell the audience, in place of the deck, why it cannot be shown. `state` is "error" or "unsupported" (support.js). */
export function refuse(state, text) {
  window.astraiRefuse(state, text);
}

/** Something in the file is not what was written. */
export class DamagedDeck extends Error {}

export function damaged(what) {
  throw new DamagedDeck(`This deck is damaged: ${what}. Please copy it again from where it came from.`);
}

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** The bytes of a base64 data script. */
export function payload(id) {
  const script = document.getElementById(id);
  if (!script) damaged(`its part ${id} is missing`);
  const text = script.textContent;
  try {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  } catch {
    return damaged(`its part ${id} is not base64`);
  }
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
};

export function reducedMotion() {
  const wish = query.get("motion");
  if (wish === "full" || wish === "reduced") return wish === "reduced";
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
