// The frame with the deck, which is the exported page and nothing else.

const SILENCE_MS = 30_000;

export class DeckFrame {
  constructor(frame) {
    this.frame = frame;
    /** The number of the deck that it shows, 0 for none. */
    this.number = 0;
    this.query = "buttons=none";
    this.pressed = () => {};
    this.clicked = () => {};
  }

  /** The deck's script interface, null as long as there is none. */
  get player() {
    return this.number ? this.frame.contentWindow.astrai ?? null : null;
  }

  /** What the deck's page says of itself. */
  get dataset() {
    return this.frame.contentDocument.documentElement.dataset;
  }

  /** Show the newest deck: where the one before was, or the step that changed if `follow`. */
  async bring(follow) {
    const answer = await fetch(`update?since=${this.number}`);
    const { deck, update, changed, moved } = await answer.json();
    const wanted = follow ? changed : null;
    if (!update || !(await this.take({ ...update, moved }, wanted))) await this.load(deck, wanted, moved);
    this.number = deck;
  }

  /** Whether the deck took what has changed; else it is to be loaded whole. */
  async take(update, wanted) {
    try {
      await this.player.update(update, wanted);
      return true;
    } catch {
      return false;
    }
  }

  async load(number, wanted, moved) {
    const before = this.player?.current, here = before && (moved[before.name] ?? before.name);
    const stays = before && (wanted === null || wanted === here);
    const name = stays ? here : wanted;
    this.frame.hidden = false;
    await new Promise((resolve) => {
      this.frame.addEventListener("load", resolve, { once: true });
      this.frame.src = `deck.html?${this.query}&deck=${number}${name === null ? "" : `#/${encodeURIComponent(name)}`}`;
    });
    const inside = this.frame.contentWindow;
    await begun(this.frame.contentDocument.documentElement);
    if (stays && !before.ended && inside.astrai?.steps.some((step) => step.name === name)) {
      await inside.astrai.seek(name, before.seconds);
    }
    inside.addEventListener("keydown", (event) => this.pressed(event), true);
    inside.addEventListener("click", (event) => this.clicked(event));
    inside.focus();
  }

  focus() {
    this.frame.contentWindow.focus();
  }
}

/** Resolves when the deck whose `<html>` is given has said whether it can be shown, or says nothing for long. */
function begun(html) {
  return new Promise((resolve) => {
    const watch = new MutationObserver(look);
    const end = () => {
      clearTimeout(timer);
      watch.disconnect();
      resolve();
    };
    const timer = setTimeout(end, SILENCE_MS);
    function look() {
      if (html.dataset.state) end();
    }
    watch.observe(html, { attributes: true });
    look();
  });
}
