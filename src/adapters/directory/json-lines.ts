const FIRST_BYTES = 16 * 1024;
/** UTF-8 of a UTF-16 code unit. */
const MOST_BYTES_PER_CHARACTER = 3;
const QUOTE = 34;
const BACKSLASH = 92;

/** Lines of JSON that wait to be written, as bytes: of millions of short texts that wait, the collector of garbage makes more work than all else. */
export class JsonLines {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  get sizeBytes(): number {
    return this.#length;
  }

  /** Good until the next call. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  /** Text that is JSON already. */
  raw(text: string): void {
    this.#makeRoom(text.length * MOST_BYTES_PER_CHARACTER);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** The same of bytes. */
  rawBytes(some: Uint8Array): void {
    this.#makeRoom(some.length);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let index = 0; index < some.length; index++) bytes[at++] = some[index]!;
    this.#length = at;
  }

  /** A text in quotes. Written by character, since calls out of JavaScript cost more than most texts are long. */
  text(text: string): void {
    this.#makeRoom(text.length * 2 + 2);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = QUOTE;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code >= 0x20 && code < 0x7f && code !== QUOTE && code !== BACKSLASH) bytes[at++] = code;
      else if (code >= 0xa0 && code < 0x100) {
        bytes[at++] = 0xc0 | (code >> 6);
        bytes[at++] = 0x80 | (code & 0x3f);
      } else return this.raw(JSON.stringify(text));
    }
    bytes[at++] = QUOTE;
    this.#length = at;
  }

  /** A number as it is spelled. */
  number(text: string): void {
    this.#makeRoom(text.length);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let index = 0; index < text.length; index++) bytes[at++] = text.charCodeAt(index);
    this.#length = at;
  }

  #makeRoom(moreBytes: number): void {
    const needed = this.#length + moreBytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.bytes);
    this.#bytes = larger;
  }
}
