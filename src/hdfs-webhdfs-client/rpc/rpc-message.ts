import { decodeVarint, delimited, encodeMessage, Message } from '../blocks/protobuf.ts';

/** Hadoop RPC, version 9, as of Hadoop 2 (ProtobufRpcEngine; RpcHeader.proto, IpcConnectionContext.proto). */
const CLIENT_PROTOCOL = 'org.apache.hadoop.hdfs.protocol.ClientProtocol';
const PROTOBUF = 2;
const FINAL_PACKET = 0;
const LENGTH_BYTES = 4;

const CONTEXT_CALL = -3;
export const SASL_CALL = -33;
const SIMPLE = 0;
const SASL = 0xdf;

/** What a connection begins with. */
export function greeting(isSasl: boolean): Buffer {
  return Buffer.concat([Buffer.from('hrpc'), Buffer.from([9, 0, isSasl ? SASL : SIMPLE])]);
}

/** Who asks; after a SASL login the server knows. */
export function connectionContext(clientId: Uint8Array, user: string | undefined): Buffer {
  const userInfo = user === undefined ? undefined : encodeMessage([[1, user]]);
  return frame(requestHeader(CONTEXT_CALL, clientId), [
    [2, userInfo],
    [3, CLIENT_PROTOCOL],
  ]);
}

export function saslRequest(clientId: Uint8Array, message: Uint8Array): Buffer {
  return framed([requestHeader(SASL_CALL, clientId), delimited(message)]);
}

export function callRequest(call: { id: number; clientId: Uint8Array; method: string; message: Uint8Array }): Buffer {
  const method = encodeMessage([
    [1, call.method],
    [2, CLIENT_PROTOCOL],
    [3, 1],
  ]);
  return framed([requestHeader(call.id, call.clientId), delimited(method), delimited(call.message)]);
}

/** RpcRequestHeaderProto. */
function requestHeader(callId: number, clientId: Uint8Array): Buffer {
  return delimited(
    encodeMessage([
      [1, PROTOBUF],
      [2, FINAL_PACKET],
      [3, zigZag(callId)],
      [4, clientId],
      [5, zigZag(-1)],
    ]),
  );
}

function frame(header: Buffer, fields: Parameters<typeof encodeMessage>[0]): Buffer {
  return framed([header, delimited(encodeMessage(fields))]);
}

function framed(pieces: readonly Buffer[]): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeInt32BE(pieces.reduce((sum, piece) => sum + piece.length, 0));
  return Buffer.concat([length, ...pieces]);
}

/** sint32. */
function zigZag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

export interface RpcAnswer {
  readonly callId: number;
  /** The class and message of the server's exception. */
  readonly refusal: string | undefined;
  readonly message: Uint8Array;
}

/** How many bytes the frame that begins here takes, its length before it included; undefined when that is not known yet. */
export function frameBytes(bytes: Buffer): number | undefined {
  return bytes.length < LENGTH_BYTES ? undefined : LENGTH_BYTES + bytes.readInt32BE(0);
}

/** RpcResponseHeaderProto and what follows it. Throws RangeError on what is none. */
export function readAnswer(frameBytes: Buffer): RpcAnswer {
  const header = delimitedAt(frameBytes, LENGTH_BYTES);
  const fields = new Message(header.message);
  const callId = (fields.number(1) ?? 0) | 0;
  if (fields.number(2) !== 0)
    return { callId, refusal: `${fields.text(4)}: ${fields.text(5)}`, message: header.message };
  return { callId, refusal: undefined, message: delimitedAt(frameBytes, header.end).message };
}

function delimitedAt(bytes: Buffer, at: number): { message: Buffer; end: number } {
  const length = decodeVarint(bytes, at);
  const end = length === undefined ? Infinity : length.end + Number(length.value);
  if (end > bytes.length) throw new RangeError('A message is cut off');
  return { message: bytes.subarray(length!.end, end), end };
}
