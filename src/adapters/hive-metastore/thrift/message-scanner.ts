import { STRICT_VERSION } from './message.ts';
import { corruptMessage, fixedSizeOf, MAX_DEPTH, WIRE } from './wire.ts';

interface Frame {
  /** The wire types still to come, over and over; undefined for the fields of a struct. */
  readonly types: readonly number[] | undefined;
  remaining: number;
}

/** One for all of them: a reply of partitions has tens of thousands, and of fields far more, which need no frame at all. */
const STRUCT: Frame = { types: undefined, remaining: 0 };

/**
 * Finds where a message ends while its bytes arrive. The unframed transport gives no length, and parsing again from the start at
 * every chunk costs the square of the size.
 */
export class MessageScanner {
  readonly #maxBytes: number;
  readonly #frames: Frame[] = [];
  #position = 0;
  #pending = 0;
  #isStarted = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes of the message once its end is in `bytes` (all that arrived so far), else undefined. Throws `corrupt` on what cannot be one. */
  scan(bytes: Buffer): number | undefined {
    if (!this.#isStarted && !this.#start(bytes)) return undefined;
    for (;;) {
      if (this.#position + this.#pending > this.#maxBytes) throw corruptMessage(`larger than ${this.#maxBytes} bytes`);
      const step = Math.min(this.#pending, bytes.length - this.#position);
      this.#position += step;
      this.#pending -= step;
      if (this.#pending > 0) return undefined;
      const frame = this.#frames.at(-1);
      if (frame === undefined) return this.#position;
      if (!(frame.types === undefined ? this.#field(bytes) : this.#element(bytes, frame, frame.types)))
        return undefined;
    }
  }

  #start(bytes: Buffer): boolean {
    if (bytes.length >= 2 && bytes.readUInt16BE(0) !== STRICT_VERSION) {
      throw corruptMessage(`it begins with 0x${bytes.subarray(0, 4).toString('hex')}`);
    }
    if (bytes.length < 4) return false;
    this.#isStarted = true;
    this.#pending = 4;
    this.#frames.push({ types: [WIRE.string, WIRE.i32, WIRE.struct], remaining: 3 });
    return true;
  }

  #field(bytes: Buffer): boolean {
    if (bytes.length <= this.#position) return false;
    const type = bytes.readInt8(this.#position);
    if (type === WIRE.stop) {
      this.#position += 1;
      this.#frames.pop();
      return true;
    }
    if (bytes.length < this.#position + 3 + countedBytes(type)) return false;
    this.#position += 3;
    this.#value(bytes, type);
    return true;
  }

  #element(bytes: Buffer, frame: Frame, types: readonly number[]): boolean {
    if (frame.remaining === 0) {
      this.#frames.pop();
      return true;
    }
    const type = types[(types.length - (frame.remaining % types.length)) % types.length]!;
    if (bytes.length < this.#position + countedBytes(type)) return false;
    this.#value(bytes, type);
    frame.remaining -= 1;
    return true;
  }

  #value(bytes: Buffer, type: number): void {
    const size = fixedSizeOf(type);
    if (size !== undefined) this.#pending = size;
    else if (type === WIRE.struct) this.#push(STRUCT);
    else if (type === WIRE.string) this.#pending = 4 + countAt(bytes, this.#position);
    else if (type === WIRE.map) this.#map(bytes);
    else if (type === WIRE.list || type === WIRE.set) this.#list(bytes);
    else throw corruptMessage(`unknown type ${type}`);
  }

  #list(bytes: Buffer): void {
    const type = bytes.readInt8(this.#position);
    this.#repeat([type], countAt(bytes, this.#position + 1), 5);
  }

  #map(bytes: Buffer): void {
    const types = [bytes.readInt8(this.#position), bytes.readInt8(this.#position + 1)];
    this.#repeat(types, countAt(bytes, this.#position + 2), 6);
  }

  #repeat(types: readonly number[], count: number, headerBytes: number): void {
    this.#pending = headerBytes;
    if (count > this.#maxBytes) throw corruptMessage(`impossible length ${count}`);
    if (count > 0) this.#push({ types, remaining: count * types.length });
  }

  #push(frame: Frame): void {
    if (this.#frames.length > 3 * MAX_DEPTH) throw corruptMessage('nested too deeply');
    this.#frames.push(frame);
  }
}

/** Of the head of a value that says how many bytes or elements come. */
function countedBytes(type: number): number {
  if (type === WIRE.string) return 4;
  if (type === WIRE.list || type === WIRE.set) return 5;
  return type === WIRE.map ? 6 : 0;
}

function countAt(bytes: Buffer, offset: number): number {
  const count = bytes.readInt32BE(offset);
  if (count < 0) throw corruptMessage(`impossible length ${count}`);
  return count;
}
