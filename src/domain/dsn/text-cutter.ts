/**
 * Bytes 0x80 to 0x9F in Windows-1252. In ISO-8859-1 they are control characters, which no declaration holds, so that one table reads both;
 * five stay undefined (WHATWG Encoding, index-windows-1252). TextDecoder is not used: `iso-8859-1` means Windows-1252 to it, and what it makes of
 * these bytes has changed between versions of Node.
 */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
const HIGH = /[\x80-\x9f]/;
const EVERY_HIGH = /[\x80-\x9f]/g;

/** Decodes pieces of a file, and keeps what follows the last line feed for the next piece. */
export class TextCutter {
  readonly #longestLine: number;
  #held = '';

  constructor(longestLine: number) {
    this.#longestLine = longestLine;
  }

  /** What was held, and these bytes. */
  decode(bytes: Uint8Array): string {
    const plain = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).latin1Slice();
    const text = HIGH.test(plain)
      ? plain.replaceAll(EVERY_HIGH, (char) => WINDOWS_1252[char.charCodeAt(0) - 0x80]!)
      : plain;
    const whole = this.#held + text;
    this.#held = '';
    return whole;
  }

  /** A line that does not end is cut, not kept: a file without line feeds must not fill the memory. */
  hold(text: string, start: number): void {
    this.#held = text.slice(start, start + 2 * this.#longestLine);
  }

  rest(): string {
    return this.#held;
  }
}
