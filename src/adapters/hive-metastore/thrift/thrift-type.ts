import type { BinaryReader } from './binary-reader.ts';
import type { BinaryWriter } from './binary-writer.ts';
import { corruptMessage, WIRE } from './wire.ts';

/** How values of one Thrift type are read and written. */
export interface ThriftType<T> {
  readonly wire: number;
  read(reader: BinaryReader): T;
  write(writer: BinaryWriter, value: T): void;
}

type TypeOf<T> = T extends ThriftType<infer Value> ? Value : never;
type Fields = Readonly<Record<string, readonly [id: number, type: ThriftType<unknown>]>>;

/** Every field may be absent, whatever the IDL of one version says: versions differ. */
export type StructOf<F extends Fields> = { readonly [K in keyof F]?: TypeOf<F[K][1]> | undefined };
export type Decoded<S> = TypeOf<S>;

export const bool: ThriftType<boolean> = {
  wire: WIRE.bool,
  read: (reader) => reader.byte() === 1,
  write: (writer, value) => writer.byte(value ? 1 : 0),
};
export const byte: ThriftType<number> = {
  wire: WIRE.byte,
  read: (reader) => reader.byte(),
  write: (writer, value) => writer.byte(value),
};
export const i16: ThriftType<number> = {
  wire: WIRE.i16,
  read: (reader) => reader.i16(),
  write: (writer, value) => writer.i16(value),
};
export const i32: ThriftType<number> = {
  wire: WIRE.i32,
  read: (reader) => reader.i32(),
  write: (writer, value) => writer.i32(value),
};
export const i64: ThriftType<bigint> = {
  wire: WIRE.i64,
  read: (reader) => reader.i64(),
  write: (writer, value) => writer.i64(value),
};
export const double: ThriftType<number> = {
  wire: WIRE.double,
  read: (reader) => reader.double(),
  write: (writer, value) => writer.double(value),
};
export const string: ThriftType<string> = {
  wire: WIRE.string,
  read: (reader) => reader.string(),
  write: (writer, value) => writer.string(value),
};

export const binary: ThriftType<Uint8Array> = {
  wire: WIRE.string,
  read: (reader) => reader.binary(),
  write: (writer, value) => writer.binary(value),
};

export function list<T>(element: ThriftType<T>): ThriftType<readonly T[]> {
  return {
    wire: WIRE.list,
    read(reader) {
      const { elementType, count } = reader.listHeader();
      if (count > 0) expectType(elementType, element.wire);
      const values: T[] = [];
      for (let index = 0; index < count; index++) values.push(element.read(reader));
      return values;
    },
    write(writer, values) {
      writer.listHeader(element.wire, values.length);
      for (const value of values) element.write(writer, value);
    },
  };
}

/** A map as its pairs, in the order of the wire: keys may be lists, which no object key can tell apart. */
export function map<K, V>(key: ThriftType<K>, value: ThriftType<V>): ThriftType<readonly (readonly [K, V])[]> {
  return {
    wire: WIRE.map,
    read(reader) {
      const { keyType, valueType, count } = reader.mapHeader();
      if (count > 0) {
        expectType(keyType, key.wire);
        expectType(valueType, value.wire);
      }
      const pairs: (readonly [K, V])[] = [];
      for (let index = 0; index < count; index++) pairs.push([key.read(reader), value.read(reader)]);
      return pairs;
    },
    write(writer, pairs) {
      writer.mapHeader(key.wire, value.wire, pairs.length);
      for (const [one, other] of pairs) {
        key.write(writer, one);
        value.write(writer, other);
      }
    },
  };
}

/**
 * A type whose values come again and again (the columns of partitions): what is encoded like the one before is that same object. An
 * encoding says by itself where it ends, so that equal bytes are the equal value.
 */
export function repeated<T>(type: ThriftType<T>): ThriftType<T> {
  let last: { readonly encoded: Uint8Array; readonly value: T } | undefined;
  return {
    wire: type.wire,
    read(reader) {
      if (last !== undefined && reader.skipEqual(last.encoded)) return last.value;
      let value!: T;
      const encoded = reader.copyOf(() => (value = type.read(reader)));
      last = { encoded, value };
      return value;
    },
    write: (writer, value) => type.write(writer, value),
  };
}

/** A struct or exception. Fields of unknown id or unexpected type are skipped, as Thrift demands of every reader. */
export function struct<const F extends Fields>(fields: F): ThriftType<StructOf<F>> {
  const byId = new Map(Object.entries(fields).map(([name, [id, type]]) => [id, { name, type }]));
  return {
    wire: WIRE.struct,
    read(reader) {
      const values: Record<string, unknown> = {};
      reader.fields((id, wireType) => {
        const field = byId.get(id);
        if (field === undefined || field.type.wire !== wireType) reader.skip(wireType);
        else values[field.name] = field.type.read(reader);
      });
      return values as StructOf<F>;
    },
    write(writer, values) {
      const given = values as Readonly<Record<string, unknown>>;
      for (const [name, [id, type]] of Object.entries(fields)) {
        if (given[name] === undefined) continue;
        writer.fieldHeader(type.wire, id);
        type.write(writer, given[name]);
      }
      writer.endOfFields();
    },
  };
}

function expectType(actual: number, expected: number): void {
  if (actual !== expected) throw corruptMessage(`elements of type ${actual} where ${expected} was expected`);
}
