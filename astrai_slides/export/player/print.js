// One page a step, its end state in vectors. Made when the browser is about to print, gone afterwards.
function layPages(store, withNotes) {
  document.getElementById("print")?.remove();
  const pages = element("div", { id: "print" });
  document.querySelectorAll(".slides > section").forEach((section, index) => {
    const page = element("article", {}, endAsSvg(store, index));
    const notes = section.querySelector("aside.notes");
    if (withNotes && notes) page.append(element("div", { class: "printed-notes" }, ...notes.cloneNode(true).childNodes));
    pages.append(page);
  });
  root.classList.toggle("with-notes", withNotes);
  if (withNotes) pages.append(element("style", {}, "@page { size: A4 portrait; margin: 15mm }"));
  document.body.append(pages);
}

function printOnRequest(store) {
  addEventListener("beforeprint", () => layPages(store, query.has("notes")));
  addEventListener("afterprint", () => document.getElementById("print")?.remove());
}
