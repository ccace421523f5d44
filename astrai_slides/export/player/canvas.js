// One canvas behind the slides, with exactly the screen's own pixels.
const MOST_PIXELS = 4096;

export class Screen {
  constructor(canvas, redraw) {
    this.canvas = canvas;
    this.redraw = redraw;
    this.ctx = canvas.getContext("2d", { alpha: false });
    const box = canvas.getBoundingClientRect();
    this.size(box.width * devicePixelRatio, box.height * devicePixelRatio);
    this.watch();
    this.watchRatio();
  }

  size(width, height) {
    const shrink = Math.min(1, MOST_PIXELS / Math.max(width, height));
    const [across, down] = [Math.round(width * shrink) || 1, Math.round(height * shrink) || 1];
    if (across === this.canvas.width && down === this.canvas.height) return;
    this.canvas.width = across;
    this.canvas.height = down;
    // Setting a size clears: draw at once, before the browser shows it.
    this.redraw();
  }

  watch() {
    this.observer = new ResizeObserver(([entry]) => {
      const width = entry.contentRect.width * devicePixelRatio, height = entry.contentRect.height * devicePixelRatio;
      const exact = entry.devicePixelContentBoxSize?.[0];
      // The exact box differs by rounding only; an emulated screen reports CSS pixels in its place.
      if (exact && Math.abs(exact.inlineSize - width) < 2) this.size(exact.inlineSize, exact.blockSize);
      else this.size(width, height);
    });
    try {
      this.observer.observe(this.canvas, { box: "device-pixel-content-box" });
    } catch {
      this.observer.observe(this.canvas);
    }
  }

  /** A window moved to another screen keeps its CSS size; only the ratio tells. */
  watchRatio() {
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", () => {
      this.observer.disconnect();
      this.watch();
      this.watchRatio();
    }, { once: true });
  }
}
