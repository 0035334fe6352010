import { TextCutter } from './text-cutter.ts';
import type { DsnFault } from './dsn-record.ts';

export interface DsnLineSink {
  rubric(line: number, block: string, rubric: number, value: string): void;
  fault(fault: DsnFault): void;
}

/** `S21.G00.30.001,'` */
const CODE_LENGTH = 14;
const BLOCK_LENGTH = 10;
const VALUE_AT = 16;
/** The norm allows 256 characters; senders that do not keep to it are still read. */
const LONGEST_LINE = 4096;
const APOSTROPHE = 39;
const COMMA = 44;
const CONTROL = /[\0-\x08\x0a-\x1f\x7f-\x9f]/;

/**
 * Cuts the bytes of a DSN into rubrics, in whatever pieces they arrive: one a line, CRLF or LF, the value between the first apostrophe and the last, so
 * that it may hold apostrophes and commas. Blank lines count, and are nothing else.
 */
export class DsnLines {
  readonly #sink: DsnLineSink;
  readonly #cutter = new TextCutter(LONGEST_LINE);
  #line = 0;
  /** The last block seen: mostly the next one too. */
  #block = '';

  constructor(sink: DsnLineSink) {
    this.#sink = sink;
  }

  get lineCount(): number {
    return this.#line;
  }

  push(bytes: Uint8Array): void {
    const { text, isPlain } = this.#cutter.decode(bytes);
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      this.#take(text, start, end, isPlain);
      start = end + 1;
    }
    this.#cutter.hold(text, start);
  }

  end(): void {
    const rest = this.#cutter.rest();
    if (rest !== '') this.#take(rest, 0, rest.length, false);
  }

  #take(text: string, start: number, newline: number, isPlain: boolean): void {
    this.#line++;
    let end = newline;
    while (end > start && text.charCodeAt(end - 1) <= 32) end--;
    if (end === start) return;
    if (end - start > LONGEST_LINE) return this.#refuse('too-long', text.slice(start, start + LONGEST_LINE));
    if (!isPlain && CONTROL.test(text.slice(start, end))) return this.#refuse('not-text', text.slice(start, end));
    // Most lines are of the block of the one before, whose shape is known then.
    const isSameBlock = this.#block !== '' && text.startsWith(this.#block, start);
    const rubric = rubricAt(text, start, { end, from: isSameBlock ? BLOCK_LENGTH : 0 });
    if (rubric === undefined) return this.#refuse('not-a-rubric', text.slice(start, end));
    if (!isSameBlock) this.#block = text.slice(start, start + BLOCK_LENGTH);
    this.#sink.rubric(this.#line, this.#block, rubric, text.slice(start + VALUE_AT, end - 1));
  }

  #refuse(kind: DsnFault['kind'], text: string): void {
    const code = /^S\d\d\.G\d\d\.\d\d\.\d{3}/.exec(text)?.[0];
    this.#sink.fault({ line: this.#line, kind, code, text });
  }
}

/** The number of the rubric; undefined when the line is none. Read by character, since this is where the time goes. */
function rubricAt(
  text: string,
  start: number,
  { end, from }: { readonly end: number; readonly from: number },
): number | undefined {
  if (end - start <= VALUE_AT || text.charCodeAt(end - 1) !== APOSTROPHE) return undefined;
  if (text.charCodeAt(start + CODE_LENGTH) !== COMMA || text.charCodeAt(start + CODE_LENGTH + 1) !== APOSTROPHE)
    return undefined;
  let number = 0;
  for (let at = from; at < CODE_LENGTH; at++) {
    const code = text.charCodeAt(start + at);
    const expected = SHAPE[at]!;
    if (expected !== DIGIT) {
      if (code !== expected) return undefined;
    } else {
      const digit = code - 48;
      if (digit < 0 || digit > 9) return undefined;
      number = at > BLOCK_LENGTH ? number * 10 + digit : 0;
    }
  }
  return number;
}

const DIGIT = -1;
const SHAPE = [...'S##.G##.##.###'].map((char) => (char === '#' ? DIGIT : char.charCodeAt(0)));
