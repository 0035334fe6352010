import { ByteWriter } from 'hyparquet-writer';
import { ByteReader } from './byte-reader.ts';

/** What the compact protocol of Thrift calls its types. */
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const I16 = 4;
const I32 = 5;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const SET = 10;
const MAP = 11;
const STRUCT = 12;
const UUID = 13;

/** Of a list or field whose number does not fit into four bits. */
const LONG = 15;

/** A field as it was written, which is understood when it is asked for and else goes through to the bit, known or not. */
export interface ThriftField {
  readonly type: number;
  /** Without the header; none of a boolean, whose type is its value. */
  readonly bytes: Uint8Array;
}

/** By their number, in the order in which they were written. */
export type ThriftStruct = ReadonlyMap<number, ThriftField>;

/** Throws a RangeError where the bytes are no struct. */
export function readStruct(reader: ByteReader): ThriftStruct {
  const fields = new Map<number, ThriftField>();
  let id = 0;
  for (let header = reader.byte(); header !== 0; header = reader.byte()) {
    const delta = header >> 4;
    id = delta === 0 ? reader.zigzag() : id + delta;
    if (fields.has(id)) throw new RangeError(`field ${id} is there twice`);
    const type = header & LONG;
    const start = reader.offset;
    if (type !== TRUE && type !== FALSE) skip(reader, type);
    fields.set(id, { type, bytes: reader.bytes.subarray(start, reader.offset) });
  }
  return fields;
}

const FIXED_BYTES: Readonly<Record<number, number>> = { [TRUE]: 1, [FALSE]: 1, [BYTE]: 1, [DOUBLE]: 8, [UUID]: 16 };

function skip(reader: ByteReader, type: number): void {
  const fixed = FIXED_BYTES[type];
  if (fixed !== undefined) reader.take(fixed);
  else if (type === I16 || type === I32 || type === I64) reader.skipVarint();
  else if (type === BINARY) reader.take(reader.varint());
  else if (type === LIST || type === SET) skipItems(reader);
  else if (type === MAP) skipPairs(reader);
  else if (type === STRUCT) readStruct(reader);
  else throw new RangeError(`Thrift has no type ${type}`);
}

function skipItems(reader: ByteReader): void {
  const { type, length } = listHeader(reader);
  for (let left = length; left > 0; left -= 1) skip(reader, type);
}

function skipPairs(reader: ByteReader): void {
  const length = reader.varint();
  const types = length === 0 ? 0 : reader.byte();
  for (let left = length; left > 0; left -= 1) {
    skip(reader, types >> 4);
    skip(reader, types & LONG);
  }
}

function listHeader(reader: ByteReader): { readonly type: number; readonly length: number } {
  const header = reader.byte();
  const short = header >> 4;
  return { type: header & LONG, length: short === LONG ? reader.varint() : short };
}

export function numberOf(struct: ThriftStruct, id: number): number | undefined {
  const bytes = ofType(struct.get(id), [I16, I32, I64]);
  return bytes === undefined ? undefined : new ByteReader(bytes).zigzag();
}

export function neededNumber(struct: ThriftStruct, id: number): number {
  return needed(numberOf(struct, id), id);
}

export function booleanOf(struct: ThriftStruct, id: number): boolean | undefined {
  const field = struct.get(id);
  ofType(field, [TRUE, FALSE]);
  return field === undefined ? undefined : field.type === TRUE;
}

/** Text in UTF-8. */
export function neededText(struct: ThriftStruct, id: number): string {
  return text(new ByteReader(needed(ofType(struct.get(id), [BINARY]), id)));
}

export function neededStruct(struct: ThriftStruct, id: number): ThriftStruct {
  return readStruct(new ByteReader(needed(ofType(struct.get(id), [STRUCT]), id)));
}

export function neededStructs(struct: ThriftStruct, id: number): readonly ThriftStruct[] {
  return items(needed(ofType(struct.get(id), [LIST]), id), STRUCT, readStruct);
}

export function neededTexts(struct: ThriftStruct, id: number): readonly string[] {
  return items(needed(ofType(struct.get(id), [LIST]), id), BINARY, text);
}

function text(reader: ByteReader): string {
  return Buffer.from(reader.take(reader.varint())).toString('utf8');
}

function items<T>(list: Uint8Array, of: number, read: (reader: ByteReader) => T): T[] {
  const reader = new ByteReader(list);
  const { type, length } = listHeader(reader);
  if (length > 0 && type !== of) throw new RangeError(`a list is of type ${type} and not ${of}`);
  const found: T[] = [];
  while (found.length < length) found.push(read(reader));
  return found;
}

function ofType(field: ThriftField | undefined, types: readonly number[]): Uint8Array | undefined {
  if (field !== undefined && !types.includes(field.type)) throw new RangeError(`a field is of type ${field.type}`);
  return field?.bytes;
}

function needed<T>(value: T | undefined, id: number): T {
  if (value === undefined) throw new RangeError(`field ${id} is missing`);
  return value;
}

/** With other fields in the place of some, or beside them, by number. */
export function changed(struct: ThriftStruct, changes: Iterable<readonly [number, ThriftField]>): ThriftStruct {
  return new Map([...struct, ...changes].sort(([a], [b]) => a - b));
}

export function writtenStruct(struct: ThriftStruct): Uint8Array {
  const writer = new ByteWriter();
  let last = 0;
  for (const [id, { type, bytes }] of struct) {
    const delta = id - last;
    const isShort = delta > 0 && delta <= LONG;
    writer.appendUint8(isShort ? (delta << 4) | type : type);
    if (!isShort) writer.appendZigZag(id);
    writer.appendBytes(bytes);
    last = id;
  }
  writer.appendUint8(0);
  return writer.getBytes();
}

export const int16 = (value: number): ThriftField => integer(I16, value);
export const int32 = (value: number): ThriftField => integer(I32, value);
export const int64 = (value: number): ThriftField => integer(I64, value);

export function structField(struct: ThriftStruct): ThriftField {
  return { type: STRUCT, bytes: writtenStruct(struct) };
}

export function structsField(structs: readonly ThriftStruct[]): ThriftField {
  return list(STRUCT, structs.map(writtenStruct));
}

export function int32sField(values: readonly number[]): ThriftField {
  return list(
    I32,
    values.map((value) => int32(value).bytes),
  );
}

function integer(type: number, value: number): ThriftField {
  const writer = new ByteWriter(16);
  writer.appendZigZag(BigInt(value));
  return { type, bytes: writer.getBytes() };
}

function list(type: number, written: readonly Uint8Array[]): ThriftField {
  const writer = new ByteWriter();
  const { length } = written;
  writer.appendUint8((Math.min(length, LONG) << 4) | type);
  if (length >= LONG) writer.appendVarInt(length);
  for (const bytes of written) writer.appendBytes(bytes);
  return { type: LIST, bytes: writer.getBytes() };
}
