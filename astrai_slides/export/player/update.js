// A deck that is being written (docs/preview.md): it takes what an edit changed, and stays where it is.
import { element } from "./base.js";
import { forgetParts, told } from "./parts.js";
import { renew } from "./turning.js";
import { Explored } from "./explored.js";

/**
 * Take the slides, the title and the parts of another build. A part is {kind, text}, or {same: id} of what is there.
 * Show where the deck was, or the end of the step named `wanted` where that is another one. `moved` says what steps are
 * called now that were called otherwise.
 */
export function update(deck, { title, slides, parts, moved }, wanted) {
  const place = placeOf(deck);
  place.name = moved[place.name] ?? place.name;
  replaceParts(parts);
  document.title = title;
  document.querySelector(".reveal .slides").innerHTML = slides;
  deck.variants = new Explored(told("header"), deck.variants.text);
  renew(deck, deck.variants.header);
  return show(deck, place, wanted);
}

function placeOf({ index, steps, stage, atStart }) {
  const { position, atEnd, playing, direction } = stage;
  return { index, name: steps[index].name, position, atEnd, atStart, playing, direction };
}

function replaceParts(parts) {
  const old = new Map([...document.querySelectorAll("script[id][type^='application/']")].map((part) => [part.id, part]));
  const made = Object.entries(parts).map(([id, { kind, text, same }]) => {
    const part = element("script", { type: kind ?? old.get(same).type, id });
    part.textContent = text ?? old.get(same).textContent;
    return part;
  });
  for (const part of old.values()) part.remove();
  document.getElementById("reveal-licence").before(...made);
  forgetParts();
}

function show(deck, place, wanted) {
  const find = (name) => deck.steps.findIndex((step) => step.name === name);
  const target = wanted ?? place.name, index = find(target);
  if (target !== place.name && index >= 0) return deck.go(index, "end");
  // A step that is gone was about here.
  if (index < 0) return deck.go(Math.min(place.index, deck.last), "end");
  if (place.playing && !deck.store.errorOf(index)) {
    const drawn = deck.stage.play(index, Math.min(place.position, deck.steps[index].length), place.direction);
    deck.sync();
    return drawn;
  }
  // Nothing of what was edited is seen on the first picture of a deck.
  if (place.atStart) return deck.go(index, wanted ? "end" : place.index ? place.position : "start");
  return deck.go(index, place.atEnd ? "end" : place.position);
}
