// A stage on which the bars of a chart glide when a knob is turned (glide.js).
import { stillAt } from "./frames.js";
import { glideBetween } from "./glide.js";
import { Stage } from "./stage.js";

export class GlidingStage extends Stage {
  /** The end of a step that is shown, if it is one that another could glide from. */
  get end() {
    const { step, atEnd, glide } = this;
    return step?.frames && atEnd && !step.loading ? { step, frame: stillAt(step, null), glide } : null;
  }

  /** Let bars glide here from the end of another step. Resolves once they have, or something else is shown; null: nothing glides. */
  glideFrom(before) {
    const after = this.end, glide = before && after && !document.hidden ? glideBetween(before, after) : null;
    if (!glide) return null;
    this.glide = glide;
    return new Promise((resolve) => {
      const tick = () => {
        if (this.glide !== glide) return resolve();
        if (glide.isOver) this.glide = null; else requestAnimationFrame(tick);
        this.draw(true);
        if (!this.glide) resolve();
      };
      tick();
    });
  }

  enter(index, error = null) {
    this.glide = null;
    super.enter(index, error);
  }

  draw(again = false) {
    if (!this.glide) return super.draw(again);
    this.glide.paint(this.screen.ctx, this.surround);
    this.publish();
  }

  publish() {
    if (this.glide) this.events.moved(this.info.name, false, "middle"); else super.publish();
  }
}
