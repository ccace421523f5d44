// A step that is a film: its video is never shown itself, its pictures are painted on the canvas.
import { NEARLY } from "./frames.js";

// After "seeked": a hidden page is shown no pictures, so that one would be waited for without end; one that is seen is
// shown it, on a busy machine late, and would show the picture before in its place.
const LONGEST_SHOWING_MS = { hidden: 250, visible: 3000 };

export class Film {
  constructor(blob, fps, info) {
    this.fps = fps;
    this.loop = info.loop;
    this.url = URL.createObjectURL(blob);
    this.video = document.createElement("video");
    Object.assign(this.video, { src: this.url, preload: "auto", playsInline: true });
    this.failed = false;
    this.wish = null;
    this.reached = true;
    /** Called when a sought picture can be painted, told whether it is the one wished for last. */
    this.arrived = () => {};
    this.video.addEventListener("error", () => { this.failed = true; });
  }

  /** Whether there is a picture to paint, and it is of where the film is. */
  get ready() {
    return !this.failed && this.video.readyState >= 2 && !this.video.seeking && this.reached;
  }

  get ended() {
    return this.failed || this.video.ended;
  }

  /** In frames of the scene's rate. */
  get position() {
    return this.video.currentTime * this.fps;
  }

  /**
   * Play from `position`, a frame up to `last`. Backwards it is only gone to, as pictures are sought one by one: at once, or
   * else the picture that it is at, wherever that is, would be painted first.
   */
  start(position, direction, rate, last) {
    if (direction > 0) this.play(position, rate); else this.seek(Math.min(position, last));
  }

  play(position, rate) {
    this.wish = null;
    this.video.playbackRate = rate;
    if (Math.abs(this.position - position) >= 1) this.reach(position / this.fps);
    this.video.play().catch(() => {
      // Sound before the first touch or key is not allowed; the picture is.
      this.video.muted = true;
      return this.video.play().catch(() => {});
    });
  }

  pause() {
    this.video.pause();
  }

  /** Go to `position` and stay there, and call `arrived` then. One seek at a time; the latest wish wins. */
  async seek(position) {
    this.video.pause();
    this.wish = position;
    if (this.seeking) return;
    this.seeking = true;
    while (this.wish !== null && !this.failed) {
      const wish = this.wish;
      this.wish = null;
      const seconds = (Math.floor(wish + NEARLY) + 0.5) / this.fps;
      // Browsers do not tell of a picture that they show already.
      // oxlint-disable-next-line no-await-in-loop -- one seek at a time
      if (!this.ready || Math.abs(this.video.currentTime - seconds) * this.fps > 0.25) await this.reach(seconds);
      if (this.ready || this.failed) this.arrived(this.wish === null || this.failed);
    }
    this.seeking = false;
  }

  /** Resolves when the picture at `seconds` can be painted, or never will be, or another is to be reached instead. */
  reach(seconds) {
    const { video } = this, frame = 1 / this.fps, events = ["error", "emptied"];
    this.overtake?.();
    this.reached = false;
    return new Promise((resolve) => {
      let timer = 0, request = 0, there = false;
      const done = () => {
        for (const name of events) video.removeEventListener(name, done);
        video.removeEventListener("seeked", sought);
        video.cancelVideoFrameCallback?.(request);
        clearTimeout(timer);
        this.reached = true;
        this.overtake = null;
        resolve();
      };
      // "seeked" may come before the picture is where it is painted from: under load the one before is still there.
      const shown = (_, { mediaTime }) => {
        there = mediaTime > seconds - frame && mediaTime < video.currentTime + frame / 4;
        if (there && !video.seeking) done(); else request = video.requestVideoFrameCallback(shown);
      };
      const sought = () => {
        if (there || !video.requestVideoFrameCallback) done(); else timer = setTimeout(done, LONGEST_SHOWING_MS[document.visibilityState]);
      };
      for (const name of events) video.addEventListener(name, done);
      video.addEventListener("seeked", sought);
      if (video.requestVideoFrameCallback) request = video.requestVideoFrameCallback(shown);
      this.overtake = done;
      video.currentTime = seconds;
    });
  }

  drop() {
    this.failed = true;
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.load();
    URL.revokeObjectURL(this.url);
  }
}
