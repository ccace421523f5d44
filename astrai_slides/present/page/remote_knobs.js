// The knobs that the present step depends on, to be turned on the phone.

export class RemoteKnobs {
  /** `turn` is told the numbers of a knob and of a value. */
  constructor(place, turn) {
    this.place = place;
    this.turn = turn;
    this.knobs = [];
    this.rows = [];
  }

  /** The deck's knobs, each with its label and the texts of its values. */
  take(knobs) {
    this.knobs = knobs;
    this.rows = knobs.map(({ label, texts }, knob) => {
      const row = document.createElement("label"), choice = document.createElement("select");
      choice.append(...texts.map((text, value) => new Option(text, value)));
      choice.addEventListener("change", () => this.turn(knob, Number(choice.value)));
      row.append(label, choice);
      return { row, choice };
    });
    this.place.replaceChildren(...this.rows.map(({ row }) => row));
  }

  /** Show those that the step depends on, as they stand. */
  show({ knobs, values }) {
    this.place.hidden = !knobs.length;
    for (const [knob, { row, choice }] of this.rows.entries()) {
      row.hidden = !knobs.includes(knob);
      choice.value = String(values[knob]);
    }
  }

  /** Whether they can be turned. */
  allow(isReady) {
    for (const { choice } of this.rows) choice.disabled = !isReady;
  }
}
