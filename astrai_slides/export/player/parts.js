// The parts of the file, each checked once against the checksum that was written with it (export/html/sums.py).
import { DamagedDeck, damaged } from "./base.js";
import { adler } from "./inflate.js";

const checked = new Set();
let sums = null;

/**
 * Resolves once all of the file is there. What a deck begins with is there before: its variants stand behind the scripts,
 * so that nobody waits for them.
 */
export const whole = new Promise((resolve) => {
  if (isWholeNow()) resolve(); else document.addEventListener("DOMContentLoaded", resolve);
});

export function isWholeNow() {
  return document.readyState !== "loading";
}

/** The parts are others now. */
export function forgetParts() {
  checked.clear();
  sums = null;
}

function sumOf(id) {
  if (!sums) {
    try {
      sums = JSON.parse(document.getElementById("sums").textContent);
    } catch {
      damaged("its list of checksums cannot be read");
    }
  }
  return sums[id];
}

function isWhole(id, text) {
  return adler(new TextEncoder().encode(text)) === sumOf(id);
}

/** The text of a data script. */
export function partOf(id) {
  const script = document.getElementById(id);
  if (!(script instanceof HTMLScriptElement)) damaged(`its part ${id} is missing`);
  const text = script.textContent;
  if (!checked.has(id)) {
    if (!isWhole(id, text)) damaged(`its part ${id} is not what was written`);
    checked.add(id);
  }
  return text;
}

/** What a data script says in JSON. */
export function told(id) {
  const text = partOf(id);
  try {
    return JSON.parse(text);
  } catch {
    return damaged(`its part ${id} cannot be read`);
  }
}

/** The bytes of a base64 data script. */
export function payload(id) {
  const text = partOf(id);
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

/** How elements are nested, and what they are called by; what notes hold is anyone's. As export/html/sums.py writes it. */
function nesting(element) {
  if (!element) return "";
  const inner = element.localName === "aside" ? [] : [...element.children];
  const stray = inner.length && [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  return `<${element.localName} ${element.id} ${element.className}>${stray ? "!" : ""}${inner.map(nesting).join("")}</>`;
}

function isStyleWhole(id) {
  const style = document.getElementById(id);
  return style instanceof HTMLStyleElement && style.sheet !== null && isWhole(id, style.textContent);
}

/** Whether the page, as far as it is there, has text where none was written. */
export function hasStray() {
  return [...document.body.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
}

export function damagedPage() {
  return new DamagedDeck("This deck is damaged: its page is not what was written. Please copy it again from where it came from. " +
    "Until then any key goes on with it as it is.");
}

/**
 * What is not as it was written around the pictures: an error, or null. A deck can be shown all the same, perhaps with
 * something in the wrong place. To be asked before reveal.js changes the page.
 */
export function pageDamage() {
  sumOf("slides");
  const isPage = document.compatMode === "CSS1Compat" && document.characterSet === "UTF-8" && !hasStray();
  const styles = Object.keys(sums).filter((id) => id.startsWith("css-"));
  if (isPage && isWhole("slides", nesting(document.querySelector(".reveal"))) && styles.every(isStyleWhole)) return null;
  return damagedPage();
}
