/**
 * Bytes 0x80 to 0x9F in Windows-1252. In ISO-8859-1 they are control characters, which no declaration holds, so that one table reads both;
 * five stay undefined (WHATWG Encoding, index-windows-1252). TextDecoder is not used: `iso-8859-1` means Windows-1252 to it, and what it makes of
 * these bytes has changed between versions of Node.
 */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
const EVERY_HIGH = /[\x80-\x9f]/g;
/** Control characters, what Windows-1252 has in their place, and carriage returns that end no line. */
const ODD = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r[^\n]/;

export interface CutText {
  readonly text: string;
  /** Nothing in it needs a second look: true of nearly all pieces, and found in one pass. */
  readonly isPlain: boolean;
}

/** Decodes pieces of a file, and keeps what follows the last line feed for the next piece. */
export class TextCutter {
  readonly #longestLine: number;
  #held = '';

  constructor(longestLine: number) {
    this.#longestLine = longestLine;
  }

  /** What was held, and these bytes. */
  decode(bytes: Uint8Array): CutText {
    const latin1 = this.#held + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    this.#held = '';
    if (!ODD.test(latin1)) return { text: latin1, isPlain: true };
    return { text: latin1.replaceAll(EVERY_HIGH, (char) => WINDOWS_1252[char.charCodeAt(0) - 0x80]!), isPlain: false };
  }

  /** A line that does not end is cut, not kept: a file without line feeds must not fill the memory. */
  hold(text: string, start: number): void {
    this.#held = text.slice(start, start + 2 * this.#longestLine);
  }

  rest(): string {
    return this.#held;
  }
}
