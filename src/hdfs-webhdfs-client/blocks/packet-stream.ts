import { WebHdfsError } from '../webhdfs-error.ts';
import { packetHeader, readBlockAnswer, type PacketHeader, type ReadBlockAnswer } from './block-message.ts';
import { decodeVarint } from './protobuf.ts';

/** Length of the packet and of its header, before every packet (PacketReceiver). */
const LENGTHS_BYTES = 6;
/** The length of the packet counts itself, CRCs and data. */
const PACKET_LENGTH_BYTES = 4;
const LONGEST_MESSAGE_BYTES = 4000;
const CRC_BYTES = 4;

export interface BlockRange {
  /** Within the block. */
  readonly offset: number;
  readonly length: number;
  readonly blockBytes: number;
}

/** What a DataNode keeps beside the bytes of a range. */
export interface BlockSums {
  readonly crcType: 'CRC32' | 'CRC32C' | undefined;
  readonly bytesPerCrc: number;
  /** One per chunk, 4 bytes big-endian each, from the chunk of the first byte on. */
  readonly crcs: Uint8Array;
}

/**
 * Takes the answer to READ_BLOCK apart, in whatever pieces it arrives: an answer, then packets of header, CRCs and data. The data go to `target`.
 * DataNodes send whole chunks; what lies before or behind the range is dropped. Throws WebHdfsError on anything else than was asked for.
 */
export class PacketStream {
  readonly #range: BlockRange;
  readonly #target: Uint8Array;
  readonly #held = Buffer.allocUnsafe(LONGEST_MESSAGE_BYTES);
  #heldBytes = 0;
  #take: (bytes: Uint8Array) => number = (bytes) => this.#takeAnswer(bytes);
  #answer: ReadBlockAnswer | undefined;
  #crcs: Uint8Array = new Uint8Array(0);
  #crcBytes = 0;
  #packet: PacketHeader = { offsetInBlock: 0, isLast: false, dataLength: 0 };
  /** Of the packet that is arriving. */
  #crcsLeft = 0;
  #dataLeft = 0;
  /** In the block, of the next byte. */
  #position = 0;
  isDone = false;

  constructor(range: BlockRange, target: Uint8Array) {
    this.#range = range;
    this.#target = target;
  }

  take(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.isDone) throw corrupt('more than was asked for');
      at += this.#take(at === 0 ? bytes : bytes.subarray(at));
    }
  }

  /** After the last packet. */
  get sums(): BlockSums {
    const { crcType, bytesPerCrc } = this.#answer!;
    return { crcType, bytesPerCrc, crcs: this.#crcs };
  }

  #takeAnswer(bytes: Uint8Array): number {
    const taken = this.#hold(bytes, LONGEST_MESSAGE_BYTES);
    const length = decodeVarint(this.#held.subarray(0, this.#heldBytes), 0);
    if (length === undefined || this.#heldBytes < length.end + Number(length.value)) {
      if (this.#heldBytes === LONGEST_MESSAGE_BYTES) throw corrupt('an answer without end');
      return taken;
    }
    const end = length.end + Number(length.value);
    const answer = readBlockAnswer(this.#held.subarray(length.end, end));
    if (typeof answer === 'string') throw new WebHdfsError(`The DataNode refuses: ${answer}`, { failure: 'failed' });
    this.#begin(answer);
    const behind = this.#heldBytes - end;
    this.#expectPacket();
    return taken - behind;
  }

  #begin(answer: ReadBlockAnswer): void {
    const { offset, length, blockBytes } = this.#range;
    const { bytesPerCrc, firstOffset, crcType } = answer;
    if (bytesPerCrc <= 0 || firstOffset > offset || offset - firstOffset >= bytesPerCrc)
      throw corrupt(`chunks of ${bytesPerCrc} bytes from ${firstOffset} on`);
    const lastOffset = Math.min(blockBytes, Math.ceil((offset + length) / bytesPerCrc) * bytesPerCrc);
    const chunks = crcType === undefined ? 0 : Math.ceil((lastOffset - firstOffset) / bytesPerCrc);
    this.#answer = answer;
    this.#crcs = new Uint8Array(chunks * CRC_BYTES);
    this.#position = firstOffset;
  }

  #expectPacket(): void {
    this.#heldBytes = 0;
    this.#take = (bytes) => this.#takeLengths(bytes);
  }

  #takeLengths(bytes: Uint8Array): number {
    const taken = this.#hold(bytes, LENGTHS_BYTES);
    if (this.#heldBytes < LENGTHS_BYTES) return taken;
    const headerEnd = LENGTHS_BYTES + this.#held.readUInt16BE(4);
    this.#take = (rest) => this.#takeHeader(rest, headerEnd);
    return taken;
  }

  #takeHeader(bytes: Uint8Array, headerEnd: number): number {
    const taken = this.#hold(bytes, headerEnd);
    if (this.#heldBytes < headerEnd) return taken;
    this.#packet = packetHeader(this.#held.subarray(LENGTHS_BYTES, headerEnd));
    const { offsetInBlock, dataLength, isLast } = this.#packet;
    this.#crcsLeft = this.#held.readInt32BE(0) - PACKET_LENGTH_BYTES - dataLength;
    this.#dataLeft = dataLength;
    const isNext = isLast || offsetInBlock === this.#position;
    const fits = this.#crcsLeft >= 0 && this.#crcBytes + this.#crcsLeft <= this.#crcs.length && dataLength >= 0;
    if (!isNext || !fits) throw corrupt(`a packet of ${dataLength} bytes for ${offsetInBlock}`);
    this.#nextPiece();
    return taken;
  }

  #nextPiece(): void {
    if (this.#crcsLeft > 0) this.#take = (bytes) => this.#takeCrcs(bytes);
    else if (this.#dataLeft > 0) this.#take = (bytes) => this.#takeData(bytes);
    else if (this.#packet.isLast) this.#end();
    else this.#expectPacket();
  }

  #takeCrcs(bytes: Uint8Array): number {
    const piece = bytes.length > this.#crcsLeft ? bytes.subarray(0, this.#crcsLeft) : bytes;
    this.#crcs.set(piece, this.#crcBytes);
    this.#crcBytes += piece.length;
    this.#crcsLeft -= piece.length;
    if (this.#crcsLeft === 0) this.#nextPiece();
    return piece.length;
  }

  #takeData(bytes: Uint8Array): number {
    const taken = Math.min(bytes.length, this.#dataLeft);
    const { offset, length } = this.#range;
    const from = Math.max(0, offset - this.#position);
    const to = Math.min(taken, offset + length - this.#position);
    if (from < to) this.#target.set(bytes.subarray(from, to), this.#position + from - offset);
    this.#position += taken;
    this.#dataLeft -= taken;
    if (this.#dataLeft === 0) this.#nextPiece();
    return taken;
  }

  #end(): void {
    const { offset, length } = this.#range;
    if (this.#position < offset + length || this.#crcBytes !== this.#crcs.length)
      throw new WebHdfsError(`The DataNode ended after ${this.#position - offset} of ${length} bytes`, {
        failure: 'unavailable',
      });
    this.isDone = true;
  }

  /** Keeps bytes until there are `wanted`; returns how many of `bytes` it took. */
  #hold(bytes: Uint8Array, wanted: number): number {
    const piece = bytes.subarray(0, Math.min(bytes.length, wanted - this.#heldBytes));
    this.#held.set(piece, this.#heldBytes);
    this.#heldBytes += piece.length;
    return piece.length;
  }
}

function corrupt(what: string): WebHdfsError {
  return new WebHdfsError(`The DataNode sends ${what}`, { failure: 'corrupt' });
}
