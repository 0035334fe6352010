/** For the slots of the same names. Small bodies too: thousands of new ones a second would set off the collection of all memory again and again. */
export interface CopyBuffers {
  readonly parts: PartBuffers;
  readonly smallFiles: PartBuffers;
}

/**
 * Buffers of parts in flight, reused: memory is their number times the size of a part, whatever the files.
 * A buffer must be given back only once nothing reads or writes it any more.
 */
export class PartBuffers {
  readonly #free: Uint8Array[] = [];
  readonly #most: number;
  readonly #isShared: () => boolean;
  #lent = 0;

  /** `isShared`: whether new ones should be of memory that other threads see; those of the other kind are then given up as they come back. */
  constructor(most: number, isShared: () => boolean = () => false) {
    this.#most = most;
    this.#isShared = isShared;
  }

  /** A view of exactly `length` bytes on a buffer of at least `capacityBytes`. */
  take(length: number, capacityBytes: number): Uint8Array {
    this.#lent++;
    const index = this.#free.findIndex((buffer) => buffer.byteLength >= capacityBytes);
    // One that is too small makes room for the new one.
    const buffer = index < 0 ? undefined : this.#free.splice(index, 1)[0];
    if (buffer === undefined) this.#free.pop();
    return (buffer ?? this.#make(capacityBytes)).subarray(0, length);
  }

  give(view: Uint8Array): void {
    this.#lent--;
    const isOfUse = view.buffer instanceof SharedArrayBuffer === this.#isShared();
    if (isOfUse && this.#lent + this.#free.length < this.#most) this.#free.push(new Uint8Array(view.buffer));
  }

  #make(bytes: number): Uint8Array {
    return new Uint8Array(this.#isShared() ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
  }
}
