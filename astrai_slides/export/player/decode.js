// A chunk of docs/recording-format.md into typed arrays. A generator: it pauses now and then, and all is checked here,
// so that drawing need not.
import { damaged } from "./base.js";
import { cssColour } from "./colour.js";
import { KEY_EVERY, Ops } from "./frames.js";
import { COORDINATE_LIMIT, Reader } from "./reader.js";

const PATHS_BETWEEN_PAUSES = 64;
const FRAMES_BETWEEN_PAUSES = 16;
const MOST_DRAWS = 1 << 24;

export function* decodeChunk(raw, length, mimes) {
  const reader = new Reader(raw);
  const styles = Array.from({ length: reader.count() }, () => readStyle(reader));
  const pictures = Array.from({ length: reader.count() }, () => readPicture(reader, mimes));
  const paths = yield* readPaths(reader);
  const frames = yield* readFrames(reader, styles, paths, pictures);
  if (frames.starts[frames.count - 1] !== length) damaged("a step has another length than announced");
  return { raw, styles, pictures, paths, frames, length, cursor: new Ops(), at: -1 };
}

function readPaint(reader) {
  const count = reader.count();
  if (count < 1) damaged("a colour is missing");
  const stops = Array.from({ length: count }, () => reader.colour());
  if (count === 1) return { solid: cssColour(stops[0]) };
  const line = [reader.signed(), reader.signed(), reader.signed(), reader.signed()];
  // Cairo paints a gradient without length as the mean of its first stop and its last, a canvas not at all.
  if (line[0] === line[2] && line[1] === line[3]) return { solid: cssColour(meanOfEnds(stops)) };
  return { stops: stops.map(cssColour), line, gradient: null };
}

function meanOfEnds(stops) {
  const first = stops[0], last = stops[stops.length - 1];
  let colour = 0;
  for (const shift of [24, 16, 8, 0]) {
    colour = colour * 256 + Math.round(((first >>> shift & 255) + (last >>> shift & 255)) / 2);
  }
  return colour;
}

function readStyle(reader) {
  const flags = reader.unsigned();
  if (flags >> 7 || (flags >> 3 & 3) === 3 || (flags >> 5 & 3) === 3) damaged("a style is unknown");
  const style = { fill: null, stroke: null, back: null, strokeWidth: 0, backWidth: 0,
    join: ["miter", "round", "bevel"][flags >> 3 & 3], cap: ["butt", "round", "square"][flags >> 5 & 3] };
  if (flags & 1) style.fill = readPaint(reader);
  if (flags & 2) [style.stroke, style.strokeWidth] = [readPaint(reader), reader.unsigned() / 16];
  if (flags & 4) [style.back, style.backWidth] = [readPaint(reader), reader.unsigned() / 16];
  return style;
}

function readPicture(reader, mimes) {
  let digest = "";
  for (let i = 0; i < 16; i++) digest += reader.byte().toString(16).padStart(2, "0");
  if (!mimes.has(digest)) damaged("a picture is missing");
  return { digest, width: reader.unsigned(), height: reader.unsigned() };
}

/** All paths' points in one array: path i has those from starts[i] to starts[i + 1], as x, y. */
function* readPaths(reader) {
  const count = reader.count();
  const starts = new Uint32Array(count + 1), shapes = [];
  // A point takes two bytes at least, unless it is a path's first.
  let points = new Int32Array(Math.min(reader.left, 1 << 16) + 2 * count);
  for (let index = 0; index < count; index++) {
    if (index % PATHS_BETWEEN_PAUSES === 0) yield;
    const mode = reader.unsigned();
    let a = -1, b = -1;
    if (mode === 0) shapes[index] = Array.from({ length: reader.count() }, () => reader.unsigned());
    else if (mode === 1 || mode === 2) {
      a = index - 1 - reader.unsigned();
      if (mode === 2) b = a - 1 - reader.unsigned();
      if (a < 0 || (mode === 2 && b < 0)) damaged("a path is missing");
      shapes[index] = shapes[a];
      if (b >= 0 && starts[b + 1] - starts[b] !== starts[a + 1] - starts[a]) damaged("two paths do not match");
    } else damaged("a path is unknown");
    let size = 0;
    for (const head of shapes[index]) size += 1 + 3 * (head >>> 1);
    if (size < 1) damaged("a path is empty");
    if (2 * (size - 1) > reader.left) damaged("a path is longer than its step");
    const start = starts[index];
    starts[index + 1] = start + 2 * size;
    if (starts[index + 1] > points.length) {
      const longer = new Int32Array(Math.max(2 * points.length, starts[index + 1]));
      longer.set(points);
      points = longer;
    }
    readPoints(reader, points, start, size, a < 0 ? -1 : starts[a], b < 0 ? -1 : starts[b]);
  }
  return { count, starts, shapes, points, drawn: new Map() };
}

function readPoints(reader, points, start, size, a, b) {
  for (let axis = 0; axis < 2; axis++) {
    points[start + axis] = 0;
    for (let i = 2 + axis, last = 0; i < 2 * size; i += 2) {
      last = reader.signed() + (b >= 0 ? 2 * points[a + i] - points[b + i] : a >= 0 ? points[a + i] : last);
      if (!(Math.abs(last) <= COORDINATE_LIMIT)) damaged("a path reaches too far");
      points[start + i] = last;
    }
  }
}

/** Where each frame's edits begin, what it looks through, when it starts; every 32nd frame's ops are kept whole. */
function* readFrames(reader, styles, paths, pictures) {
  const count = reader.count();
  if (count < 1) damaged("a step has no frame");
  const frames = { count, offsets: new Uint32Array(count), starts: new Float64Array(count), views: new Float64Array(4 * count),
    backgrounds: new Uint32Array(count), keys: [], placements: new Map(), checked: false };
  const view = [0, 0, 0, 0], ops = new Ops();
  let background = 0, start = 0, draws = 0;
  for (let index = 0; index < count; index++) {
    if (index % FRAMES_BETWEEN_PAUSES === 0) yield;
    const flags = reader.unsigned(), repeat = reader.unsigned();
    if ((repeat === 0) !== (index === count - 1)) damaged("a step's end is not its last frame");
    if (flags & 1) for (let i = 0; i < 4; i++) view[i] += reader.signed();
    if (flags & 2) background = reader.colour();
    if (!(view[2] > 0 && view[3] > 0)) damaged("a frame shows nothing");
    frames.views.set(view, 4 * index);
    frames.backgrounds[index] = background;
    frames.starts[index] = start;
    frames.offsets[index] = reader.at;
    start += repeat;
    ops.edit(reader, frames.placements, paths.count, pictures.length, styles.length);
    // A few bytes can repeat a long list: as the Python reader does, stop at what no recorder writes.
    if ((draws += ops.length) > MOST_DRAWS) damaged("a step draws too much");
    if (index % KEY_EVERY === 0) frames.keys.push(ops.copy());
  }
  if (reader.left) damaged("a step goes on after its end");
  return frames;
}
