// Decoded steps: the one that is shown and its neighbours, which are decoded ahead of their turn.
import { damagedStep, isPrint, isSpeaker } from "./base.js";
import { bytesOf } from "./chunks.js";
import { decodeChunk } from "./decode.js";
import { Film } from "./film.js";
import { joined } from "./frames.js";
import { payload } from "./parts.js";
import { stepsOf } from "./variants.js";

const STEPS_KEPT = 3;
const SLICE_MS = 4;

export class Store {
  constructor(header) {
    this.kept = new Map();
    this.renew(header);
  }

  /** The steps are others now. */
  renew(header) {
    this.header = header;
    this.mimes = new Map(header.blobs.map((blob) => [blob.digest.slice(0, 32), blob.mime]));
    for (const step of this.kept.values()) step.drop();
    this.kept.clear();
    this.ahead = null;
    this.current = 0;
  }

  /** Hold the steps for the places `at` of the values of the knobs that the part `explore` tells of. */
  turn(explore, at) {
    const whole = this.header.whole ?? this.header;
    this.renew({ ...whole, steps: stepsOf(whole, explore, at), whole });
  }

  /** The decoded step, now. Throws a DamagedDeck that names the step if it cannot be decoded. */
  get(index) {
    let step = this.kept.get(index);
    if (!step) {
      const begun = this.ahead?.index === index ? this.ahead.work : null;
      if (begun) this.ahead = null;
      step = finish(begun ?? this.decode(index));
    }
    this.current = index;
    if (!this.kept.has(index)) this.keep(index, step);
    return step;
  }

  /** Why a step cannot be shown; null if it can, as far as it is decoded. */
  errorOf(index) {
    try {
      return this.get(index).error;
    } catch (error) {
      return error;
    }
  }

  /** Keep a step; let go of those that are farthest from the one that is shown. */
  keep(index, step) {
    this.kept.set(index, step);
    while (this.kept.size > STEPS_KEPT) {
      const farthest = [...this.kept.keys()].reduce((a, b) => Math.abs(b - this.current) > Math.abs(a - this.current) ? b : a);
      this.kept.get(farthest).drop();
      this.kept.delete(farthest);
    }
  }

  /** Let go of all but one step. */
  forgetOthers(index) {
    this.ahead = null;
    for (const [other, step] of this.kept) {
      if (other === index) continue;
      step.drop();
      this.kept.delete(other);
    }
  }

  /** Decode steps, one after the other, in the pauses of what is going on. */
  prefetch(...indices) {
    const index = indices.find((one) => one >= 0 && one < this.header.steps.length && !this.kept.has(one));
    if (index === undefined || this.ahead?.index === index) return;
    const ahead = this.ahead = { index, work: this.decode(index) };
    const slice = () => {
      if (this.ahead !== ahead) return;
      const until = performance.now() + SLICE_MS;
      let turn;
      try {
        do turn = ahead.work.next(); while (!turn.done && performance.now() < until);
      } catch {
        // A damaged step is told of when it is wanted.
        this.ahead = null;
        return;
      }
      if (!turn.done) return whenIdle(slice);
      this.ahead = null;
      this.keep(index, turn.value);
      this.prefetch(...indices);
    };
    whenIdle(slice);
  }

  *decode(index) {
    try {
      return yield* this.decodeStep(index);
    } catch (error) {
      throw damagedStep(this.header.steps[index].name, error);
    }
  }

  *decodeStep(index) {
    const info = this.header.steps[index];
    const rest = yield* decodeChunk(yield* bytesOf(info, index), info.rest ?? info.length, this.mimes);
    const step = info.opening ? joined(yield* decodeChunk(yield* bytesOf(info.opening), info.opening.length, this.mimes), rest) : rest;
    step.images = new Map();
    step.film = info.film && !isPrint && !isSpeaker ? new Film(this.blob(info.film.digest.slice(0, 32)), this.header.fps, info) : null;
    /** Why a picture of it cannot be shown. */
    step.error = null;
    step.loading = step.pictures.length ? this.load(step, info.name) : null;
    step.drop = () => {
      step.dropped = true;
      step.film?.drop();
      for (const image of step.images.values()) image.close();
    };
    return step;
  }

  /** A decoded step for a moment, not kept: overview, print. */
  glance(index) {
    return this.kept.get(index) ?? finish(this.decode(index));
  }

  /** The same, once it is decoded ahead of its turn if it is about to be: what plays does not stop for it. */
  async glanceLater(index) {
    if (this.ahead?.index !== index) return this.glance(index);
    await new Promise(whenIdle);
    return this.glanceLater(index);
  }

  blob(digest) {
    return new Blob([payload(`blob-${digest}`)], { type: this.mimes.get(digest) });
  }

  /** Decode the pictures of a step. Resolves in any case: `step.error` tells of one that cannot be. */
  async load(step, name) {
    try {
      await Promise.all(step.pictures.map(async ({ digest }) => {
        const image = await createImageBitmap(this.blob(digest));
        if (step.dropped) image.close(); else step.images.set(digest, image);
      }));
    } catch (error) {
      step.error = damagedStep(name, error);
    }
    step.loading = null;
  }
}

/** In the place of a step that cannot be shown. */
export function blank(info, error) {
  return { error, loading: null, film: null, length: info.length };
}

/** Run a generator to its end. */
function finish(work) {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

export function whenIdle(run) {
  if (window.requestIdleCallback) requestIdleCallback(run, { timeout: 100 }); else setTimeout(run, 16);
}
