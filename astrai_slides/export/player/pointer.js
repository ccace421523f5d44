// A laser pointer and a pen, over the picture and in its coordinates, so that two windows of other sizes can show the same.
import { element } from "./base.js";

const SVG = "http://www.w3.org/2000/svg";

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export class Pointer {
  /** Over the element `host`; `tell` is called with {kind, x, y} of what a mouse, a pen or a finger does there. */
  constructor(host, { width, height }, tell = () => {}) {
    this.size = { width, height };
    this.tell = tell;
    /** Called when the mode is another. */
    this.changed = () => {};
    this.mode = "";
    this.line = null;
    this.dot = shape("circle", { class: "laser", r: height / 90, visibility: "hidden" });
    this.ink = shape("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    this.ink.style.strokeWidth = height / 140;
    this.ink.append(this.dot);
    this.layer = element("div", { class: "pointer" }, this.ink);
    host.append(this.layer);
    for (const kind of ["move", "down", "up", "cancel", "leave"]) this.layer.addEventListener(`pointer${kind}`, (event) => this.see(kind, event));
  }

  /** "laser", "pen" or "" for none. */
  set(mode) {
    if (mode === this.mode) return;
    this.mode = mode;
    this.layer.dataset.mode = mode;
    this.end();
    this.changed();
  }

  toggle(mode) {
    this.set(this.mode === mode ? "" : mode);
  }

  see(kind, event) {
    if (!this.mode) return;
    // What is drawn is no swipe.
    event.stopPropagation();
    const box = this.layer.getBoundingClientRect(), { width, height } = this.size;
    const scale = Math.min(box.width / width, box.height / height);
    const at = (value, start, room, length) => (value - start - (room - length * scale) / 2) / scale;
    const told = { kind, x: at(event.clientX, box.left, box.width, width), y: at(event.clientY, box.top, box.height, height) };
    if (kind === "down" && event.pointerId) this.layer.setPointerCapture?.(event.pointerId);
    this.receive(told);
    this.tell(told);
  }

  receive({ kind, x, y }) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    if (this.mode === "laser") this.point(kind, x, y);
    else if (this.mode === "pen") this.draw(kind, x, y);
  }

  point(kind, x, y) {
    this.dot.setAttribute("visibility", kind === "leave" || kind === "cancel" ? "hidden" : "visible");
    this.dot.setAttribute("cx", x);
    this.dot.setAttribute("cy", y);
  }

  draw(kind, x, y) {
    if (kind === "down") {
      this.line = shape("path", { d: `M${x} ${y}l0 0` });
      this.ink.insertBefore(this.line, this.dot);
    } else if (kind === "move") this.line?.setAttribute("d", `${this.line.getAttribute("d")}L${x} ${y}`);
    else this.line = null;
  }

  end() {
    this.line = null;
    this.dot.setAttribute("visibility", "hidden");
  }

  clear() {
    this.line = null;
    for (const line of this.ink.querySelectorAll("path")) line.remove();
  }

  /** What was drawn was about the picture that was there: gone with another step, and with this one played anew. */
  follow(index, isAnew) {
    if (index !== (this.index ?? index) || isAnew) this.clear();
    this.index = index;
  }
}
