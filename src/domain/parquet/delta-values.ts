import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { ByteReader } from './byte-reader.ts';
import { TYPE } from './format.ts';
import { fixedValues, readPlain, type PlainValues } from './plain-values.ts';
import type { Leaf } from './schema-leaves.ts';

/** DELTA_BINARY_PACKED as PLAIN has it. These, as all here, throw a RangeError where the bytes are not what they should be. */
export function deltaIntegers(bytes: Uint8Array, count: number, { type, width }: Leaf): PlainValues {
  if (type !== TYPE.int32 && type !== TYPE.int64) throw new RangeError(`differences of type ${type}`);
  const integers = unpacked(new ByteReader(bytes), count);
  const values = type === TYPE.int64 ? integers : inInt32(integers);
  return fixedValues(new Uint8Array(values.buffer), count, width!);
}

/**
 * Leaves the reader behind them. All are taken for 64 bits, and wrapped where they are of 32: DuckDB begins with an unsigned number of 32 bits as one of 64,
 * of which hyparquet's own way for 32 bits loses the highest.
 */
function unpacked(reader: ByteReader, count: number): BigInt64Array<ArrayBuffer> {
  const { bytes, offset } = reader;
  const [blockSize, miniblocks, stated] = [reader.varint(), reader.varint(), reader.varint()];
  const isSound = blockSize > 0 && miniblocks > 0 && blockSize % (miniblocks * 8) === 0 && stated === count;
  if (!isSound)
    throw new RangeError(`${stated} differences in place of ${count}, in blocks of ${blockSize} in ${miniblocks}`);
  const place = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset };
  const integers = new BigInt64Array(count);
  deltaBinaryUnpack(place, count, integers);
  if (place.offset > bytes.length) throw new RangeError('differences end too early');
  reader.offset = place.offset;
  return integers;
}

function inInt32(integers: BigInt64Array): Int32Array<ArrayBuffer> {
  const wrapped = new Int32Array(integers.length);
  for (const [at, integer] of integers.entries()) wrapped[at] = Number(BigInt.asIntN(32, integer));
  return wrapped;
}

/** DELTA_LENGTH_BYTE_ARRAY. */
export function deltaLengthValues(bytes: Uint8Array, count: number, leaf: Leaf): PlainValues {
  const reader = new ByteReader(bytes);
  const lengths = inInt32(unpacked(reader, count));
  return joined(
    Array.from(lengths, (length) => reader.take(length)),
    reader,
    leaf,
  );
}

/** DELTA_BYTE_ARRAY: how much each has of the one before, and the rest of it. */
export function deltaByteValues(bytes: Uint8Array, count: number, leaf: Leaf): PlainValues {
  const reader = new ByteReader(bytes);
  const shared = inInt32(unpacked(reader, count));
  const lengths = inInt32(unpacked(reader, count));
  let before: Uint8Array = new Uint8Array();
  const values = Array.from(lengths, (length, at) => {
    before = Buffer.concat([new ByteReader(before).take(shared[at]!), reader.take(length)]);
    return before;
  });
  return joined(values, reader, leaf);
}

function joined(values: readonly Uint8Array[], reader: ByteReader, leaf: Leaf): PlainValues {
  if (reader.offset !== reader.bytes.length) throw new RangeError('values go on after the last of them');
  if (leaf.type === TYPE.fixed) {
    if (values.some(({ length }) => length !== leaf.width))
      throw new RangeError(`values are not of ${leaf.width} bytes`);
    return fixedValues(Buffer.concat(values), values.length, leaf.width!);
  }
  if (leaf.type !== TYPE.byteArray) throw new RangeError(`lengths of values of type ${leaf.type}`);
  return readPlain(Buffer.concat(values.flatMap((value) => [lengthOf(value), value])), values.length, leaf);
}

function lengthOf({ length }: Uint8Array): Buffer {
  const written = Buffer.alloc(4);
  written.writeUInt32LE(length);
  return written;
}

/** BYTE_STREAM_SPLIT: the first byte of all values, then the second of all. */
export function joinedStreams(bytes: Uint8Array, count: number, { type, width }: Leaf): PlainValues {
  const isSplit = width !== undefined && type !== TYPE.boolean && type !== TYPE.int96;
  if (!isSplit) throw new RangeError(`streams of type ${type}`);
  const values = fixedValues(new Uint8Array(bytes.length), count, width);
  for (let at = 0; at < bytes.length; at += 1) values.bytes[(at % count) * width + Math.floor(at / count)] = bytes[at]!;
  return values;
}
