/** One occurrence of a block: an individual, a contract, a sick leave. */
export interface DsnRecord {
  /** `S21.G00.30`, whatever the norm's edition. */
  readonly block: string;
  /** Line of its first rubric, from 1: its key within the file. */
  readonly line: number;
  /** Key of the record that contains it; undefined for the envelope, its trailer, and what has lost its parent. */
  readonly parentLine: number | undefined;
  /** Key of its declaration (S20.G00.05); undefined outside of any. */
  readonly declarationLine: number | undefined;
  /** Numbers as in the norm (`1` for `.001`), rising, and their values as they stand between the apostrophes. */
  readonly rubrics: readonly number[];
  readonly values: readonly string[];
  /** The line of each. */
  readonly lines: readonly number[];
}

export type DsnFaultKind =
  /** Not `S21.G00.30.001,'value'`. */
  | 'not-a-rubric'
  /** Control characters, or a byte that neither ISO-8859-1 nor Windows-1252 knows. */
  | 'not-text'
  /** Longer than any line can be: more than 4096 characters, or 65,536 with the blanks at its end. Comes in pieces, the first at offset 0. */
  | 'too-long'
  /** The record that should contain this one was never begun. Its values are kept. */
  | 'orphan'
  /** Not a date, an amount or a count as the norm wants it. The rest of its record is kept. */
  | 'not-of-its-type';

/** What goes to quarantine: no line of a file is lost, and each can be found again in the file, which raw keeps to the byte. */
export interface DsnFault {
  readonly line: number;
  readonly kind: DsnFaultKind;
  /** Of `too-long`: how many bytes of the line stand before this piece, each of which is one character of the texts. */
  readonly offset?: number;
  /** `S21.G00.30.006`, where it has one. */
  readonly code: string | undefined;
  /** The whole line without blanks at its end; of `too-long`, up to 4096 characters, which with those of its other pieces are the line to the byte; of `not-of-its-type`, the value. */
  readonly text: string;
}

/** What one envelope held, and whether that is all its sender counted. */
export interface DsnSummary {
  readonly lineCount: number;
  readonly rubricCount: number;
  readonly declarationCount: number;
  /** `P24V01`, from S10.G00.00.006. */
  readonly edition: string | undefined;
  /** From S10.G00.00.005: `01` marks a test. */
  readonly isTest: boolean;
  /** From the trailer, which counts its own rubrics too. undefined when it is missing or is no number: the file was cut off. */
  readonly countedRubrics: number | undefined;
  readonly countedDeclarations: number | undefined;
  /** Both counts agree with what was found, lines in quarantine included, each once. */
  readonly isComplete: boolean;
  readonly faultCount: number;
  /** Records by block. */
  readonly records: Readonly<Record<string, number>>;
  /** Blocks that edition P24V01 does not have. */
  readonly unknownBlocks: readonly string[];
}
