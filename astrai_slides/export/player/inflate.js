// zlib (RFC 1950, 1951), synchronous: a step that is wanted now can be shown now, and printing cannot wait for streams.
// A generator, so that a step decoded ahead of time can pause between frames.
import { damaged } from "./base.js";

const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const DISTANCE_EXTRA = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const INFLATE_PAUSE = 1 << 16;

/** A table from the next bits to symbol << 4 | length of its code. */
function huffman(lengths) {
  const counts = new Uint16Array(16), next = new Uint32Array(16);
  let longest = 1;
  for (const length of lengths) {
    if (length) counts[length]++;
    if (length > longest) longest = length;
  }
  for (let length = 1; length < 16; length++) next[length] = (next[length - 1] + counts[length - 1]) << 1;
  const table = new Uint16Array(1 << longest);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol];
    if (!length) continue;
    const code = next[length]++;
    let reversed = 0;
    for (let bit = 0; bit < length; bit++) reversed = reversed << 1 | code >> bit & 1;
    for (; reversed < table.length; reversed += 1 << length) table[reversed] = symbol << 4 | length;
  }
  return table;
}

const FIXED_LENGTHS = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);

/** Inflate `data` to exactly `size` bytes. */
export function* inflate(data, size) {
  const out = new Uint8Array(size);
  let at = 2, held = 0, kept = 0, to = 0, pause = INFLATE_PAUSE;
  const bits = (count) => {
    while (kept < count) {
      if (at > data.length + 4) damaged("a step ends too early");
      held |= data[at++] << kept;
      kept += 8;
    }
    const value = held & (1 << count) - 1;
    held >>>= count;
    kept -= count;
    return value;
  };
  const symbol = (table) => {
    while (kept < 15) {
      if (at > data.length + 4) damaged("a step ends too early");
      held |= data[at++] << kept;
      kept += 8;
    }
    const entry = table[held & table.length - 1], length = entry & 15;
    if (!length) damaged("a step cannot be unpacked");
    held >>>= length;
    kept -= length;
    return entry >> 4;
  };
  if ((data[0] & 15) !== 8 || (data[0] << 8 | data[1]) % 31) damaged("a step is not packed as it should be");
  for (let last = 0; !last;) {
    last = bits(1);
    const kind = bits(2);
    if (kind === 0) {
      at -= kept >> 3;
      held = kept = 0;
      const length = data[at] | data[at + 1] << 8;
      at += 4;
      if (to + length > size || at + length > data.length) damaged("a step has another size than announced");
      out.set(data.subarray(at, at + length), to);
      at += length;
      to += length;
      continue;
    }
    if (kind === 3) damaged("a step cannot be unpacked");
    const [literals, distances] = kind === 1 ? [huffman(FIXED_LENGTHS), huffman(new Uint8Array(30).fill(5))] : tables(bits, symbol);
    for (let code; (code = symbol(literals)) !== 256;) {
      if (code < 256) {
        if (to === size) damaged("a step has another size than announced");
        out[to++] = code;
        continue;
      }
      if (code > 285) damaged("a step cannot be unpacked");
      const length = LENGTH_BASE[code - 257] + bits(LENGTH_EXTRA[code - 257]);
      const distanceCode = symbol(distances);
      if (distanceCode > 29) damaged("a step cannot be unpacked");
      const distance = DISTANCE_BASE[distanceCode] + bits(DISTANCE_EXTRA[distanceCode]);
      if (distance > to || to + length > size) damaged("a step has another size than announced");
      if (distance >= length) out.copyWithin(to, to - distance, to - distance + length);
      else for (let i = 0; i < length; i++) out[to + i] = out[to + i - distance];
      to += length;
      if (to > pause) {
        pause = to + INFLATE_PAUSE;
        yield;
      }
    }
  }
  if (to !== size) damaged("a step has another size than announced");
  at -= kept >> 3;
  const sum = (data[at] << 24 | data[at + 1] << 16 | data[at + 2] << 8 | data[at + 3]) >>> 0;
  if (sum !== adler(out)) damaged("a step's checksum is wrong");
  return out;
}

function tables(bits, symbol) {
  const literals = bits(5) + 257, distances = bits(5) + 1, codes = bits(4) + 4;
  const order = new Uint8Array(19);
  for (let i = 0; i < codes; i++) order[CODE_ORDER[i]] = bits(3);
  const table = huffman(order), lengths = new Uint8Array(literals + distances);
  for (let i = 0; i < lengths.length;) {
    const code = symbol(table);
    if (code < 16) { lengths[i++] = code; continue; }
    if (code === 16 && i === 0) damaged("a step cannot be unpacked");
    const value = code === 16 ? lengths[i - 1] : 0;
    const times = code === 16 ? 3 + bits(2) : code === 17 ? 3 + bits(3) : 11 + bits(7);
    if (i + times > lengths.length) damaged("a step cannot be unpacked");
    lengths.fill(value, i, i += times);
  }
  return [huffman(lengths.subarray(0, literals)), huffman(lengths.subarray(literals))];
}

/** The checksum that zlib has at its end. */
export function adler(bytes) {
  let a = 1, b = 0;
  for (let at = 0; at < bytes.length;) {
    const stop = Math.min(at + 3800, bytes.length);
    for (; at < stop; at++) b += a += bytes[at];
    a %= 65521;
    b %= 65521;
  }
  return (b << 16 | a) >>> 0;
}
