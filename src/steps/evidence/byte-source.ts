/** Bytes that come in pieces of any size, taken in pieces of the size that is wanted. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Fewer only at the end. */
  async take(sizeBytes: number): Promise<Buffer> {
    return Buffer.concat(await Array.fromAsync(this.pieces(sizeBytes)));
  }

  /** So many bytes one after another, without keeping them; fewer only at the end. */
  async *pieces(sizeBytes: number): AsyncGenerator<Uint8Array> {
    for (let missing = sizeBytes; missing > 0;) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next();
        if (next.done === true) return;
        this.#rest = next.value;
        continue;
      }
      const piece = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(piece.length);
      missing -= piece.length;
      yield piece;
    }
  }
}
