/** Names by the hundred thousand, in half the room that as many strings take and out of the collector's way. */
export class PackedNames {
  readonly length: number;
  readonly #bytes: Buffer;
  /** Where each name ends. */
  readonly #ends: Uint32Array;

  constructor(names: readonly string[]) {
    this.length = names.length;
    this.#ends = new Uint32Array(names.length);
    let end = 0;
    for (const [index, name] of names.entries()) this.#ends[index] = end += Buffer.byteLength(name);
    this.#bytes = Buffer.allocUnsafeSlow(end);
    for (const [index, name] of names.entries()) this.#bytes.write(name, this.#startOf(index));
  }

  /** As of an array. */
  slice(start: number, end: number): string[] {
    const count = Math.max(0, Math.min(end, this.length) - start);
    return Array.from({ length: count }, (_, index) => {
      const place = start + index;
      return this.#bytes.toString('utf8', this.#startOf(place), this.#ends[place]);
    });
  }

  #startOf(index: number): number {
    return index === 0 ? 0 : this.#ends[index - 1]!;
  }
}
