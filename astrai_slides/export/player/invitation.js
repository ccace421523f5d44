// In the speaker view only: a code that lets a phone in, as the page around the deck gives it (docs/present.md).
import { element } from "./base.js";

const SVG = "http://www.w3.org/2000/svg";
const WITHOUT = "A phone can step this deck, and shows the notes, where it is presented by astrai-slides present --remote.";
const ABOUT = "Scan this with a phone in the same network. It lets one phone in, and lasts until it has been used.";

/** A code as a path: a square for each 1 of its rows. */
function drawing(rows) {
  const path = document.createElementNS(SVG, "path"), svg = document.createElementNS(SVG, "svg");
  const squares = rows.flatMap((row, y) => [...row].map((bit, x) => bit === "1" ? `M${x} ${y}h1v1h-1z` : ""));
  path.setAttribute("d", squares.join(""));
  svg.setAttribute("viewBox", `0 0 ${rows.length} ${rows.length}`);
  svg.append(path);
  return svg;
}

export class Invitation {
  /** `ask` asks for one, which `show` is told. */
  constructor(ask) {
    this.ask = ask;
    this.dialog = null;
  }

  open() {
    this.dialog = element("div", { id: "invitation", role: "dialog", "aria-modal": "true", "aria-label": "Remote control" }, element("p", {}, WITHOUT));
    this.dialog.addEventListener("click", () => this.close());
    document.body.append(this.dialog);
    this.ask();
  }

  show({ address, rows }) {
    if (!this.dialog || typeof address !== "string" || !Array.isArray(rows)) return;
    this.dialog.replaceChildren(drawing(rows.map(String)), element("p", { class: "address" }, address), element("p", {}, ABOUT));
  }

  /** Whether there was anything to close. */
  close() {
    if (!this.dialog) return false;
    this.dialog.remove();
    this.dialog = null;
    return true;
  }
}
