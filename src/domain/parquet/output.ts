/** Bytes that are added one after the other, to a buffer that is large enough from the start where it can be told. */
export class Output {
  #bytes: Uint8Array;
  #length = 0;

  constructor(likelyBytes: number) {
    this.#bytes = new Uint8Array(likelyBytes);
  }

  /** From the start to what is added next. */
  get offset(): number {
    return this.#length;
  }

  add(part: Uint8Array): void {
    const end = this.#length + part.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.ceil(end * 1.25));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(part, this.#length);
    this.#length = end;
  }

  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}
