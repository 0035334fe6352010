/** Buffers of parts in flight, reused: memory is their number times the size of a part, whatever the files. */
export class PartBuffers {
  readonly #free: Uint8Array[] = [];
  readonly #keep: number;

  constructor(keep: number) {
    this.#keep = keep;
  }

  /** A view of exactly `length` bytes on a buffer of at least `capacityBytes`. */
  take(length: number, capacityBytes: number): Uint8Array {
    const index = this.#free.findIndex((buffer) => buffer.byteLength >= capacityBytes);
    const buffer = index < 0 ? new Uint8Array(capacityBytes) : this.#free.splice(index, 1)[0]!;
    return buffer.subarray(0, length);
  }

  give(view: Uint8Array): void {
    if (this.#free.length < this.#keep) this.#free.push(new Uint8Array(view.buffer as ArrayBuffer));
  }
}
