// Buttons for whoever has neither keys nor a finger's swipe at hand: they press the keys for back, overview and next.
import { element, query } from "./base.js";
import { button } from "./button.js";
import { isBare } from "./hosted.js";
import { LEFT, OVERVIEW, RIGHT, SPACE } from "./key_codes.js";

const REPLAY = 82;

/**
 * Show them if `wish` is true, never if it is false; else ("auto") on a touch screen, in a frame, and once a finger taps.
 * With `holds` there is one that holds what moves. Returns a function that is told of the stage when it has changed.
 */
export function offerControls(press, wish, holds) {
  const asked = query.get("buttons"), isFramed = parent !== window && asked !== "auto";
  let follow = null;
  const show = () => { follow = showControls(press, holds); };
  const look = ({ pointerType }) => {
    if (pointerType !== "touch") return;
    removeEventListener("pointerdown", look);
    show();
  };
  if (wish === false || asked === "none" || isBare()) return () => {};
  if (wish === true || isFramed || matchMedia("(pointer: coarse)").matches) show();
  else addEventListener("pointerdown", look);
  return (stage) => follow?.(stage);
}

function showControls(press, holds) {
  const keys = [["←", "back", LEFT], ["⊞", "overview", OVERVIEW], ["→", "next", RIGHT]];
  const buttons = keys.map(([text, label, code]) => button(text, label, () => press(code)));
  const nav = element("nav", { id: "controls", "aria-label": "Steps" }, ...buttons);
  document.body.append(nav);
  if (!holds) return null;
  let code = REPLAY;
  const hold = button("▶", "play", () => press(code));
  nav.firstChild.after(hold);
  return ({ playing, atEnd, position }) => {
    code = !playing && (atEnd || position <= 0) ? REPLAY : SPACE;
    hold.textContent = playing ? "❚❚" : atEnd ? "↻" : "▶";
    hold.title = playing ? "pause" : atEnd ? "play again" : "play";
    hold.setAttribute("aria-label", hold.title);
  };
}
