import { blockName, DsnLines } from './dsn-lines.ts';
import type { DsnFault, DsnRecord, DsnSummary } from './dsn-record.ts';
import { BLOCKS, DECLARATION, TRAILER } from './norm.ts';

export interface DsnSink {
  record(record: DsnRecord): void;
  fault(fault: DsnFault): void;
}

/** What of a block has been seen. */
interface Block {
  /** As lines have it: S21.G00.30 as 210030. */
  readonly number: number;
  readonly name: string;
  readonly isKnown: boolean;
  readonly container: Block | undefined;
  /** Blocks seen that it contains, at any depth: their records end with one of its own. */
  readonly inner: Block[];
  /** Where its last record began that may still contain others. */
  line: number | undefined;
  recordCount: number;
}

const ENVELOPE = 'S10.G00.00';

/**
 * Reads a DSN as it streams by. The file spells out no tree: a record belongs to the last one of the block that the norm puts above its own, and a
 * new one begins where the number of the rubric does not rise, or another block came in between (cahier technique DSN, phase 3). Memory holds one
 * record, whatever the length of the file.
 */
export class DsnParser {
  readonly #sink: DsnSink;
  readonly #lines: DsnLines;
  readonly #blocks = new Map<number, Block>();
  readonly #declaration = this.#blockOf(numberOf(DECLARATION));
  /** Of the record that is being read: its block and places, and its rubrics, in lists that are used again. */
  #block: Block | undefined;
  #line = 0;
  #parentLine: number | undefined;
  #declarationLine: number | undefined;
  readonly #rubrics: number[] = [];
  readonly #values: string[] = [];
  readonly #rubricLines: number[] = [];
  #size = 0;
  #lastRubric = 0;
  #rubricCount = 0;
  #faultCount = 0;
  #lineFaults = 0;
  #edition: string | undefined;
  #isTest = false;
  #counted: { rubrics?: number | undefined; declarations?: number | undefined } = {};

  constructor(sink: DsnSink) {
    this.#sink = sink;
    this.#lines = new DsnLines({
      rubric: (line, block, rubric, value) => this.#take(line, block, rubric, value),
      fault: (fault) => {
        if (isFirstOfLine(fault)) this.#lineFaults++;
        this.#fault(fault);
      },
    });
  }

  push(bytes: Uint8Array): void {
    this.#lines.push(bytes);
  }

  end(): DsnSummary {
    this.#lines.end();
    this.#close();
    const seen = [...this.#blocks.values()].filter(({ recordCount }) => recordCount > 0);
    const names = seen.map(({ name, recordCount }) => [name, recordCount] as const);
    const declarationCount = this.#declaration.recordCount;
    const { rubrics: countedRubrics, declarations: countedDeclarations } = this.#counted;
    return {
      lineCount: this.#lines.lineCount,
      rubricCount: this.#rubricCount,
      declarationCount,
      edition: this.#edition,
      isTest: this.#isTest,
      countedRubrics,
      countedDeclarations,
      isComplete: countedRubrics === this.#rubricCount + this.#lineFaults && countedDeclarations === declarationCount,
      faultCount: this.#faultCount,
      records: Object.fromEntries(names.sort(([a], [b]) => (a < b ? -1 : 1))),
      unknownBlocks: seen.flatMap(({ name, isKnown }) => (isKnown ? [] : [name])).sort(),
    };
  }

  #take(line: number, block: number, rubric: number, value: string): void {
    if (this.#block?.number !== block || rubric <= this.#lastRubric) this.#begin(line, block, rubric, value);
    const at = this.#size++;
    this.#rubrics[at] = rubric;
    this.#values[at] = value;
    this.#rubricLines[at] = line;
    this.#lastRubric = rubric;
  }

  #begin(line: number, number: number, rubric: number, value: string): void {
    this.#close();
    const block = this.#block?.number === number ? this.#block : this.#blockOf(number);
    const parentLine = block.container?.line;
    for (const inner of block.inner) inner.line = undefined;
    block.line = line;
    block.recordCount++;
    this.#block = block;
    this.#line = line;
    this.#parentLine = parentLine;
    this.#declarationLine = this.#declaration.line;
    if (parentLine !== undefined || block.container === undefined || !block.isKnown) return;
    const code = `${block.name}.${String(rubric).padStart(3, '0')}`;
    this.#fault({ line, kind: 'orphan', code, text: `${code},'${value}'` });
  }

  #blockOf(number: number): Block {
    const seen = this.#blocks.get(number);
    if (seen !== undefined) return seen;
    const name = blockName(number);
    const definition = BLOCKS[name];
    const parent = definition === undefined ? DECLARATION : definition.parent;
    const container = parent === undefined ? undefined : this.#blockOf(numberOf(parent));
    const isKnown = definition !== undefined;
    const block: Block = { number, name, isKnown, container, inner: [], line: undefined, recordCount: 0 };
    for (let above = container; above !== undefined; above = above.container) above.inner.push(block);
    this.#blocks.set(number, block);
    return block;
  }

  /** A record is whole once another begins. */
  #close(): void {
    if (this.#block === undefined) return;
    const size = this.#size;
    const record: DsnRecord = {
      block: this.#block.name,
      line: this.#line,
      parentLine: this.#parentLine,
      declarationLine: this.#declarationLine,
      rubrics: this.#rubrics.slice(0, size),
      values: this.#values.slice(0, size),
      lines: this.#rubricLines.slice(0, size),
    };
    this.#rubricCount += size;
    this.#size = 0;
    if (record.block === ENVELOPE) {
      this.#edition = valueOf(record, 6);
      this.#isTest = valueOf(record, 5) === '01';
    }
    if (record.block === TRAILER)
      this.#counted = { rubrics: countOf(valueOf(record, 1)), declarations: countOf(valueOf(record, 2)) };
    this.#sink.record(record);
  }

  #fault(fault: DsnFault): void {
    if (isFirstOfLine(fault)) this.#faultCount++;
    this.#sink.fault(fault);
  }
}

/** However many pieces it comes in. */
function isFirstOfLine({ offset = 0 }: DsnFault): boolean {
  return offset === 0;
}

/** 210030 of S21.G00.30. */
function numberOf(block: string): number {
  return Number(block.replaceAll(/\D/g, ''));
}

function valueOf({ rubrics, values }: DsnRecord, rubric: number): string | undefined {
  return values[rubrics.indexOf(rubric)];
}

function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
