// One page a step, its end state in vectors. Made when the browser is about to print, gone afterwards.
import { element, query, root } from "./base.js";
import { endAsSvg } from "./svg.js";

// Millimetres that the margins leave of a sheet; the notes' type (points) is the largest with which a step fits on one.
const SHEET_MARGIN = 15, SHEET_WIDTH = 180, SHEET_HEIGHT = 267, SHEET_SPARE = 2;
const NOTES_TYPE = [12, 11, 10, 9, 8];
const PIXELS_PER_MM = 96 / 25.4;

export function layPages(store, withNotes) {
  document.getElementById("print")?.remove();
  const pages = element("div", { id: "print" });
  document.querySelectorAll(".slides > section").forEach((section, index) => {
    const page = element("article", {}, pageOf(store, index));
    const notes = section.querySelector("aside.notes");
    if (withNotes && notes) page.append(printedNotes(notes, store.header));
    pages.append(page);
  });
  root.classList.toggle("with-notes", withNotes);
  if (withNotes) pages.append(element("style", {}, `@page { size: A4 portrait; margin: ${SHEET_MARGIN}mm }`));
  document.body.append(pages);
}

/** A step's end; in the place of one that is damaged, why. */
function pageOf(store, index) {
  try {
    return endAsSvg(store, index);
  } catch (error) {
    return element("p", { class: "refused" }, error.message);
  }
}

function printedNotes(notes, { width, height }) {
  const printed = element("div", { class: "printed-notes" }, ...notes.cloneNode(true).childNodes);
  const room = SHEET_HEIGHT - SHEET_SPARE - SHEET_WIDTH * height / width;
  // Laid out unseen, at the sheet's width.
  const sheet = document.body.appendChild(element("div", { class: "probe" }, printed));
  sheet.style.width = `${SHEET_WIDTH}mm`;
  for (const size of NOTES_TYPE) {
    printed.style.fontSize = `${size}pt`;
    if (printed.getBoundingClientRect().height <= room * PIXELS_PER_MM) break;
  }
  sheet.remove();
  return printed;
}

export function printOnRequest(store) {
  addEventListener("beforeprint", () => layPages(store, query.has("notes")));
  addEventListener("afterprint", () => document.getElementById("print")?.remove());
}
