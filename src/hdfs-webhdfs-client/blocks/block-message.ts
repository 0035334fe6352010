import type { LocatedBlock } from './located-blocks.ts';
import { delimited, encodeMessage, Message } from './protobuf.ts';

const VERSION = 28;
const READ_BLOCK = 81;
const BLOCK_CHECKSUM = 85;
const CLIENT_NAME = 'lakelift';
const SUCCESS = 0;
const MD5_BYTES = 16;
const DEFAULT_ERROR = 'the DataNode gave no reason';

/** Field numbers below are those of datatransfer.proto, hdfs.proto and Security.proto of Hadoop 2 to 3. */
export function readBlockRequest(block: LocatedBlock, offset: number, length: number): Buffer {
  const header = encodeMessage([
    [1, baseHeader(block)],
    [2, CLIENT_NAME],
  ]);
  const request = encodeMessage([
    [1, header],
    [2, offset],
    [3, length],
    [4, true],
  ]);
  return operation(READ_BLOCK, request);
}

export function blockChecksumRequest(block: LocatedBlock): Buffer {
  return operation(BLOCK_CHECKSUM, encodeMessage([[1, baseHeader(block)]]));
}

function operation(code: number, message: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([VERSION >> 8, VERSION & 255, code]), delimited(message)]);
}

/** BaseHeaderProto: which block, and the right to it. */
function baseHeader(block: LocatedBlock): Buffer {
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
  return encodeMessage([
    [1, extendedBlock],
    [2, token],
  ]);
}

/** ClientReadStatusProto: all arrived. Without it the DataNode closes the connection. */
export const READ_STATUS = delimited(encodeMessage([[1, SUCCESS]]));

export interface ReadBlockAnswer {
  readonly crcType: 'CRC32' | 'CRC32C' | undefined;
  readonly bytesPerCrc: number;
  /** Where in the block the first packet begins: at the chunk that holds the first byte asked for. */
  readonly firstOffset: number;
}

const CRC_TYPES = [undefined, 'CRC32', 'CRC32C'] as const;

/** BlockOpResponseProto; the refusal as text where it is one. */
export function readBlockAnswer(message: Uint8Array): ReadBlockAnswer | string {
  const fields = new Message(message);
  const refusal = refusalIn(fields);
  if (refusal !== undefined) return refusal;
  const info = fields.nested(4);
  const checksum = info.nested(1);
  return {
    crcType: CRC_TYPES[checksum.number(1) ?? 0],
    bytesPerCrc: checksum.number(2) ?? 0,
    firstOffset: info.number(2) ?? 0,
  };
}

export interface BlockChecksum {
  /** undefined of blocks without CRCs, and from Hadoop before 2.0.3, which does not say. */
  readonly crcType: 'CRC32' | 'CRC32C' | undefined;
  readonly bytesPerCrc: number;
  readonly crcPerBlock: number;
  /** 16 bytes: the MD5 of the CRCs of the block's chunks. */
  readonly md5: Uint8Array;
}

/** BlockOpResponseProto of BLOCK_CHECKSUM; the refusal as text where it is one. */
export function blockChecksumAnswer(message: Uint8Array): BlockChecksum | string {
  const fields = new Message(message);
  const refusal = refusalIn(fields);
  if (refusal !== undefined) return refusal;
  const checksum = fields.nested(3);
  const md5 = checksum.bytes(3);
  if (md5.length !== MD5_BYTES) throw new RangeError('Field 3 is no MD5');
  return {
    crcType: CRC_TYPES[checksum.number(4) ?? 0],
    bytesPerCrc: checksum.number(1) ?? 0,
    crcPerBlock: checksum.number(2) ?? 0,
    md5,
  };
}

function refusalIn(fields: Message): string | undefined {
  if (fields.number(1) === SUCCESS) return undefined;
  return fields.has(5) ? fields.text(5) : DEFAULT_ERROR;
}

export interface PacketHeader {
  readonly offsetInBlock: number;
  readonly isLast: boolean;
  readonly dataLength: number;
}

/** PacketHeaderProto. */
export function packetHeader(message: Uint8Array): PacketHeader {
  const fields = new Message(message);
  return {
    offsetInBlock: fields.number(1) ?? Number.NaN,
    isLast: fields.number(3) === 1,
    dataLength: fields.number(4) ?? Number.NaN,
  };
}
