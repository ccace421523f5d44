// From the end of a step to the end of the same step in another variant: the bars of a chart glide, and what is in only one
// of both pictures fades. Where no bar corresponds to another one there is nothing between the two.
import { OP, opsOf, partAt } from "./frames.js";
import { enter, origin, paintPath, pathOf } from "./paint.js";

const GLIDE_MS = 350;
const MOST_OPS = 4096;
const EDGES = 4;

/** What a still picture draws, each with what tells it apart; null where it is more than paths. */
function drawsOf({ step: whole, frame }) {
  const [step, index] = partAt(whole, frame), { items, length } = opsOf(step, index), { paths } = step, draws = [];
  if (length > MOST_OPS) return null;
  const styles = step.styles.map((style) => JSON.stringify(style));
  for (let at = 0; at < length * OP; at += OP) {
    const [path, style, x, y] = items.subarray(at, at + OP);
    if (path >= paths.count) return null;
    const points = paths.points.subarray(paths.starts[path], paths.starts[path + 1]);
    const draw = { step, path, style, x, y, look: styles[style], box: boxOf(paths.shapes[path], points, x, y) };
    draws.push(Object.assign(draw, { key: `${draw.look} ${x} ${y} ${paths.shapes[path]} ${points}` }));
  }
  return draws;
}

/** Left, bottom, right and top of a path that is a box along the axes, else null. */
function boxOf(shapes, points, x, y) {
  if (shapes.length !== 1 || shapes[0] !== (EDGES << 1 | 1)) return null;
  for (let edge = 0; edge < EDGES; edge++) {
    const [x0, y0, x1, y1, x2, y2, x3, y3] = points.subarray(6 * edge);
    const isUpright = x0 === x1 && x1 === x2 && x2 === x3, isLevel = y0 === y1 && y1 === y2 && y2 === y3;
    if (!isUpright && !isLevel) return null;
  }
  const across = [points[0], points[6], points[12], points[18]], up = [points[1], points[7], points[13], points[19]];
  return [x + Math.min(...across), y + Math.min(...up), x + Math.max(...across), y + Math.max(...up)];
}

/** Whether two boxes are one bar: it is painted alike, and of its edges only the one that tells its value is elsewhere. */
function isSameBar(one, other) {
  return one.look === other.look && one.box.filter((edge, at) => edge === other.box[at]).length === EDGES - 1;
}

/** What a picture is seen through, and on what. */
function viewOf({ step, frame }) {
  const [{ frames }, index] = partAt(step, frame);
  return `${frames.views.subarray(4 * index, 4 * index + 4)} ${frames.backgrounds[index]}`;
}

class Glide {
  constructor(draws, leaving, { step, frame }) {
    Object.assign(this, { draws, leaving, place: partAt(step, frame) });
    /** Since when it was seen. */
    this.begun = null;
    this.way = 0;
  }

  get isOver() {
    return this.begun !== null && performance.now() - this.begun >= GLIDE_MS;
  }

  /** Where the bar is now that will be the draw `key`; null if that is none. */
  boxNow(key) {
    const bar = this.draws.find((draw) => draw.from && draw.key === key);
    return bar ? boxBetween(bar.from, bar.box, this.way) : null;
  }

  /** Paint it as it is now, at first as it was. */
  paint(ctx, surround) {
    const now = performance.now(), left = 1 - Math.min(1, (now - (this.begun ??= now)) / GLIDE_MS), way = this.way = 1 - left ** 3;
    const { width, height } = ctx.canvas, scale = enter(ctx, ...this.place, surround);
    const [across, down] = origin(...this.place, width, height, scale);
    const draw = ({ step, path, style, x, y, box, from }, alpha) => {
      ctx.globalAlpha = alpha;
      ctx.setTransform(scale, 0, 0, -scale, across + (from ? 0 : x) * scale, down - (from ? 0 : y) * scale);
      paintPath(ctx, from ? pathOfBox(boxBetween(from, box, way)) : pathOf(step.paths, path), step.styles[style]);
    };
    for (const each of this.draws) draw(each, each.isNew && !each.from ? way : 1);
    for (const each of this.leaving) draw(each, 1 - way);
    ctx.restore();
  }
}

/** The way between two still pictures of steps, {step, frame, glide}; null where no bar goes it. From one under way it goes on. */
export function glideBetween(from, to) {
  if (viewOf(from) !== viewOf(to)) return null;
  const before = drawsOf(from), after = drawsOf(to);
  if (!before || !after) return null;
  for (const draw of from.glide ? before : []) {
    const box = from.glide.boxNow(draw.key);
    if (box) Object.assign(draw, { box, key: "" });
  }
  const keys = [before, after].map((draws) => new Set(draws.map(({ key }) => key)));
  const leaving = new Set(before.filter(({ key }) => !keys[1].has(key)));
  let isGlide = false;
  for (const draw of after) {
    draw.isNew = !keys[0].has(draw.key);
    const bar = draw.isNew && draw.box ? [...leaving].find((one) => one.box && isSameBar(one, draw)) : null;
    if (!bar) continue;
    leaving.delete(bar);
    draw.from = bar.box;
    isGlide = true;
  }
  return isGlide ? new Glide(after, [...leaving], to) : null;
}

function boxBetween(from, to, way) {
  return from.map((edge, at) => edge + (to[at] - edge) * way);
}

function pathOfBox([left, bottom, right, top]) {
  const path = new Path2D();
  path.rect(left, bottom, right - left, top - bottom);
  return path;
}
