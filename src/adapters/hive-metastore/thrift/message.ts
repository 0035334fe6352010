import { BinaryReader } from './binary-reader.ts';
import { BinaryWriter } from './binary-writer.ts';
import { i32, string, struct, type Decoded, type ThriftType } from './thrift-type.ts';
import { corruptMessage } from './wire.ts';

/** Version 1 of the strict header, in the upper half of the first word. */
export const STRICT_VERSION = 0x8001;
export const MESSAGE = { call: 1, reply: 2, exception: 3 } as const;

/** Thrift's own failure, below any service: the method is unknown, the server broke while serving it. */
export const applicationException = struct({ message: [1, string], type: [2, i32] });
export type ApplicationException = Decoded<typeof applicationException>;
export const APPLICATION_FAILURE = { unknownMethod: 1, internalError: 6 } as const;

export interface MessageHeader {
  readonly type: number;
  readonly method: string;
  readonly sequence: number;
}

export function writeMessage<T>(header: MessageHeader, body: ThriftType<T>, value: T): Buffer {
  const writer = new BinaryWriter();
  writer.i32((STRICT_VERSION << 16) | header.type);
  writer.string(header.method);
  writer.i32(header.sequence);
  body.write(writer, value);
  return writer.bytes();
}

/** The header, and the reader placed at the body. Throws `corrupt` for the old header without a version. */
export function readHeader(bytes: Buffer): MessageHeader & { readonly reader: BinaryReader } {
  const reader = new BinaryReader(bytes);
  const word = reader.i32();
  if (word >>> 16 !== STRICT_VERSION) throw corruptMessage('the header has no protocol version');
  return { type: word & 0xff, method: reader.string(), sequence: reader.i32(), reader };
}
