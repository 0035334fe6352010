import { DsnLines } from './dsn-lines.ts';
import type { DsnFault, DsnRecord, DsnSummary } from './dsn-record.ts';
import { BLOCKS, DECLARATION, TRAILER } from './norm.ts';

export interface DsnSink {
  record(record: DsnRecord): void;
  fault(fault: DsnFault): void;
}

interface OpenRecord extends DsnRecord {
  readonly rubrics: number[];
  readonly values: string[];
  readonly lines: number[];
}

const ENVELOPE = 'S10.G00.00';

/**
 * Reads a DSN as it streams by. The file spells out no tree: a record belongs to the last one of the block that the norm puts above its own, and a
 * new one begins where the number of the rubric does not rise, or another block came in between (cahier technique DSN, phase 3). Memory holds one
 * record a block, whatever the length of the file.
 */
export class DsnParser {
  readonly #sink: DsnSink;
  readonly #lines: DsnLines;
  /** The last record of each block that may still contain others. */
  readonly #open = new Map<string, OpenRecord>();
  readonly #counts = new Map<string, number>();
  #current: OpenRecord | undefined;
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
        this.#lineFaults++;
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
    const declarationCount = this.#counts.get(DECLARATION) ?? 0;
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
      records: Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1))),
      unknownBlocks: [...this.#counts.keys()].filter((block) => BLOCKS[block] === undefined).sort(),
    };
  }

  #take(line: number, block: string, rubric: number, value: string): void {
    this.#rubricCount++;
    if (this.#current?.block !== block || rubric <= this.#lastRubric) this.#begin(line, block, rubric, value);
    this.#current!.rubrics.push(rubric);
    this.#current!.values.push(value);
    this.#current!.lines.push(line);
    this.#lastRubric = rubric;
  }

  #begin(line: number, block: string, rubric: number, value: string): void {
    this.#close();
    const parent = BLOCKS[block] === undefined ? this.#open.get(DECLARATION) : this.#parentOf(block);
    for (const inner of INNER_BLOCKS.get(block) ?? []) this.#open.delete(inner);
    const declarationLine = block === DECLARATION ? line : this.#open.get(DECLARATION)?.line;
    const record = { block, line, parentLine: parent?.line, declarationLine, rubrics: [], values: [], lines: [] };
    this.#open.set(block, record);
    this.#counts.set(block, (this.#counts.get(block) ?? 0) + 1);
    this.#current = record;
    if (parent !== undefined || BLOCKS[block]?.parent === undefined) return;
    const code = `${block}.${String(rubric).padStart(3, '0')}`;
    this.#fault({ line, kind: 'orphan', code, text: `${code},'${value}'` });
  }

  #parentOf(block: string): OpenRecord | undefined {
    const parent = BLOCKS[block]?.parent;
    return parent === undefined ? undefined : this.#open.get(parent);
  }

  /** A record is whole once another begins. */
  #close(): void {
    const record = this.#current;
    if (record === undefined) return;
    this.#current = undefined;
    if (record.block === ENVELOPE) {
      this.#edition = valueOf(record, 6);
      this.#isTest = valueOf(record, 5) === '01';
    }
    if (record.block === TRAILER)
      this.#counted = { rubrics: countOf(valueOf(record, 1)), declarations: countOf(valueOf(record, 2)) };
    this.#sink.record(record);
  }

  #fault(fault: DsnFault): void {
    this.#faultCount++;
    this.#sink.fault(fault);
  }
}

/** What ends with a record of each block: everything that it contains, at any depth. */
const INNER_BLOCKS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.keys(BLOCKS).map((block) => [block, Object.keys(BLOCKS).filter((other) => isBelow(other, block))]),
);

function isBelow(block: string, ancestor: string): boolean {
  for (let at = BLOCKS[block]?.parent; at !== undefined; at = BLOCKS[at]?.parent) if (at === ancestor) return true;
  return false;
}

function valueOf({ rubrics, values }: DsnRecord, rubric: number): string | undefined {
  return values[rubrics.indexOf(rubric)];
}

function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
