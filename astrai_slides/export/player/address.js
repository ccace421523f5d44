// The address says which step; a reload, a second window and a link show it again, at rest.
const WRITE_EVERY_MS = 350;

class Address {
  constructor(steps) {
    this.names = steps.map((step) => step.name);
    this.written = 0;
    this.timer = 0;
    addEventListener("pagehide", () => this.flush());
  }

  /** {index, start} of the address, or null where it names no step. `start`: before the first step has played. */
  read() {
    const entry = performance.getEntriesByType?.("navigation")[0];
    const kept = entry?.type === "reload" && !isReceiver ? memory.read() : null;
    return this.parse(kept ?? location.hash);
  }

  parse(hash) {
    const text = hash.replace(/^#\/?/, "");
    if (!text) return null;
    // What reveal.js' speaker view opens: #/index/0
    const pair = /^(\d+)\/\d+$/.exec(text);
    if (pair) return this.at(Number(pair[1]));
    let name = text;
    try { name = decodeURIComponent(text); } catch { /* a broken escape is taken as it is */ }
    const named = this.names.indexOf(name);
    if (named >= 0) return this.at(named);
    return /^\d+$/.test(text) ? this.at(Number(text) - 1) : null;
  }

  at(index) {
    return index >= 0 && index < this.names.length ? index : null;
  }

  /** Browsers allow few changes of the address a second: the first at once, the last of a burst later. */
  write(index, start) {
    this.hash = start ? "" : "#/" + encodeURIComponent(this.names[index]);
    memory.write(this.hash);
    clearTimeout(this.timer);
    const wait = this.written + WRITE_EVERY_MS - Date.now();
    if (wait <= 0) this.flush(); else this.timer = setTimeout(() => this.flush(), wait);
  }

  flush() {
    if (this.hash === undefined || this.hash === location.hash) return;
    this.written = Date.now();
    try {
      history.replaceState(history.state, "", location.pathname + location.search + this.hash);
    } catch { /* the address stays as it was */ }
  }
}
