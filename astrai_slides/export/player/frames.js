// The ops of a frame, by edits from the nearest frame that is kept whole.
import { damaged } from "./base.js";
import { COORDINATE_LIMIT, Reader } from "./reader.js";

export const KEY_EVERY = 32;
export const OP = 4;

/** So much of a frame is lost in adding times up: a position this near to a frame is at it. */
export const NEARLY = 1e-6;

/** A display list: path (or paths + picture), style (or place of the picture's corners), x, y of each op. */
export class Ops {
  constructor() {
    this.items = new Int32Array(64 * OP);
    this.spare = new Int32Array(64 * OP);
    this.length = 0;
  }

  copy() {
    return this.items.slice(0, this.length * OP);
  }

  set(items) {
    this.reserve(items.length);
    this.items.set(items);
    this.length = items.length / OP;
  }

  reserve(size) {
    if (size <= this.items.length) return;
    const longer = Math.max(size, 2 * this.items.length);
    const items = new Int32Array(longer), spare = new Int32Array(longer);
    items.set(this.items);
    spare.set(this.spare);
    this.items = items;
    this.spare = spare;
  }

  /** Apply one frame's commands. With counts given, everything is checked (once, when the step is decoded). */
  edit(reader, placements, paths, pictures = Infinity, styles = Infinity) {
    const commands = reader.count();
    if (!commands) return;
    let from = 0, to = 0;
    for (let n = 0; n < commands; n++) {
      const head = reader.unsigned(), kind = head % 4, count = (head - kind) / 4;
      if (kind !== 2 && count > this.length - from) damaged("an edit passes its frame");
      if ((kind === 1 || kind === 2) && count > reader.left) damaged("an edit is longer than its step");
      if (kind !== 3) this.reserve((to + count + this.length - from) * OP);
      const items = this.items, out = this.spare;
      if (kind === 0) {
        out.set(items.subarray(from * OP, (from + count) * OP), to * OP);
      } else if (kind === 1) {
        for (let i = 0; i < count; i++) {
          const old = (from + i) * OP, now = (to + i) * OP, mask = reader.unsigned();
          if (items[old] >= paths) damaged("a picture is changed in place");
          for (let field = 0; field < OP; field++) {
            out[now + field] = items[old + field] + (mask >> field & 1 ? reader.signed() : 0);
          }
          check(out, now, paths, styles);
        }
      } else if (kind === 2) {
        for (let i = 0; i < count; i++) insert(reader, out, (to + i) * OP, placements, paths, pictures, styles);
      }
      if (kind !== 2) from += count;
      if (kind !== 3) to += count;
    }
    const rest = this.length - from;
    this.reserve((to + rest) * OP);
    this.spare.set(this.items.subarray(from * OP, this.length * OP), to * OP);
    this.length = to + rest;
    [this.items, this.spare] = [this.spare, this.items];
  }
}

function check(items, at, paths, styles) {
  if (!(items[at] >= 0 && items[at] < paths)) damaged("a path is missing");
  if (!(items[at + 1] >= 0 && items[at + 1] < styles)) damaged("a style is missing");
  if (Math.abs(items[at + 2]) > COORDINATE_LIMIT || Math.abs(items[at + 3]) > COORDINATE_LIMIT) damaged("a draw is too far away");
}

function insert(reader, out, at, placements, paths, pictures, styles) {
  const place = reader.at, index = reader.unsigned();
  out[at] = index;
  if (index < paths) {
    out[at + 1] = reader.unsigned();
    out[at + 2] = reader.signed();
    out[at + 3] = reader.signed();
    check(out, at, paths, styles);
    return;
  }
  if (!(index - paths < pictures)) damaged("a picture is missing");
  const corners = Array.from({ length: 6 }, () => reader.signed()), alpha = reader.unsigned();
  if (alpha >> 1 > 255) damaged("a picture's opacity is unknown");
  placements.set(place, { corners, alpha: (alpha >> 1) / 255, smooth: (alpha & 1) === 1 });
  out[at + 1] = place;
  out[at + 2] = out[at + 3] = 0;
}

/** A decoded step that begins with the frames of `opening`, another one, and goes on with those of `rest`. */
export function joined(opening, rest) {
  return { ...rest, opening, rest, pictures: [...opening.pictures, ...rest.pictures], length: opening.length + rest.length };
}

/** Which of both holds frame `index`, and as which: [step, index]. The end of what a step opens with is not shown. */
export function partAt(step, index) {
  if (!step.opening) return [step, index];
  const before = step.opening.frames.count - 1;
  return index < before ? [step.opening, index] : [step.rest, index - before];
}

/** The display list of frame `index` of a decoded step. */
export function opsOf(whole, place) {
  const [step, index] = partAt(whole, place);
  const { frames, cursor } = step;
  const key = Math.floor(index / KEY_EVERY);
  if (step.at > index || step.at < key * KEY_EVERY) {
    cursor.set(frames.keys[key]);
    step.at = key * KEY_EVERY;
  }
  while (step.at < index) {
    cursor.edit(new Reader(step.raw, frames.offsets[++step.at]), frames.placements, step.paths.count);
  }
  return cursor;
}

/** Which frame a step shows that stands still at `position`; null is its end. */
export function stillAt(step, position) {
  const last = step.frames.count - 1 + (step.opening ? step.opening.frames.count - 1 : 0);
  return position === null ? last : Math.min(frameAt(step, position), Math.max(last - 1, 0));
}

/** Which frame shows at `position` (in frames of the scene's rate). */
function frameAt(step, position) {
  if (step.opening && position >= step.opening.length) return step.opening.frames.count - 1 + frameAt(step.rest, position - step.opening.length);
  if (step.opening) return frameAt(step.opening, position);
  const { starts, count } = step.frames;
  let low = 0, high = count - 1;
  while (low < high) {
    const middle = low + high + 1 >> 1;
    if (starts[middle] <= position) low = middle; else high = middle - 1;
  }
  return low;
}
