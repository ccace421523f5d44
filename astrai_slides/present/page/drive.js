// The page's end of what drives the deck from elsewhere: it is told which keys to press, and says where the deck is. The
// deck goes on when nobody answers.

const KEYS = { next: 34, back: 33, black: 66 };
const PICTURE_WIDTH = 640;

export class Drive {
  /** `deck` is a DeckFrame that has loaded. */
  constructor(deck) {
    this.deck = deck;
    this.inside = deck.frame.contentWindow;
    /** The number that the server knows this page by, 0 while it knows none; whether phones are let in. */
    this.page = 0;
    this.hasRemote = false;
    this.place = null;
    this.said = "";
    this.isBusy = false;
    this.pictured = null;
    this.listen();
    addEventListener("pagehide", () => {
      navigator.sendBeacon("place", this.report({ ...this.place, usual: null }));
      this.events.close();
    });
    addEventListener("pageshow", ({ persisted }) => { if (persisted) this.listen(); });
  }

  listen() {
    this.events = new EventSource("orders");
    this.events.addEventListener("message", ({ data }) => this.receive(JSON.parse(data)));
    // Another page shows the deck now, or the presentation is over.
    this.events.addEventListener("over", () => this.events.close());
  }

  receive({ page, remote, press, turn }) {
    if (press) return this.send({ astrai: "key", code: KEYS[press] });
    if (turn) return this.turn(...turn);
    this.page = page;
    this.hasRemote = remote;
    this.said = "";
    this.pictured = null;
    this.tell();
  }

  send(message) {
    this.inside.postMessage(message, location.origin);
  }

  /** Turn a knob to a value, both by their numbers. */
  turn(number, value) {
    const knob = this.knobs[number];
    if (knob) this.deck.player.turn(knob.name, knob.values[value]);
  }

  get knobs() {
    return this.deck.player?.knobs ?? [];
  }

  /** The deck is elsewhere. */
  follow(place) {
    this.place = place;
    this.tell();
  }

  /** The server knows the steps that the deck begins with, whatever its knobs are turned to. */
  report({ usual, atStart, playing, black, turns: knobs }) {
    const values = this.knobs.map((knob) => knob.values.indexOf(knob.value));
    return JSON.stringify({ page: this.page, index: usual, atStart, playing, black, values, knobs });
  }

  /** Say where the deck is, the newest last, and what its next picture is. */
  async tell() {
    if (this.isBusy || !this.page || !this.place) return;
    const report = this.report(this.place);
    if (report === this.said) return this.showNext();
    this.isBusy = true;
    const isTaken = await post("place", report);
    this.isBusy = false;
    if (!isTaken) return;
    this.said = report;
    this.tell();
  }

  async showNext() {
    const { index, usual, atStart, knobs } = this.place, on = atStart ? 0 : 1, following = usual + on;
    const pictured = `${index + on} ${following} ${knobs}`;
    if (!this.hasRemote || this.pictured === pictured || !this.deck.player?.steps[index + on]) return;
    this.pictured = pictured;
    try {
      const picture = await this.deck.player.picture(index + on, PICTURE_WIDTH);
      await post(`picture?page=${this.page}&step=${following}`, picture);
    } catch { /* a damaged step is told of when it is shown */ }
  }

  /** Answer the speaker view, which asks how a phone is let in. */
  async invite() {
    const answer = await fetch("invite", { method: "POST" }).catch(() => null);
    if (answer?.ok) this.send({ astrai: "invitation", ...await answer.json() });
  }
}

/** Whether the server took what was sent. */
async function post(address, body) {
  const answer = await fetch(address, { method: "POST", body }).catch(() => null);
  return Boolean(answer?.ok);
}
