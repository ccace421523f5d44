// Those who wait for a picture.

export class Waiting {
  constructor() {
    this.calls = [];
  }

  /** A promise of the next picture; of the present one if that `isThere`. It may be left alone: the audience is told anyway. */
  promise(isThere, error) {
    const promise = new Promise((resolve, reject) => {
      if (error) reject(error);
      else if (isThere) resolve();
      else this.calls.push({ resolve, reject });
    });
    promise.catch(() => {});
    return promise;
  }

  resolve() {
    for (const { resolve } of this.calls.splice(0)) resolve();
  }

  reject(error) {
    for (const { reject } of this.calls.splice(0)) reject(error);
  }
}
