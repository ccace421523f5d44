// The one table of keys: what they do, and what the help says. Codes, as messages tell them.
import { Help } from "./help.js";
import { Jump } from "./jump.js";
import { DOWN, ENTER, ESCAPE, LEFT, OVERVIEW, PAGE_DOWN, PAGE_UP, RIGHT, SPACE, UP } from "./key_codes.js";
import { closeNotice } from "./notice.js";

const WRITTEN = { "?": 63, ".": 190, "[": 219, "]": 221 };
/** What the browser does itself with a choice that has the focus; a clicker's keys are the deck's all the same. */
const OF_CHOICE = new Set([ENTER, SPACE, LEFT, UP, RIGHT, DOWN]);

/** Rows of what there is to press; the rows can be read without the things that they act on. */
export function keyTable(deck, help, jump, views, pointer, knobs) {
  const { reveal } = deck;
  return [
    { keys: [RIGHT, DOWN, PAGE_DOWN, ENTER, 78], name: "→ ↓ PageDown Enter N", text: "play the next step", run: () => deck.next() },
    { keys: [LEFT, UP, PAGE_UP, 8, 80], name: "← ↑ PageUp Backspace P", text: "back to the end of the step before", run: () => deck.back() },
    { keys: [82], name: "R", text: "replay this step", run: () => deck.replay() },
    { keys: [86], shifted: [LEFT, PAGE_UP], name: "V Shift+←", text: "play this step backwards", run: () => deck.playBackwards() },
    { keys: [SPACE], name: "Space", text: "pause, resume", run: () => deck.pause() },
    { keys: [36], name: "Home", text: "to the very start", run: () => deck.go(0, "start") },
    { keys: [35], name: "End", text: "to the end of the last step", run: () => deck.go(deck.last, "end") },
    { keys: [71], name: "G, or digits and Enter", text: "go to a step", run: () => jump.open() },
    { keys: [66, 190, 110], name: "B .", text: "black screen", run: () => reveal.toggleBlack() },
    { keys: [OVERVIEW, ESCAPE], name: "O Esc", text: "overview", run: () => reveal.toggleOverview() },
    { keys: [76], name: "L", text: "laser pointer", run: () => pointer.toggle("laser") },
    { keys: [68], name: "D", text: "pen; the next step clears what it drew", run: () => pointer.toggle("pen") },
    { keys: [70], name: "F", text: "full screen", run: fullScreen },
    { keys: [83], name: "S", text: "speaker view", run: () => views.open() },
    ...deck.variants?.knobs.length ? [
      { keys: [219, 221], name: "[ ]", text: "explore: the value before, the next one", run: (code) => knobs.turnBy(code === 219 ? -1 : 1) },
      { keys: [75], name: "K", text: "explore: what to turn, then arrows", run: () => knobs.toggle() },
      { keys: [46], name: "Delete", text: "explore: back to what the deck begins with", run: () => knobs.reset() },
    ] : [],
    { keys: [63, 72], shifted: [191, 219], name: "? H", text: "these keys", run: () => help.toggle() },
  ];
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => { /* only a key of this window may */ });
}

export class Keys {
  constructor(deck, overview, views, pointer, knobs) {
    this.deck = deck;
    this.overview = overview;
    this.pointer = pointer;
    this.knobs = knobs;
    this.help = new Help(() => this.table);
    this.jump = new Jump(deck);
    this.table = keyTable(deck, this.help, this.jump, views, pointer, knobs);
  }

  /** Do what a key means; whether it means anything. */
  press(code, shift = false) {
    closeNotice();
    if (this.help.close()) return true;
    if (this.jump.press(code)) return true;
    if (code === ESCAPE && this.knobs.close()) return true;
    if (code === ESCAPE && this.pointer.mode) {
      this.pointer.set("");
      return true;
    }
    if (this.deck.reveal.isOverview && this.moveInOverview(code)) return true;
    const row = this.table.find(({ shifted = [] }) => shift && shifted.includes(code))
      ?? this.table.find(({ keys }) => keys.includes(code));
    row?.run(code);
    return Boolean(row);
  }

  moveInOverview(code) {
    const { reveal, index, last } = this.deck, { grid } = this.overview;
    if (code === PAGE_UP) reveal.choose(Math.max(index - 1, 0));
    else if (code === PAGE_DOWN) reveal.choose(Math.min(index + 1, last));
    else if (code === LEFT || code === RIGHT) reveal.choose(grid.leftOrRight(index, code === LEFT ? -1 : 1));
    else if (code === UP || code === DOWN) reveal.choose(grid.upOrDown(index, code === UP ? -1 : 1));
    else if (code === ENTER || code === SPACE) reveal.toggleOverview(false);
    else return false;
    return true;
  }
}

/** Call `press` for keys that are meant for the deck; a held key counts once. */
export function listenToKeys(press) {
  addEventListener("keydown", (event) => {
    // Some keys are told by what they write, whatever the keyboard's layout, and with AltGr where that writes them.
    const written = WRITTEN[event.key], code = written ?? event.keyCode;
    if (event.metaKey || (event.ctrlKey || event.altKey) && !(written && event.getModifierState("AltGraph"))) return;
    const isChoice = event.target.closest?.("input[type=radio], #knobs-panel select");
    if (isChoice ? OF_CHOICE.has(code) : event.target.closest?.("input, textarea, select")) return;
    if (event.repeat || press(code, event.shiftKey)) event.preventDefault();
  });
}
