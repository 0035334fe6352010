import { createHash } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { CHUNK_BYTES } from '../../domain/checksum/crc.ts';
import type { CrcType } from '../../domain/checksum/hdfs-checksum.ts';
import { decodeVarint, delimited, encodeMessage, Message } from '../../hdfs-webhdfs-client/blocks/protobuf.ts';
import { readBlob } from './blobs.ts';
import { chunkCrcsOf, crcOfFile } from './chunk-crcs.ts';
import type { FileNode } from './nodes.ts';

/** dfs.datanode sends packets of this much where the disk's file can be sent as it is. */
const PACKET_BYTES = 64 * 1024;
const REQUEST_HEAD_BYTES = 3;
const OPERATION_AT = 2;
const BLOCK_CHECKSUM = 85;
/** ChecksumTypeProto (hdfs.proto). */
const CHECKSUM_TYPES: Readonly<Record<CrcType, number>> = { CRC32: 1, CRC32C: 2 };

export type BlockFault =
  /** One wrong bit of the block as it lies on this disk, at this byte of it. */
  | { readonly kind: 'rotten'; readonly atByte: number }
  /** The connection ends after so many bytes of data. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  | { readonly kind: 'refuse'; readonly message: string }
  /** Closed without a word: what is wanted is SASL. */
  | { readonly kind: 'close' };

/** Asked for each read of a block, with the index of the DataNode that holds this replica. */
export type BlockFaultHook = (read: { readonly dataNode: number; readonly blockId: bigint }) => BlockFault | undefined;

export interface DataPorts {
  readonly ports: readonly number[];
  /** Blocks of a file may be read from now on. */
  serve(file: FileNode): void;
  close(): Promise<void>;
}

export function blockIdOf(file: FileNode, index: number): number {
  return file.fileId * 1000 + index;
}

/** The data ports of DataNodes that all hold every block (DataTransferProtocol, version 28; READ_BLOCK and BLOCK_CHECKSUM). */
export async function startDataPorts(count: number, faults: BlockFaultHook): Promise<DataPorts> {
  const blocks = new Map<bigint, StoredBlock>();
  const open = new Set<Socket>();
  const servers = await Promise.all(
    Array.from({ length: count }, async (_, dataNode) => {
      const server = createServer((socket) => {
        open.add(socket);
        socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket));
        new DataConnection(socket, (request) => answerTo(request, dataNode));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  return {
    ports: servers.map((server) => (server.address() as AddressInfo).port),
    serve: (file) => {
      let start = 0;
      file.blockSizes.forEach((sizeBytes, index) => {
        blocks.set(BigInt(blockIdOf(file, index)), { file, start, sizeBytes });
        start += sizeBytes;
      });
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };

  function answerTo({ operation, blockId, offset, length }: BlockRequest, dataNode: number): Answer {
    const fault = faults({ dataNode, blockId });
    const block = blocks.get(blockId);
    if (fault?.kind === 'close') return { bytes: Buffer.alloc(0), isLast: true };
    const refusal = fault?.kind === 'refuse' ? fault.message : block === undefined ? 'Replica not found' : undefined;
    if (refusal !== undefined) return { bytes: refused(refusal), isLast: true };
    if (operation === BLOCK_CHECKSUM) return { bytes: checksumOf(block!), isLast: true };
    const first = offset - (offset % CHUNK_BYTES);
    const end = Math.min(block!.sizeBytes, Math.ceil((offset + length) / CHUNK_BYTES) * CHUNK_BYTES);
    const content = readBlob(block!.file, block!.start + first, end - first);
    const crcs = chunkCrcsOf(block!.file, content);
    if (fault?.kind === 'rotten' && fault.atByte >= first && fault.atByte < end) content[fault.atByte - first]! ^= 1;
    const bytes = packets({ content, crcs, type: typeOf(block!.file), first });
    const isCut = fault?.kind === 'cut';
    return { bytes: isCut ? bytes.subarray(0, Math.min(bytes.length - 1, fault.afterBytes)) : bytes, isLast: isCut };
  }
}

interface StoredBlock {
  readonly file: FileNode;
  readonly start: number;
  readonly sizeBytes: number;
}

interface BlockRequest {
  readonly operation: number;
  readonly blockId: bigint;
  readonly offset: number;
  readonly length: number;
}

interface Answer {
  readonly bytes: Buffer;
  /** The connection is closed behind it. */
  readonly isLast: boolean;
}

/** One request, its answer, the client's status, and the next request. */
class DataConnection {
  readonly #socket: Socket;
  readonly #answer: (request: BlockRequest) => Answer;
  #held = Buffer.alloc(0);
  #operation = 0;
  #isStatusDue = false;

  constructor(socket: Socket, answer: (request: BlockRequest) => Answer) {
    this.#socket = socket;
    this.#answer = answer;
    socket.on('data', (bytes) => {
      this.#held = Buffer.concat([this.#held, bytes]);
      while (this.#step());
    });
  }

  /** True when a whole message was there. */
  #step(): boolean {
    const headBytes = this.#isStatusDue ? 0 : REQUEST_HEAD_BYTES;
    const length = decodeVarint(this.#held, headBytes);
    const end = length === undefined ? Infinity : length.end + Number(length.value);
    if (length === undefined || this.#held.length < end) return false;
    const message = this.#held.subarray(length.end, end);
    if (!this.#isStatusDue) this.#operation = this.#held[OPERATION_AT]!;
    this.#held = this.#held.subarray(end);
    if (this.#isStatusDue) this.#isStatusDue = false;
    else this.#serve(message);
    return true;
  }

  #serve(message: Buffer): void {
    const { bytes, isLast } = this.#answer(blockRequest(message, this.#operation));
    this.#isStatusDue = !isLast;
    if (isLast) this.#socket.end(bytes);
    else this.#socket.write(bytes);
  }
}

/** OpReadBlockProto has a client's name around the header that OpBlockChecksumProto begins with. */
function blockRequest(message: Buffer, operation: number): BlockRequest {
  const fields = new Message(message);
  const headers = operation === BLOCK_CHECKSUM ? [1, 1] : [1, 1, 1];
  const block = headers.reduce((at, number) => at.nested(number), fields);
  return {
    operation,
    blockId: block.integer(2)!,
    offset: fields.number(2) ?? 0,
    length: fields.number(3) ?? 0,
  };
}

function checksumOf({ file, start, sizeBytes }: StoredBlock): Buffer {
  const crcs = chunkCrcsOf(file, readBlob(file, start, sizeBytes));
  const checksum = encodeMessage([
    [1, CHUNK_BYTES],
    [2, crcs.length / 4],
    [3, createHash('md5').update(crcs).digest()],
    [4, typeOf(file)],
  ]);
  return delimited(
    encodeMessage([
      [1, 0],
      [3, checksum],
    ]),
  );
}

function refused(message: string): Buffer {
  return delimited(
    encodeMessage([
      [1, 1],
      [5, message],
    ]),
  );
}

interface SummedChunks {
  readonly content: Buffer;
  readonly crcs: Uint8Array;
  readonly type: number;
  readonly first: number;
}

function typeOf(file: FileNode): number {
  return CHECKSUM_TYPES[crcOfFile(file).type];
}

/** Whole chunks with their CRCs, the first of them `first` bytes into its block. */
function packets({ content, crcs, type, first }: SummedChunks): Buffer {
  const checksum = encodeMessage([
    [1, type],
    [2, CHUNK_BYTES],
  ]);
  const info = encodeMessage([
    [1, checksum],
    [2, first],
  ]);
  const answer = encodeMessage([
    [1, 0],
    [4, info],
  ]);
  const pieces: Uint8Array[] = [delimited(answer)];
  let sequence = 0;
  for (let at = 0; at < content.length; at += PACKET_BYTES) {
    const data = content.subarray(at, at + PACKET_BYTES);
    const crcsOfData = crcs.subarray((at / CHUNK_BYTES) * 4, Math.ceil((at + data.length) / CHUNK_BYTES) * 4);
    pieces.push(packetHead(first + at, sequence++, data.length + crcsOfData.length, data.length), crcsOfData, data);
  }
  pieces.push(packetHead(first + content.length, sequence, 0, 0));
  return Buffer.concat(pieces);
}

/** Lengths, then PacketHeaderProto with its fixed-width fields; the empty packet is the last. */
function packetHead(offset: number, sequence: number, bodyBytes: number, dataBytes: number): Buffer {
  const head = Buffer.alloc(6 + 25);
  head.writeInt32BE(4 + bodyBytes, 0);
  head.writeInt16BE(25, 4);
  head.writeUInt8((1 << 3) | 1, 6);
  head.writeBigInt64LE(BigInt(offset), 7);
  head.writeUInt8((2 << 3) | 1, 15);
  head.writeBigInt64LE(BigInt(sequence), 16);
  head.writeUInt8(3 << 3, 24);
  head.writeUInt8(dataBytes === 0 ? 1 : 0, 25);
  head.writeUInt8((4 << 3) | 5, 26);
  head.writeInt32LE(dataBytes, 27);
  return head;
}
