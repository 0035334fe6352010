/** A field of a protobuf message: a number for varints, bytes for text and messages; fields of fixed width are passed over. */
export interface ProtobufField {
  readonly field: number;
  readonly value: number | Buffer;
}

/** The fields of a message in their order. (The client of HDFS reads protobuf for itself, since it is usable without the rest.) Throws a RangeError where the bytes are no such message. */
export function* protobufFields(message: Buffer): Generator<ProtobufField> {
  const reader = { message, next: 0 };
  while (reader.next < message.length) {
    const tag = readVarint(reader);
    const [field, wireType] = [Math.floor(tag / 8), tag % 8];
    if (wireType === 0) yield { field, value: readVarint(reader) };
    else if (wireType === 2) yield { field, value: readBytes(reader, readVarint(reader)) };
    else if (wireType === 1 || wireType === 5) readBytes(reader, wireType === 1 ? 8 : 4);
    else throw new RangeError(`wire type ${wireType} at ${reader.next}`);
  }
}

/** Numbers that stand side by side in one field. */
export function packedVarints(bytes: Buffer): number[] {
  const reader = { message: bytes, next: 0 };
  const numbers: number[] = [];
  while (reader.next < bytes.length) numbers.push(readVarint(reader));
  return numbers;
}

/** A signed number out of its zigzag form. */
export function signed(zigzag: number): number {
  return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
}

interface Reader {
  readonly message: Buffer;
  next: number;
}

/** Exact up to 2^53. */
function readVarint(reader: Reader): number {
  let value = 0;
  for (let shift = 1; ; shift *= 128) {
    const byte = reader.message.readUInt8(reader.next);
    reader.next += 1;
    value += (byte & 0x7f) * shift;
    if (byte < 0x80) return value;
  }
}

function readBytes(reader: Reader, length: number): Buffer {
  const start = reader.next;
  reader.next += length;
  if (reader.next > reader.message.length) throw new RangeError(`the message ends before ${reader.next}`);
  return reader.message.subarray(start, reader.next);
}
