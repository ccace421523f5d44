// What everything else stands on: the page's elements, its query, errors.
const root = document.documentElement;
const query = new URLSearchParams(location.search);
const isReceiver = query.has("receiver");
const isPrint = query.has("print-pdf") || query.has("print");
const GRID = 4096;

/** Something in the file is not what was written. */
class DamagedDeck extends Error {}

function damaged(what) {
  throw new DamagedDeck(`This deck is damaged: ${what}. Please copy it again from where it came from.`);
}

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** The bytes of a base64 data script. */
function payload(id) {
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
const memory = {
  key: `astrai ${location.pathname}`,
  read() {
    try { return sessionStorage.getItem(this.key); } catch { return null; }
  },
  write(value) {
    try { sessionStorage.setItem(this.key, value); } catch { /* private mode: the address still tells */ }
  },
};

function reducedMotion() {
  const wish = query.get("motion");
  if (wish === "full" || wish === "reduced") return wish === "reduced";
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
