// The bytes of a step or of what it opens with: a chunk, or how it differs from another (export/html/difference.py).
import { damaged } from "./base.js";
import { inflate } from "./inflate.js";
import { payload } from "./parts.js";
import { Reader } from "./reader.js";

/** The inflated bytes that `info` of a header names; `index` is the chunk of a step of the default. */
export function* bytesOf(info, index) {
  const raw = yield* inflate(payload(`chunk-${info.chunk ?? index}`), info.raw);
  if (info.base === undefined) return raw;
  return applied(raw, yield* inflate(payload(`chunk-${info.base}`), info.base_raw), info.whole);
}

/** What differs from `base` as `difference` says; `size` bytes. */
function applied(difference, base, size) {
  const copies = new Reader(difference), out = new Uint8Array(size);
  const end = copies.count() + copies.at;
  let literal = end, to = 0, from = 0;
  const take = (bytes, start, count) => {
    if (start < 0 || start + count > bytes.length || to + count > size) damaged("a step differs otherwise than announced");
    out.set(bytes.subarray(start, start + count), to);
    to += count;
  };
  while (copies.at < end) {
    const count = copies.unsigned(), length = copies.unsigned();
    take(difference, literal, count);
    literal += count;
    from += copies.signed();
    take(base, from, length);
    from += length;
  }
  take(difference, literal, difference.length - literal);
  if (to !== size) damaged("a step has another size than announced");
  return out;
}
