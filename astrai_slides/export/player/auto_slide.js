// A deck that goes on by itself: where it rests, the next step plays after so many seconds. A press begins the wait anew.
export class AutoSlide {
  /** `next` goes on. Without seconds nothing ever happens. */
  constructor(seconds, next) {
    this.milliseconds = 1000 * seconds;
    this.next = next;
    this.timer = 0;
    this.isHeld = false;
  }

  /** Wait for nothing as long as it is held. */
  hold(held) {
    this.isHeld = held;
    if (held) this.stop(); else this.begin();
  }

  begin() {
    this.stop();
    if (this.milliseconds && !this.isHeld) this.timer = setTimeout(() => { this.timer = 0; this.next(); }, this.milliseconds);
  }

  /** Hold where it waits, and go on where it was held. */
  toggle() {
    if (this.timer) this.stop(); else this.begin();
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = 0;
  }
}
