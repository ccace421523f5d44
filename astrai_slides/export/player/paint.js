// A frame onto a 2D canvas, as Cairo paints it.
import { cssColour } from "./colour.js";
import { OP, opsOf, partAt } from "./frames.js";

const MOST_PATHS_KEPT = 4096;

/** Paint frame `index` of `step` as large as fits; the rest of the canvas is `surround`, or background too. */
export function paintFrame(ctx, whole, place, surround = null) {
  const [step, index] = partAt(whole, place);
  const { width, height } = ctx.canvas;
  const scale = enter(ctx, step, index, surround);
  const ops = opsOf(step, index), items = ops.items, paths = step.paths;
  const [across, down] = origin(step, index, width, height, scale);
  for (let at = 0, end = ops.length * OP; at < end; at += OP) {
    if (items[at] >= paths.count) {
      const picture = step.pictures[items[at] - paths.count];
      placePicture(ctx, whole.images.get(picture.digest), step.frames.placements.get(items[at + 1]), scale, across, down);
      continue;
    }
    ctx.setTransform(scale, 0, 0, -scale, across + items[at + 2] * scale, down - items[at + 3] * scale);
    paintPath(ctx, pathOf(paths, items[at]), step.styles[items[at + 1]]);
  }
  ctx.restore();
}

/** Lay the background and cut to the view; returns pixels a grid step. Ends with the caller's ctx.restore(). */
export function enter(ctx, step, index, surround) {
  const { width, height } = ctx.canvas;
  const [, , viewWidth, viewHeight] = step.frames.views.subarray(4 * index);
  const scale = Math.min(width / viewWidth, height / viewHeight);
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  const colour = step.frames.backgrounds[index];
  if (surround || (colour & 255) < 255) {
    ctx.fillStyle = surround ?? "#000";
    ctx.fillRect(0, 0, width, height);
  }
  ctx.fillStyle = cssColour(colour);
  if (!surround) ctx.fillRect(0, 0, width, height);
  const shownWidth = viewWidth * scale, shownHeight = viewHeight * scale;
  if (width - shownWidth > 1 || height - shownHeight > 1) {
    ctx.beginPath();
    ctx.rect((width - shownWidth) / 2, (height - shownHeight) / 2, shownWidth, shownHeight);
    ctx.clip();
  }
  if (surround) ctx.fillRect(0, 0, width, height);
  ctx.miterLimit = 10;
  return scale;
}

export function paintNothing(ctx, surround) {
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.fillStyle = surround ?? "#000";
  ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
}

export function origin(step, index, width, height, scale) {
  const [x, y] = step.frames.views.subarray(4 * index);
  return [width / 2 - x * scale, height / 2 + y * scale];
}

export function paintPath(ctx, path, style) {
  if (style.back && style.backWidth) stroke(ctx, path, style, style.back, style.backWidth);
  if (style.fill) {
    ctx.fillStyle = colourOf(ctx, style.fill);
    ctx.fill(path);
  }
  if (style.stroke && style.strokeWidth) stroke(ctx, path, style, style.stroke, style.strokeWidth);
}

function stroke(ctx, path, style, paint, width) {
  ctx.strokeStyle = colourOf(ctx, paint);
  ctx.lineWidth = width;
  ctx.lineJoin = style.join;
  ctx.lineCap = style.cap;
  ctx.stroke(path);
}

function colourOf(ctx, paint) {
  if (paint.solid) return paint.solid;
  if (!paint.gradient) {
    paint.gradient = ctx.createLinearGradient(...paint.line);
    paint.stops.forEach((stop, i) => paint.gradient.addColorStop(i / (paint.stops.length - 1), stop));
  }
  return paint.gradient;
}

/**
 * Hands a path on, with a line in place of each curve that is none on the recording's grid (1/4096 scene unit). Graphs are
 * made of thousands of such, whose outlines take a browser many times as long to find as those of lines.
 */
class Straightened {
  constructor(path) {
    this.path = path;
    this.x = this.y = 0;
  }

  moveTo(x, y) {
    this.path.moveTo(this.x = x, this.y = y);
  }

  bezierCurveTo(x1, y1, x2, y2, x3, y3) {
    const across = x3 - this.x, down = y3 - this.y, square = across * across + down * down;
    const a = x1 - this.x, b = y1 - this.y, c = x2 - this.x, d = y2 - this.y;
    const reach1 = a * across + b * down, reach2 = c * across + d * down;
    const off = Math.max(Math.abs(a * down - b * across), Math.abs(c * down - d * across));
    // as far from the line as rounding to the grid brings them at most, and between its ends
    if (square && off * off <= square && reach1 >= 0 && reach2 <= square && reach1 <= reach2) this.path.lineTo(x3, y3);
    else this.path.bezierCurveTo(x1, y1, x2, y2, x3, y3);
    this.x = x3;
    this.y = y3;
  }

  closePath() {
    this.path.closePath();
  }
}

export function pathOf(paths, index) {
  let path = paths.drawn.get(index);
  if (!path) {
    if (paths.drawn.size >= MOST_PATHS_KEPT) paths.drawn.clear();
    paths.drawn.set(index, path = new Path2D());
    eachCurve(paths, index, new Straightened(path));
  }
  return path;
}

/** Tell a path to anything that has moveTo, bezierCurveTo and closePath. */
export function eachCurve({ starts, shapes, points }, index, to) {
  let at = starts[index];
  for (const head of shapes[index]) {
    to.moveTo(points[at], points[at + 1]);
    at += 2;
    for (let curve = head >>> 1; curve > 0; curve--, at += 6) {
      to.bezierCurveTo(points[at], points[at + 1], points[at + 2], points[at + 3], points[at + 4], points[at + 5]);
    }
    if (head & 1) to.closePath();
  }
}

/** Draw `image` (a bitmap or a video) with its corners where `placement` says. */
function placePicture(ctx, image, { corners, alpha, smooth }, scale, across, down) {
  const columns = image.videoWidth || image.width, rows = image.videoHeight || image.height;
  const [x0, y0, x1, y1, x2, y2] = corners;
  if (!columns || !alpha) return;
  const a = (x1 - x0) * scale / columns, b = (y1 - y0) * scale / columns, c = (x2 - x0) * scale / rows, d = (y2 - y0) * scale / rows;
  ctx.setTransform(a, -b, c, -d, across + x0 * scale, down - y0 * scale);
  ctx.globalAlpha = alpha;
  ctx.imageSmoothingEnabled = smooth;
  ctx.imageSmoothingQuality = Math.abs(a * d - b * c) < 0.9 ? "high" : "low";
  ctx.drawImage(image, 0, 0);
  ctx.globalAlpha = 1;
}

/** Paint a film's present picture where the step's first frame has its still. */
export function paintFilm(ctx, step, video, surround) {
  const { width, height } = ctx.canvas;
  const scale = enter(ctx, step, 0, surround);
  const ops = opsOf(step, 0);
  placePicture(ctx, video, step.frames.placements.get(ops.items[1]), scale, ...origin(step, 0, width, height, scale));
  ctx.restore();
}
