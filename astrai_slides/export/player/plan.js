// Time against plan, in words that are read at a glance.

const SECOND = 1000;

export function clock(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / SECOND));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export class Plan {
  /** `steps` are {seconds, estimated} of each step. */
  constructor(steps) {
    this.steps = steps;
    this.total = this.until(steps.length);
  }

  /** Milliseconds planned for the steps before `index`. */
  until(index) {
    return SECOND * this.steps.slice(0, index).reduce((sum, { seconds }) => sum + seconds, 0);
  }

  of(index) {
    return SECOND * this.steps[index].seconds;
  }

  /** Planned time as it is written: with a sign where nobody gave it. */
  text(index) {
    return (this.steps[index].estimated ? "≈ " : "") + clock(this.of(index));
  }

  get totalText() {
    return (this.steps.some(({ estimated }) => estimated) ? "≈ " : "") + clock(this.total);
  }

  /** How many milliseconds later than planned it is, after `total` in all and `atStep` at step `index`. */
  late(index, total, atStep) {
    return total - this.until(index) - Math.min(atStep, this.of(index));
  }
}

/** "0:20 left", "0:05 over": of `planned` milliseconds after so many. */
export function leftText(planned, gone) {
  const seconds = Math.round(planned / SECOND) - Math.floor(gone / SECOND);
  return `${clock(Math.abs(seconds) * SECOND)} ${seconds < 0 ? "over" : "left"}`;
}

/** "0:20 behind", "0:05 ahead", "on time". */
export function lateText(milliseconds) {
  const seconds = Math.round(milliseconds / SECOND);
  return seconds ? `${clock(Math.abs(seconds) * SECOND)} ${seconds > 0 ? "behind" : "ahead"}` : "on time";
}
