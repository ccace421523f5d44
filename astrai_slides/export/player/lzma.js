// LZMA as export/html/streams.py writes it (raw; three literal context bits, no position bits). A generator, so that what is
// unpacked ahead of time can pause; it goes on where it was for what is wanted next.
import { damaged } from "./base.js";

const PAUSE = 1 << 16;
const STATES = 12, SLOTS = 64, LEN_TABLE = 2 + 8 + 8 + 256;
// Where the probabilities of each kind of bit begin.
const IS_MATCH = 0, IS_REP = STATES, IS_REP0 = 2 * STATES, IS_REP1 = 3 * STATES, IS_REP2 = 4 * STATES, IS_LONG = 5 * STATES;
const SLOT = 6 * STATES, DISTANCE = SLOT + 4 * SLOTS, ALIGN = DISTANCE + 128, LENGTH = ALIGN + 16, REP_LENGTH = LENGTH + LEN_TABLE;
const LITERAL = REP_LENGTH + LEN_TABLE, COUNT = LITERAL + 8 * 0x300;

/** What `data` unpacks to, `size` bytes, as far as it was asked for. */
export class Lzma {
  constructor(data, size) {
    this.out = new Uint8Array(size);
    this.at = 0;
    this.work = unpack(data, this.out);
  }

  *bytes(start, end) {
    if (!(start >= 0 && start <= end && end <= this.out.length)) damaged("a step is not where it was announced");
    while (this.at < end) {
      const { done, value } = this.work.next();
      // one that failed before is done from then on
      if (done && !(value >= end)) damaged("a step ends too early");
      this.at = value;
      if (this.at < end) yield;
    }
    return this.out.subarray(start, end);
  }
}

/** Fills `out`; yields, and returns, how much of it there is. */
function* unpack(data, out) {
  const probs = new Uint16Array(COUNT).fill(1024), size = out.length, ends = data.length + 8;
  // range and code, of 32 bits
  const now = new Uint32Array(2);
  let at = 5;
  now[0] = 0xffffffff;
  now[1] = data[1] << 24 | data[2] << 16 | data[3] << 8 | data[4];
  if (data[0] !== 0) damaged("a step is not packed as it should be");

  const normalized = () => {
    if (now[0] >= 0x1000000) return;
    now[0] <<= 8;
    now[1] = now[1] << 8 | data[at++];
  };
  const bit = (index) => {
    const prob = probs[index], bound = Math.imul(now[0] >>> 11, prob) >>> 0;
    if (now[1] < bound) {
      now[0] = bound;
      probs[index] = prob + (2048 - prob >> 5);
      normalized();
      return 0;
    }
    now[0] -= bound;
    now[1] -= bound;
    probs[index] = prob - (prob >> 5);
    normalized();
    return 1;
  };
  const tree = (base, bits) => {
    let node = 1;
    for (let n = 0; n < bits; n++) node = node << 1 | bit(base + node);
    return node - (1 << bits);
  };
  const reversed = (base, bits) => {
    let node = 1, value = 0;
    for (let n = 0; n < bits; n++) {
      const one = bit(base + node);
      node = node << 1 | one;
      value |= one << n;
    }
    return value;
  };
  const direct = (bits) => {
    let value = 0;
    for (let n = 0; n < bits; n++) {
      now[0] >>>= 1;
      const one = now[1] >= now[0] ? 1 : 0;
      if (one) now[1] -= now[0];
      normalized();
      value = (value << 1 | one) >>> 0;
    }
    return value;
  };
  const lengthOf = (base) => {
    if (!bit(base)) return tree(base + 1, 3) + 2;
    if (!bit(base + 1)) return tree(base + 9, 3) + 10;
    return tree(base + 17, 8) + 18;
  };
  const distanceOf = (length) => {
    const slot = tree(SLOT + SLOTS * Math.min(length - 2, 3), 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1, high = ((2 | slot & 1) << bits) >>> 0;
    if (slot < 14) return high + reversed(DISTANCE + high - slot, bits);
    return high + direct(bits - 4) * 16 + reversed(ALIGN, 4);
  };

  let to = 0, state = 0, rep0 = 0, rep1 = 0, rep2 = 0, rep3 = 0, pause = PAUSE;
  while (to < size) {
    if (at > ends) damaged("a step ends too early");
    if (to >= pause) {
      yield to;
      pause = to + PAUSE;
    }
    if (!bit(IS_MATCH + state)) {
      const base = LITERAL + 0x300 * (to ? out[to - 1] >> 5 : 0);
      let node = 1;
      if (state >= 7) {
        if (rep0 >= to) damaged("a step cannot be unpacked");
        for (let match = out[to - rep0 - 1] << 1; node < 0x100; match <<= 1) {
          const like = match & 0x100, one = bit(base + 0x100 + like + node);
          node = node << 1 | one;
          if (like >> 8 !== one) break;
        }
      }
      while (node < 0x100) node = node << 1 | bit(base + node);
      out[to++] = node;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let length;
    if (!bit(IS_REP + state)) {
      [rep3, rep2, rep1] = [rep2, rep1, rep0];
      length = lengthOf(LENGTH);
      state = state < 7 ? 7 : 10;
      rep0 = distanceOf(length);
    } else if (!bit(IS_REP0 + state)) {
      if (!bit(IS_LONG + state)) {
        length = 1;
        state = state < 7 ? 9 : 11;
      }
    } else if (!bit(IS_REP1 + state)) [rep0, rep1] = [rep1, rep0];
    else if (!bit(IS_REP2 + state)) [rep0, rep1, rep2] = [rep2, rep0, rep1];
    else [rep0, rep1, rep2, rep3] = [rep3, rep0, rep1, rep2];
    if (length === undefined) {
      length = lengthOf(REP_LENGTH);
      state = state < 7 ? 8 : 11;
    }
    if (rep0 >= to || length > size - to) damaged("a step cannot be unpacked");
    if (rep0 >= length) out.copyWithin(to, to - rep0 - 1, to - rep0 - 1 + length);
    else for (let i = 0; i < length; i++) out[to + i] = out[to + i - rep0 - 1];
    to += length;
  }
  return to;
}
