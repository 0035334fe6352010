import type { DsnSink } from './dsn-parser.ts';
import type { DsnFault, DsnRecord } from './dsn-record.ts';
import { BLOCKS, DECLARATION, TRAILER } from './norm.ts';

/** How a person is known in a file. */
export interface DsnPersonTest {
  /** Whether a record names them in one of its rubrics. */
  readonly isTheirs: (record: DsnRecord) => boolean;
  /** Whether a line that is no rubric does, or two pieces of one that lie side by side. */
  readonly isIn: (text: string) => boolean;
}

/** Lines from the first to before the last, numbered from 1. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

export interface FoundInFile {
  /** Records that name them, and lines that are no rubric and do. */
  readonly rows: number;
  /** A line was too long to be read as one. */
  readonly isLong: boolean;
  /** Lines that go with them, in order: of each individual (S21.G00.30) that they are, all that belongs to it. */
  readonly lines: readonly LineRange[];
  /** Lines that hold the count of rubrics, and how many that count no longer has. */
  readonly counts: readonly { readonly line: number; readonly fewer: number }[];
  /** Records that name them and contain what belongs to others: an establishment, a declaration. They stay. */
  readonly kept: number;
}

const ENVELOPE = 'S10.G00.00';
const INDIVIDUAL = 'S21.G00.30';
/** Blocks that contain individuals: an individual ends where one of these begins. */
const ABOVE = new Set(blocksAbove(INDIVIDUAL));
const CONTAINERS = new Set([DECLARATION, ...Object.values(BLOCKS).flatMap(({ parent }) => parent ?? [])]);

/** A record and all lines until the next, those that are no rubric included. */
interface Span {
  readonly block: string;
  readonly from: number;
  to: number;
  isTheirs: boolean;
  /** As the trailer counts: rubrics, and lines that are none. */
  counted: number;
  /** Lines that are no rubric, and name them. */
  readonly odd: number[];
}

interface OddLine {
  readonly line: number;
  /** Not a later piece of a line that is told already. */
  readonly isFirst: boolean;
  readonly isTheirs: boolean;
}

/**
 * Finds one person in a DSN as it streams by, and which of its lines are about nobody else. An individual who is named in any record that belongs to it (an old NIR in
 * S21.G00.31, too) goes as a whole; a record outside of any (a contact) goes alone, unless others' records belong to it. Holds the lines of one individual.
 */
export class PersonInDsn implements DsnSink {
  readonly #person: DsnPersonTest;
  readonly #lines: LineRange[] = [];
  readonly #counts: { line: number; fewer: number }[] = [];
  #rows = 0;
  #kept = 0;
  #isLong = false;
  /** Counted by the trailer that comes, of lines that go. */
  #fewer = 0;
  /** Of the last individual, by the line of each record that belongs to it. */
  #individual = new Map<number, Span>();
  #last: Span = spanAt('', 1);
  /** Lines that are no rubric, until it is known which record they stand in. */
  #odd: OddLine[] = [];
  /** Of a line that comes in pieces: the piece before, and whether they were found in one. */
  #piece = '';
  #isFound = false;

  constructor(person: DsnPersonTest) {
    this.#person = person;
  }

  record(record: DsnRecord): void {
    const { block, line, rubrics, lines } = record;
    const last = this.#last;
    last.to = line;
    const span = spanAt(block, line);
    span.counted = rubrics.length;
    span.isTheirs = this.#person.isTheirs(record);
    if (span.isTheirs) this.#rows++;
    this.#place((odd) => (odd.line < line ? last : span));
    const belongs = block !== INDIVIDUAL && this.#individual.size > 0 && this.#belongs(block, last);
    if (!this.#individual.has(last.from)) this.#settleAlone(last);
    if (block === INDIVIDUAL || block === TRAILER || ABOVE.has(block)) this.#settleIndividual();
    // An envelope before this one was cut off: nobody counts its lines.
    if (block === ENVELOPE) this.#fewer = 0;
    if (belongs || block === INDIVIDUAL) this.#individual.set(line, span);
    this.#last = span;
    if (block === TRAILER) this.#tellCount(lines[rubrics.indexOf(1)]);
  }

  fault({ kind, line, offset = 0, text }: DsnFault): void {
    // A record without its parent is a record all the same.
    if (kind === 'orphan') return;
    if (kind === 'too-long') this.#isLong = true;
    const isFirst = offset === 0;
    if (isFirst) [this.#piece, this.#isFound] = ['', false];
    const isTheirs = !this.#isFound && this.#person.isIn(this.#piece + text);
    if (isTheirs) this.#rows++;
    if (isFirst || isTheirs) this.#odd.push({ line, isFirst, isTheirs });
    [this.#piece, this.#isFound] = [text, this.#isFound || isTheirs];
  }

  /** Once the parser has ended; lines in all, as it counts them. */
  found(lineCount: number): FoundInFile {
    const last = this.#last;
    last.to = lineCount + 1;
    this.#place(() => last);
    if (!this.#individual.has(last.from)) this.#settleAlone(last);
    this.#settleIndividual();
    const lines = this.#lines.toSorted((a, b) => a.from - b.from);
    return { rows: this.#rows, isLong: this.#isLong, lines, counts: this.#counts, kept: this.#kept };
  }

  /** By the norm, whether or not the record in between is there; of a block that the norm does not have, what follows an individual is theirs. */
  #belongs(block: string, last: Span): boolean {
    if (BLOCKS[block] === undefined) return this.#individual.has(last.from);
    return blocksAbove(block).includes(INDIVIDUAL);
  }

  #place(spanOf: (odd: OddLine) => Span): void {
    for (const odd of this.#odd) {
      const span = spanOf(odd);
      if (odd.isFirst) span.counted++;
      if (odd.isTheirs) span.odd.push(odd.line);
      // A rubric of their own that is broken.
      if (odd.isTheirs && span.block === INDIVIDUAL) span.isTheirs = true;
    }
    this.#odd = [];
  }

  #settleAlone(span: Span): void {
    if (span.isTheirs && CONTAINERS.has(span.block)) {
      this.#kept++;
      span.isTheirs = false;
    }
    this.#settle(span, span.isTheirs);
  }

  #settleIndividual(): void {
    const spans = [...this.#individual.values()];
    const isTheirs = spans.some((span) => span.isTheirs);
    for (const span of spans) this.#settle(span, isTheirs);
    this.#individual = new Map();
  }

  #settle({ from, to, counted, odd }: Span, goes: boolean): void {
    if (goes) this.#lines.push({ from, to });
    else for (const line of odd) this.#lines.push({ from: line, to: line + 1 });
    this.#fewer += goes ? counted : odd.length;
  }

  #tellCount(line: number | undefined): void {
    if (line !== undefined && this.#fewer > 0) this.#counts.push({ line, fewer: this.#fewer });
    this.#fewer = 0;
  }
}

function blocksAbove(block: string): string[] {
  const parent = BLOCKS[block]?.parent;
  return parent === undefined ? [] : [parent, ...blocksAbove(parent)];
}

function spanAt(block: string, from: number): Span {
  return { block, from, to: from, isTheirs: false, counted: 0, odd: [] };
}

const COUNT = /^(S90\.G00\.90\.001,')(\d{1,15})(?=')/;

/** A DSN without lines, and with the counts of its trailers brought in line. All other lines keep their bytes. */
export function withoutLines(content: Buffer, { lines, counts }: Pick<FoundInFile, 'lines' | 'counts'>): Buffer {
  const fewer = new Map(counts.map((one) => [one.line, one.fewer]));
  const kept: Buffer[] = [];
  let next = 0;
  for (let [start, line] = [0, 1]; start < content.length; line++) {
    const end = content.indexOf('\n', start) + 1 || content.length;
    while (next < lines.length && lines[next]!.to <= line) next++;
    const range = lines[next];
    const isGone = range !== undefined && range.from <= line;
    if (!isGone) kept.push(recounted(content.subarray(start, end), fewer.get(line)));
    start = end;
  }
  return Buffer.concat(kept);
}

function recounted(line: Buffer, fewer: number | undefined): Buffer {
  if (fewer === undefined) return line;
  const text = line
    .toString('latin1')
    .replace(COUNT, (_, code: string, count: string) => `${code}${Math.max(0, Number(count) - fewer)}`);
  return Buffer.from(text, 'latin1');
}
