// What stands under the picture: the moment of the step, frame by frame, and where the deck is.

export class Strip {
  constructor(deck, element) {
    this.deck = deck;
    this.root = document.documentElement;
    [this.moment, this.steps, this.follow, this.time, this.objects] = ["moment", "step", "follow", "time", "objects"].map(element);
    deck.pressed = (event) => this.press(event);
    addEventListener("keydown", (event) => this.press(event));
    this.moment.addEventListener("input", () => this.seek(this.moment.value));
    this.steps.addEventListener("change", () => deck.player?.seek(this.steps.selectedIndex));
    element("back").addEventListener("click", () => this.move(-1));
    element("on").addEventListener("click", () => this.move(1));
    // Keys are the deck's again.
    for (const control of [this.moment, this.steps, this.follow]) control.addEventListener("change", () => deck.focus());
    for (const control of [element("back"), element("on")]) control.addEventListener("click", () => deck.focus());
    const everyPicture = () => {
      // First, so that one error does not end it.
      requestAnimationFrame(everyPicture);
      this.publish();
    };
    requestAnimationFrame(everyPicture);
  }

  get isFollowing() {
    return this.follow.checked;
  }

  set isFollowing(follow) {
    this.follow.checked = follow;
  }

  /** The steps are others now. */
  renew() {
    const steps = this.deck.player?.steps ?? [];
    this.steps.replaceChildren(...steps.map(({ name }, index) => new Option(`${index + 1}  ${name}`, index)));
  }

  /** Say where the deck is. */
  publish() {
    const { player } = this.deck;
    if (!player) return;
    const { index, name, seconds, ended } = player.current, length = player.steps[index].seconds;
    const now = ended ? length : seconds, { at, playing } = this.deck.dataset;
    for (const [key, value] of Object.entries({ step: name, at, playing, seconds: now.toFixed(3) })) {
      if (this.root.dataset[key] !== value) this.root.dataset[key] = value;
    }
    const frames = String(Math.round(length * player.fps));
    if (this.moment.max !== frames) this.moment.max = frames;
    if (document.activeElement !== this.moment) this.moment.value = Math.round(now * player.fps);
    if (this.steps.selectedIndex !== index) this.steps.selectedIndex = index;
    const time = `${now.toFixed(2)} / ${length.toFixed(2)} s`, objects = `${player.objects} objects`;
    if (this.time.textContent !== time) this.time.textContent = time;
    if (this.objects.textContent !== objects) this.objects.textContent = objects;
  }

  /** Show a moment of the step, in frames. */
  seek(frame) {
    const { player } = this.deck;
    player?.seek(player.current.index, Math.max(0, frame) / player.fps);
  }

  /** Show the frame that is `by` frames on. */
  move(by) {
    const { player } = this.deck;
    if (!player) return;
    const { index, seconds, ended } = player.current;
    this.seek(Math.round((ended ? player.steps[index].seconds : seconds) * player.fps) + by);
  }

  /** Keys of this page, which in it go before the deck's. */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "f") this.follow.checked = !this.follow.checked;
    else if (key === "," || key === "[") this.move(-1);
    else if (key === "." || key === "]") this.move(1);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
