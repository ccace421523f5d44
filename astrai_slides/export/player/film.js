// A step that is a film: its video is never shown itself, its pictures are painted on the canvas.
class Film {
  constructor(blob, fps, info) {
    this.fps = fps;
    this.loop = info.loop;
    this.url = URL.createObjectURL(blob);
    this.video = document.createElement("video");
    Object.assign(this.video, { src: this.url, preload: "auto", playsInline: true, muted: isReceiver });
    this.failed = false;
    this.video.addEventListener("error", () => { this.failed = true; });
  }

  /** Whether there is a picture to paint. */
  get ready() {
    return !this.failed && this.video.readyState >= 2 && !this.video.seeking;
  }

  get ended() {
    return this.failed || this.video.ended;
  }

  /** In frames of the scene's rate. */
  get position() {
    return this.video.currentTime * this.fps;
  }

  play(position, rate) {
    this.video.playbackRate = rate;
    if (Math.abs(this.position - position) >= 1) this.video.currentTime = position / this.fps;
    this.video.play().catch(() => {
      // Sound before the first touch or key is not allowed; the picture is.
      this.video.muted = true;
      return this.video.play().catch(() => {});
    });
  }

  pause() {
    this.video.pause();
  }

  /** Resolves when the picture at `position` is there. One seek at a time; the latest wish wins. */
  async seek(position) {
    this.video.pause();
    this.wish = position;
    if (this.seeking) return this.seeking;
    this.seeking = (async () => {
      while (this.wish !== null && !this.failed) {
        const wish = this.wish;
        this.wish = null;
        await this.reach((wish + 0.5) / this.fps);
      }
      this.seeking = null;
    })();
    return this.seeking;
  }

  reach(seconds) {
    return new Promise((resolve) => {
      const video = this.video, events = ["seeked", "error", "emptied"];
      const done = () => {
        for (const name of events) video.removeEventListener(name, done);
        resolve();
      };
      for (const name of events) video.addEventListener(name, done);
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
