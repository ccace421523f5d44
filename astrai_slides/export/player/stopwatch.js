// How long the talk and each of its steps have taken. Kept over a reload of its window, after which it goes on.
import { memory } from "./base.js";

export class Stopwatch {
  constructor(count) {
    this.spent = memory.recall("stopwatch");
    if (!Array.isArray(this.spent) || this.spent.length !== count) this.spent = Array(count).fill(0);
    const running = memory.recall("running");
    this.index = Number.isInteger(running) ? Math.max(0, Math.min(running, count - 1)) : 0;
    this.since = running === null ? null : Date.now();
  }

  /** Of so many steps from now on; no time is lost. */
  renew(count) {
    if (count === this.spent.length) return;
    this.settle();
    const beyond = this.spent.slice(count).reduce((sum, each) => sum + each, 0);
    this.spent = Array.from({ length: count }, (_, index) => (this.spent[index] ?? 0) + (index === count - 1 ? beyond : 0));
    this.index = Math.min(this.index, count - 1);
    memory.keep("stopwatch", this.spent);
    this.keep();
  }

  get runs() {
    return this.since !== null;
  }

  get hasBegun() {
    return this.runs || this.total > 0;
  }

  /** Milliseconds at a step, all visits together. */
  at(index) {
    return this.spent[index] + (this.runs && index === this.index ? Date.now() - this.since : 0);
  }

  get total() {
    return this.spent.reduce((sum, _, index) => sum + this.at(index), 0);
  }

  start() {
    this.since ??= Date.now();
    this.keep();
  }

  stop() {
    this.settle();
    this.since = null;
    this.keep();
  }

  /** From now on the time is another step's. */
  go(index) {
    this.settle();
    this.index = index;
    this.keep();
  }

  reset() {
    this.spent.fill(0);
    this.since = null;
    memory.keep("stopwatch", this.spent);
    this.keep();
  }

  /** Keep at which step it runs. */
  keep() {
    memory.keep("running", this.runs ? this.index : null);
  }

  settle() {
    if (!this.runs) return;
    const now = Date.now();
    this.spent[this.index] += now - this.since;
    this.since = now;
    memory.keep("stopwatch", this.spent);
  }
}
