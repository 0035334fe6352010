import type { DsnFault } from './dsn-record.ts';
import { asWindows1252 } from './windows-1252.ts';

export interface DsnLineSink {
  /** `block` is S21.G00.30 as 210030. */
  rubric(line: number, block: number, rubric: number, value: string): void;
  fault(fault: DsnFault): void;
}

/** The norm allows 256 characters; senders that do not keep to it are still read. */
const LONGEST_LINE = 4096;
/** Bytes of a line that are held until it ends: blanks may be all that follows. */
const MOST_HELD = 65_536;
/** `S21.G00.30.001,'` */
const VALUE_AT = 16;
const CONTROL = /[\0-\x08\x0a-\x1f\x7f-\x9f]/;
const RUBRIC = /^S(\d\d)\.G(\d\d)\.(\d\d)\.(\d{3}),'(.*)'$/;
const CODE = /^S\d\d\.G\d\d\.\d\d\.\d{3}/;

/**
 * Cuts the bytes of a DSN into rubrics, in whatever pieces they arrive: one a line, CRLF or LF, the value between the first apostrophe and the last, so
 * that it may hold apostrophes and commas. Blank lines count, and are nothing else unless they are longer than anybody holds. A line that is too long comes whole, in pieces.
 */
export class DsnLines {
  readonly #sink: DsnLineSink;
  /** The beginning of a line that has not ended. */
  #held = Buffer.alloc(0);
  #line = 0;
  /** How many bytes of a line that has not ended were told already: it is too long, whatever follows. */
  #told = 0;

  constructor(sink: DsnLineSink) {
    this.#sink = sink;
  }

  get lineCount(): number {
    return this.#line;
  }

  push(bytes: Uint8Array): void {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const first = this.#isWithin() ? piece.indexOf(LINE_FEED) + 1 : 0;
    if (first > 0) this.#takeHeld(piece.subarray(0, first - 1));
    const rest = this.#isWithin() ? 0 : this.#take(piece, first);
    if (rest < piece.length) this.#hold(piece.subarray(rest));
  }

  end(): void {
    if (this.#isWithin()) this.#takeHeld(Buffer.alloc(0));
  }

  /** A line has begun, and not ended. */
  #isWithin(): boolean {
    return this.#held.length > 0 || this.#told > 0;
  }

  #hold(bytes: Buffer): void {
    this.#held = Buffer.concat([this.#held, bytes]);
    if (this.#told === 0 && this.#held.length <= MOST_HELD) return;
    if (this.#told === 0) this.#line++;
    const whole = this.#held.length - (this.#held.length % LONGEST_LINE);
    this.#refusePieces(this.#held.toString('latin1', 0, whole), this.#told);
    this.#told += whole;
    this.#held = Buffer.from(this.#held.subarray(whole));
  }

  #takeHeld(rest: Buffer): void {
    const line = Buffer.concat([this.#held, rest]);
    this.#held = Buffer.alloc(0);
    if (this.#told === 0) this.#take(Buffer.concat([line, Buffer.of(LINE_FEED)]), 0);
    else this.#refusePieces(line.toString('latin1'), this.#told);
    this.#told = 0;
  }

  /** Takes lines that have ended; returns where the one begins that has not. */
  #take(bytes: Buffer, from: number): number {
    const text = bytes.toString('latin1');
    const last = bytes.lastIndexOf(LINE_FEED);
    let start = from;
    while (start <= last) {
      this.#line++;
      const code = last - start < VALUE_AT ? NO_CODE : codeAt(bytes, start);
      let end = code === NO_CODE ? start : start + VALUE_AT;
      while (KINDS[bytes[end]!] === PLAIN) end++;
      const lineFeed = bytes[end] === CARRIAGE_RETURN ? end + 1 : end;
      const isRubric = code !== NO_CODE && end > start + VALUE_AT && bytes[end - 1] === APOSTROPHE;
      if (isRubric && bytes[lineFeed] === LINE_FEED && end - start <= LONGEST_LINE) {
        const value = text.slice(start + VALUE_AT, end - 1);
        this.#sink.rubric(this.#line, Math.trunc(code / 1000), code % 1000, value);
        start = lineFeed + 1;
      } else {
        const next = bytes.indexOf(LINE_FEED, end) + 1;
        this.#takeOdd(text.slice(start, next - 1));
        start = next;
      }
    }
    return start;
  }

  /** A line that is not at first sight a rubric of plain characters. */
  #takeOdd(line: string): void {
    const text = asWindows1252(withoutTrailingBlanks(line));
    if (text.length > LONGEST_LINE || line.length > MOST_HELD) return this.#refusePieces(line, 0);
    if (text === '') return;
    if (CONTROL.test(text)) return this.#refuse('not-text', text);
    const [, group, subgroup, block, rubric, value = ''] = RUBRIC.exec(text) ?? [];
    if (block === undefined) return this.#refuse('not-a-rubric', text);
    this.#sink.rubric(this.#line, Number(`${group}${subgroup}${block}`), Number(rubric), value);
  }

  #refuse(kind: DsnFault['kind'], text: string): void {
    this.#sink.fault({ line: this.#line, kind, code: CODE.exec(text)?.[0], text });
  }

  /** Of a line that is too long, what begins at an offset: every byte of it, blanks at its end included. */
  #refusePieces(latin1: string, from: number): void {
    for (let at = 0; at < latin1.length; at += LONGEST_LINE) {
      const text = asWindows1252(latin1.slice(at, at + LONGEST_LINE));
      const offset = from + at;
      const code = offset === 0 ? CODE.exec(text)?.[0] : undefined;
      this.#sink.fault({ line: this.#line, kind: 'too-long', offset, code, text });
    }
  }
}

/** S21.G00.30 of 210030. */
export function blockName(block: number): string {
  return String(block)
    .padStart(6, '0')
    .replace(/(..)(..)(..)/, 'S$1.G$2.$3');
}

function withoutTrailingBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && line.charCodeAt(end - 1) <= BLANK) end--;
  return line.slice(0, end);
}

/** The digits of `S21.G00.30.001,'` as one number; NO_CODE where it is something else. Read by byte, since this is where the time goes. */
function codeAt(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== LETTER_S || bytes[at + 4] !== LETTER_G) return NO_CODE;
  if (bytes[at + 3] !== DOT || bytes[at + 7] !== DOT || bytes[at + 10] !== DOT) return NO_CODE;
  if (bytes[at + 14] !== COMMA || bytes[at + 15] !== APOSTROPHE) return NO_CODE;
  let code = 0;
  for (const offset of DIGITS) {
    const digit = bytes[at + offset]! - 48;
    if (digit < 0 || digit > 9) return NO_CODE;
    code = code * 10 + digit;
  }
  return code;
}

const NO_CODE = -1;
const DIGITS = [1, 2, 5, 6, 8, 9, 11, 12, 13];
const LETTER_S = 83;
const LETTER_G = 71;
const DOT = 46;
const COMMA = 44;
const APOSTROPHE = 39;
const BLANK = 32;
const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;
const PLAIN = 1;
/** Plain is what Windows-1252 has as ISO-8859-1 has it, and is no control character; a tab is none here. */
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 9 || (byte >= 0x20 && byte < 0x7f) || byte >= 0xa0 ? PLAIN : 0,
);
