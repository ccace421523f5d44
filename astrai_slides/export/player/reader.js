// The numbers of the recording format, every bound checked.
import { damaged } from "./base.js";

/** No point lies farther from the middle, in steps of the recording's grid. */
export const COORDINATE_LIMIT = 1 << 28;

export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get left() {
    return this.bytes.length - this.at;
  }

  byte() {
    if (this.at >= this.bytes.length) damaged("a step ends too early");
    return this.bytes[this.at++];
  }

  unsigned() {
    const bytes = this.bytes;
    let at = this.at, value = bytes[at++];
    if (value > 127) {
      value &= 127;
      for (let scale = 128; ; scale *= 128) {
        const byte = bytes[at++];
        value += (byte & 127) * scale;
        if (byte < 128) break;
        if (scale > 1 << 27) damaged("a number is too long");
      }
    }
    if (at > bytes.length || value !== value) damaged("a step ends too early");
    this.at = at;
    return value;
  }

  signed() {
    const value = this.unsigned();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }

  /** How many entries follow; each takes a byte at least. */
  count() {
    const value = this.unsigned();
    if (value > this.left) damaged("a table is longer than its step");
    return value;
  }

  /** The next four bytes, 0xRRGGBBAA. */
  colour() {
    return (this.byte() << 24 | this.byte() << 16 | this.byte() << 8 | this.byte()) >>> 0;
  }
}
