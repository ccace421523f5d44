// A picture of a step at its end, beside the stage: for the overview, and for pages around the deck.
import { element } from "./base.js";
import { stillAt } from "./frames.js";
import { paintFrame } from "./paint.js";

const QUALITY = 0.85;

/** Paint the end of a decoded step. Resolves once it is there; rejects with the error of a damaged one. */
export async function paintEnd(canvas, step) {
  await step.loading;
  if (step.error) throw step.error;
  paintFrame(canvas.getContext("2d"), step, stillAt(step, null));
}

/** The end of step `index` as a JPEG of so many pixels across. */
export async function pictureOf(store, index, across) {
  const { width, height } = store.header;
  const canvas = element("canvas", { width: across, height: Math.max(1, Math.round(across * height / width)) });
  await paintEnd(canvas, await store.glanceLater(index));
  return new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", QUALITY); });
}
