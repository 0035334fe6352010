import { LakeliftError } from '../../../errors.ts';

/** Type bytes of Thrift's binary protocol (Apache Thrift, thrift-binary-protocol.md). */
export const WIRE = {
  stop: 0,
  bool: 2,
  byte: 3,
  double: 4,
  i16: 6,
  i32: 8,
  i64: 10,
  string: 11,
  struct: 12,
  map: 13,
  set: 14,
  list: 15,
} as const;

const FIXED_SIZE: Readonly<Record<number, number>> = {
  [WIRE.bool]: 1,
  [WIRE.byte]: 1,
  [WIRE.double]: 8,
  [WIRE.i16]: 2,
  [WIRE.i32]: 4,
  [WIRE.i64]: 8,
};

/** Bytes of a value whose size does not depend on its content. */
export function fixedSizeOf(wireType: number): number | undefined {
  return FIXED_SIZE[wireType];
}

/** Deeper nesting than any metastore struct has; garbage must not exhaust the stack. */
export const MAX_DEPTH = 64;

/** What came over the wire is no message of this protocol. */
export function corruptMessage(detail: string): LakeliftError {
  return new LakeliftError(`not a readable Thrift message: ${detail}`, {
    kind: 'corrupt',
    code: 'METASTORE_CORRUPT_MESSAGE',
    hint: 'Check that the address is a Hive metastore that speaks TBinaryProtocol, unframed and without TLS.',
  });
}
