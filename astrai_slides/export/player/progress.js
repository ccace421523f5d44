// The line at the bottom: how much of the deck has been shown, every step the same share. A click goes to a step's end.
import { element } from "./base.js";

export class Progress {
  constructor(count, go) {
    this.count = count;
    this.bar = element("span");
    const line = element("div", { id: "progress", class: "progress" }, this.bar);
    line.addEventListener("click", ({ clientX }) => go(Math.min(this.count - 1, Math.floor(clientX / line.offsetWidth * this.count))));
    document.querySelector(".reveal").append(line);
  }

  /** Of so many steps from now on. */
  renew(count) {
    this.count = count;
  }

  /** At step `index`; `atStart`: before it was shown, which only the first can be. */
  show(index, atStart) {
    this.bar.style.transform = `scaleX(${(index + (atStart ? 0 : 1)) / this.count})`;
  }
}
