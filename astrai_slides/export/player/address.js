// The address says which step; a reload, a second window and a link show it again, at rest.
import { isEmbedded, memory } from "./base.js";

// Browsers refuse more changes of the address: Safari more than a hundred in half a minute.
const CHANGE_EVERY_MS = 500;
const BURST_MS = 30 * CHANGE_EVERY_MS;

/** The hash that the page was loaded with; of a page that is loaded again, where it was. */
function firstHash() {
  const entry = performance.getEntriesByType?.("navigation")[0];
  // Several frames of one page may show the same file, each another step.
  return (entry?.type === "reload" && !isEmbedded ? memory.read() : null) ?? location.hash;
}

/** What an address says besides the step: values of knobs. */
export function tailOf(hash = firstHash()) {
  return hash.split("?").slice(1).join("?");
}

export class Address {
  /** `tail` tells what the address says besides the step; "" for nothing. */
  constructor(steps, tail) {
    this.renew(steps);
    this.tail = tail;
    this.due = 0;
    this.timer = 0;
    this.known = location.hash;
    addEventListener("pagehide", () => this.leave());
  }

  renew(steps) {
    this.names = steps.map((step) => step.name);
  }

  /** Whether someone else changed the address: it is theirs until the deck has followed it. */
  get isForeign() {
    return location.hash !== this.known;
  }

  /** The step that an address which someone else changed names, or null. */
  follow() {
    this.known = location.hash;
    return this.parse(location.hash);
  }

  /** Index of the step that the address names when the page is loaded, or null where it names none. */
  read() {
    return this.parse(firstHash());
  }

  parse(hash) {
    const text = hash.replace(/^#\/?/, "").replace(/\?.*$/s, "");
    if (!text) return null;
    let name = text;
    try { name = decodeURIComponent(text); } catch { /* a broken escape is taken as it is */ }
    const named = this.names.indexOf(name);
    if (named >= 0) return this.at(named);
    return /^\d+$/.test(text) ? this.at(Number(text) - 1) : null;
  }

  /** A step without a name goes by its number, with as many zeros before it as make it nobody's name. */
  number(index) {
    let text = String(index + 1);
    while (this.names.includes(text)) text = "0" + text;
    return text;
  }

  at(index) {
    return index >= 0 && index < this.names.length ? index : null;
  }

  /** At once, unless too many went before: an address that is late leads elsewhere than it says. */
  write(index, start) {
    const step = start ? "" : "#/" + encodeURIComponent(this.names[index] || this.number(index)), tail = this.tail();
    this.hash = tail ? `${step || "#"}?${tail}` : step;
    memory.write(this.hash);
    clearTimeout(this.timer);
    const wait = this.due - BURST_MS - Date.now();
    if (wait <= 0) this.flush(); else this.timer = setTimeout(() => this.flush(), wait);
  }

  flush() {
    if (this.hash === undefined || this.hash === location.hash || this.isForeign) return;
    this.due = Math.max(this.due, Date.now()) + CHANGE_EVERY_MS;
    try {
      history.replaceState(history.state, "", location.pathname + location.search + this.hash);
    } catch { /* the address stays as it was */ }
    this.known = location.hash;
  }

  /** A busy browser may reload before it tells of a change of the address. */
  leave() {
    if (this.isForeign) memory.write(location.hash);
    else this.flush();
  }
}
