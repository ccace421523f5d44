// Decoded steps: a few at a time, the next one ahead of its turn.
const STEPS_KEPT = 3;
const SLICE_MS = 4;

class Store {
  constructor(header) {
    this.header = header;
    this.mimes = new Map(header.blobs.map((blob) => [blob.digest.slice(0, 32), blob.mime]));
    this.kept = new Map();
    this.ahead = null;
  }

  /** The decoded step, now. */
  get(index) {
    let step = this.kept.get(index);
    if (!step) {
      const work = this.ahead?.index === index ? this.ahead.work : this.decode(index);
      if (this.ahead?.index === index) this.ahead = null;
      let done;
      do done = work.next(); while (!done.done);
      step = done.value;
    }
    this.keep(index, step);
    return step;
  }

  keep(index, step) {
    this.kept.delete(index);
    this.kept.set(index, step);
    for (const [old, dropped] of this.kept) {
      if (this.kept.size <= STEPS_KEPT) break;
      this.kept.delete(old);
      dropped.drop();
    }
  }

  /** Decode a step in the pauses of what is going on. */
  prefetch(index) {
    if (index >= this.header.steps.length || this.kept.has(index) || this.ahead?.index === index) return;
    const ahead = this.ahead = { index, work: this.decode(index) };
    const slice = () => {
      if (this.ahead !== ahead) return;
      const until = performance.now() + SLICE_MS;
      let done;
      do done = ahead.work.next(); while (!done.done && performance.now() < until);
      if (!done.done) return whenIdle(slice);
      this.ahead = null;
      // It is the newest, but must not push out the one that plays.
      this.keep(index, done.value);
    };
    whenIdle(slice);
  }

  *decode(index) {
    const info = this.header.steps[index];
    const raw = yield* inflate(payload(`chunk-${index}`), info.raw);
    const step = yield* decodeChunk(raw, info.length, this.mimes);
    step.images = new Map();
    step.film = info.film && !isPrint && !isReceiver ? new Film(this.blob(info.film.digest.slice(0, 32)), this.header.fps, info) : null;
    step.loading = step.pictures.length ? this.load(step) : null;
    step.drop = () => {
      step.dropped = true;
      step.film?.drop();
      for (const image of step.images.values()) image.close();
    };
    return step;
  }

  /** A decoded step for a moment, not kept: overview, print. */
  glance(index) {
    if (this.kept.has(index)) return this.kept.get(index);
    const work = this.decode(index);
    let done;
    do done = work.next(); while (!done.done);
    return done.value;
  }

  blob(digest) {
    return new Blob([payload(`blob-${digest}`)], { type: this.mimes.get(digest) });
  }

  async load(step) {
    await Promise.all(step.pictures.map(async ({ digest }) => {
      const image = await createImageBitmap(this.blob(digest));
      if (step.dropped) image.close(); else step.images.set(digest, image);
    }));
    step.loading = null;
  }
}

function whenIdle(run) {
  if (window.requestIdleCallback) requestIdleCallback(run, { timeout: 100 }); else setTimeout(run, 16);
}
