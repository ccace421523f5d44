// The bytes of a step or of what it opens with: a chunk, or a place in a stream of many (export/html/streams.py).
import { damaged } from "./base.js";
import { inflate } from "./inflate.js";
import { Lzma } from "./lzma.js";
import { partOf, payload, told } from "./parts.js";

const streams = new Map();

/** The inflated bytes that `info` of a header names; `index` is the chunk of a step that is in no stream. */
export function* bytesOf(info, index) {
  if (!info.stream) return yield* inflate(payload(`chunk-${info.chunk ?? index}`), info.raw);
  const [number, start] = info.stream;
  return yield* streamOf(number).bytes(start, start + info.raw);
}

/** A stream, unpacked as far as it was asked for. */
function streamOf(number) {
  const id = `stream-${number}`, text = partOf(id), known = streams.get(id);
  if (known?.text === text) return known.stream;
  const stream = opened(id);
  streams.set(id, { text, stream });
  return stream;
}

function opened(id) {
  const data = payload(id), view = new DataView(data.buffer, data.byteOffset);
  if (data.length < 9) damaged("a step ends too early");
  return new Lzma(data.subarray(4), view.getUint32(0, true));
}

/** What a part says in JSON that is packed as a stream is. */
function toldPacked(id) {
  const stream = opened(id), work = stream.bytes(0, stream.out.length);
  for (;;) {
    const { done, value } = work.next();
    if (done) return JSON.parse(new TextDecoder().decode(value));
  }
}

/** The part `explore`; with the steps of `variants`, which are not unpacked before somebody asks for them. */
export function toldExplore() {
  let others = null;
  const all = () => others ??= toldPacked("variants");
  return { ...told("explore"), get steps() { return all().steps; }, get openings() { return all().openings; } };
}
