import { ByteReader } from './byte-reader.ts';
import { TYPE } from './format.ts';
import type { Leaf } from './schema-leaves.ts';

/** Values as PLAIN has them, one after the other, without saying what they mean; of a BOOLEAN a byte each. */
export interface PlainValues {
  readonly bytes: Uint8Array;
  readonly count: number;
  /** Bytes of each, or where each begins and, last, where the last one ends. */
  readonly places: number | Uint32Array;
}

/** Throws a RangeError where `bytes` is not as long as `count` values. */
export function readPlain(bytes: Uint8Array, count: number, { type, width }: Leaf): PlainValues {
  if (type === TYPE.boolean) return { bytes: unpacked(bytes, count), count, places: 1 };
  if (width === undefined) return { bytes, count, places: byteArrayPlaces(bytes, count) };
  return fixedValues(bytes, count, width);
}

export function fixedValues(bytes: Uint8Array, count: number, width: number): PlainValues {
  if (bytes.length !== count * width) throw new RangeError(`${count} values of ${width} bytes are not ${bytes.length}`);
  return { bytes, count, places: width };
}

function byteArrayPlaces(bytes: Uint8Array, count: number): Uint32Array {
  const places = new Uint32Array(count + 1);
  const reader = new ByteReader(bytes);
  for (let at = 1; at <= count; at += 1) {
    reader.take(reader.uint32());
    places[at] = reader.offset;
  }
  if (reader.offset !== bytes.length)
    throw new RangeError(`${count} values end at ${reader.offset} of ${bytes.length} bytes`);
  return places;
}

function unpacked(bytes: Uint8Array, count: number): Uint8Array {
  if (bytes.length * 8 < count) throw new RangeError(`${count} bits are not in ${bytes.length} bytes`);
  const bits = new Uint8Array(count);
  for (let at = 0; at < count; at += 1) bits[at] = (bytes[at >> 3]! >> (at & 7)) & 1;
  return bits;
}

/** What PLAIN has of those values of which `isKept` is 1, in their order. */
export function keptPlain(values: PlainValues, isKept: Uint8Array, { type }: Leaf): Uint8Array {
  const kept = keptBytes(values, isKept);
  if (type !== TYPE.boolean) return kept;
  const packed = new Uint8Array((kept.length + 7) >> 3);
  for (let at = 0; at < kept.length; at += 1) packed[at >> 3]! |= kept[at]! << (at & 7);
  return packed;
}

function keptBytes({ bytes, count, places }: PlainValues, isKept: Uint8Array): Uint8Array {
  const placeOf = (at: number): number => (typeof places === 'number' ? at * places : places[at]!);
  const kept = new Uint8Array(bytes.length);
  let length = 0;
  for (let first = isKept.indexOf(1); first !== -1;) {
    const gone = isKept.indexOf(0, first);
    const end = gone === -1 ? count : gone;
    const run = bytes.subarray(placeOf(first), placeOf(end));
    kept.set(run, length);
    length += run.length;
    first = isKept.indexOf(1, end);
  }
  return kept.subarray(0, length);
}
