// The end state of a step as SVG, for print.
import { cssColour } from "./colour.js";
import { OP, opsOf } from "./frames.js";
import { eachCurve } from "./paint.js";
import { partOf } from "./parts.js";

const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

let gradients = 0;

export function endAsSvg(store, index) {
  const whole = store.glance(index), step = whole.rest ?? whole, frame = step.frames.count - 1;
  const [x, y, width, height] = step.frames.views.subarray(4 * frame);
  const drawing = svg("g", { transform: `matrix(1 0 0 -1 ${width / 2 - x} ${height / 2 + y})` });
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": store.header.steps[index].title },
    svg("rect", { width, height, fill: cssColour(step.frames.backgrounds[frame]) }), drawing);
  const ops = opsOf(step, frame), items = ops.items, known = new Map();
  for (let at = 0; at < ops.length * OP; at += OP) {
    if (items[at] >= step.paths.count) {
      const { digest } = step.pictures[items[at] - step.paths.count];
      drawing.append(imageAsSvg(store, digest, step.frames.placements.get(items[at + 1])));
    } else {
      if (!known.has(items[at])) known.set(items[at], pathAsText(step.paths, items[at]));
      const group = svg("g", { transform: `translate(${items[at + 2]} ${items[at + 3]})` });
      pathAsSvg(group, known.get(items[at]), step.styles[items[at + 1]]);
      if (group.childElementCount) drawing.append(group);
    }
  }
  return picture;
}

function pathAsText(paths, index) {
  const words = [];
  eachCurve(paths, index, {
    moveTo: (...to) => words.push("M", to.join(" ")),
    bezierCurveTo: (...to) => words.push("C", to.join(" ")),
    closePath: () => words.push("Z"),
  });
  return words.join("");
}

function pathAsSvg(group, d, style) {
  const paint = (attribute, value) => {
    if (value.solid) return { [attribute]: value.solid };
    const id = `gradient-${gradients++}`, [x1, y1, x2, y2] = value.line;
    group.append(svg("linearGradient", { id, x1, y1, x2, y2, gradientUnits: "userSpaceOnUse" },
      ...value.stops.map((stop, i) => svg("stop", { offset: i / (value.stops.length - 1), "stop-color": stop }))));
    return { [attribute]: `url(#${id})` };
  };
  const lines = { "stroke-linejoin": style.join, "stroke-linecap": style.cap, "stroke-miterlimit": 10 };
  if (style.back && style.backWidth) {
    group.append(svg("path", { d, fill: "none", ...paint("stroke", style.back), "stroke-width": style.backWidth, ...lines }));
  }
  const fill = style.fill ? paint("fill", style.fill) : { fill: "none" };
  const stroke = style.stroke && style.strokeWidth ? { ...paint("stroke", style.stroke), "stroke-width": style.strokeWidth, ...lines } : {};
  if (style.fill || stroke.stroke) group.append(svg("path", { d, ...fill, ...stroke }));
}

function imageAsSvg(store, digest, { corners: [x0, y0, x1, y1, x2, y2], alpha, smooth }) {
  // A data address, not a blob's: it is there when the browser prints.
  const text = partOf(`blob-${digest}`);
  return svg("image", { href: `data:${store.mimes.get(digest)};base64,${text}`, width: 1, height: 1, preserveAspectRatio: "none",
    opacity: alpha, "image-rendering": smooth ? "auto" : "pixelated",
    transform: `matrix(${x1 - x0} ${y1 - y0} ${x2 - x0} ${y2 - y0} ${x0} ${y0})` });
}
