import type { LocatedBlock } from './located-blocks.ts';
import { decodeMessage, delimited, encodeMessage } from './protobuf.ts';

const VERSION = 28;
const READ_BLOCK = 81;
const CLIENT_NAME = 'lakelift';
const SUCCESS = 0;
const DEFAULT_ERROR = 'the DataNode gave no reason';

/** Field numbers below are those of datatransfer.proto, hdfs.proto and Security.proto of Hadoop 2 to 3. */
export function readBlockRequest(block: LocatedBlock, offset: number, length: number): Buffer {
  const { identifier, password, kind, service } = block.token;
  const extendedBlock = encodeMessage([
    [1, block.poolId],
    [2, block.blockId],
    [3, block.generationStamp],
    [4, block.sizeBytes],
  ]);
  const token = encodeMessage([
    [1, identifier],
    [2, password],
    [3, kind],
    [4, service],
  ]);
  const base = encodeMessage([
    [1, extendedBlock],
    [2, token],
  ]);
  const header = encodeMessage([
    [1, base],
    [2, CLIENT_NAME],
  ]);
  const request = encodeMessage([
    [1, header],
    [2, offset],
    [3, length],
    [4, true],
  ]);
  const head = Buffer.from([VERSION >> 8, VERSION & 255, READ_BLOCK]);
  return Buffer.concat([head, delimited(request)]);
}

/** ClientReadStatusProto: all arrived. Without it the DataNode closes the connection. */
export const READ_STATUS = delimited(encodeMessage([[1, SUCCESS]]));

export interface ReadBlockAnswer {
  readonly crcType: 'CRC32' | 'CRC32C' | undefined;
  readonly bytesPerCrc: number;
  /** Where in the block the first packet begins: at the chunk that holds the first byte asked for. */
  readonly firstOffset: number;
}

/** BlockOpResponseProto; the refusal as text where it is one. */
export function readBlockAnswer(message: Uint8Array): ReadBlockAnswer | string {
  const fields = decodeMessage(message);
  const refusal = fields.get(5);
  if (fields.get(1) !== BigInt(SUCCESS))
    return refusal instanceof Uint8Array ? Buffer.from(refusal).toString() : DEFAULT_ERROR;
  const info = nested(fields, 4);
  const checksum = nested(info, 1);
  const crcTypes = [undefined, 'CRC32', 'CRC32C'] as const;
  return {
    crcType: crcTypes[Number(checksum.get(1) ?? 0n)],
    bytesPerCrc: Number(checksum.get(2) ?? 0n),
    firstOffset: Number(info.get(2) ?? 0n),
  };
}

export interface PacketHeader {
  readonly offsetInBlock: number;
  readonly isLast: boolean;
  readonly dataLength: number;
}

/** PacketHeaderProto. */
export function packetHeader(message: Uint8Array): PacketHeader {
  const fields = decodeMessage(message);
  return {
    offsetInBlock: Number(fields.get(1)),
    isLast: fields.get(3) === 1n,
    dataLength: Number(fields.get(4)),
  };
}

function nested(fields: Map<number, bigint | Uint8Array>, number: number): Map<number, bigint | Uint8Array> {
  const message = fields.get(number);
  if (!(message instanceof Uint8Array)) throw new RangeError(`Field ${number} is missing`);
  return decodeMessage(message);
}
