import { timeOf } from './execution-record.ts';
import { machineFigures, type MachineFigures } from './job-figures.ts';
import type { SmallFilesFigures, SmallFilesPrivacy } from './standing-report.ts';
import { countOf, jsonOf, memberOf, textOf } from './untyped.ts';

/** What a function answered of one object of raw (`take` of lakelift_small_files.py). */
export interface FunctionAnswer extends MachineFigures {
  /** What it calls the object that it writes, without the ending: tells nothing of the name in raw. */
  readonly source: string;
  /** Lines that are set aside. */
  readonly inQuarantine: number;
}

/** One call of a distributed map. */
export interface FunctionCall {
  /** Place in raw: it may tell of people, and is to be shown nowhere. */
  readonly object: string;
  /** When it ended, ISO 8601. */
  readonly at: string;
  /** undefined where the object was not taken. */
  readonly answer: FunctionAnswer | undefined;
}

/** Calls of a file of results that Step Functions has written (`SUCCEEDED_0.json`, `FAILED_0.json`); what is none is passed over. */
export function functionCalls(text: string): FunctionCall[] {
  const results = jsonOf(text);
  return (Array.isArray(results) ? (results as unknown[]) : []).flatMap((result) => callOf(result) ?? []);
}

function callOf(result: unknown): FunctionCall | undefined {
  const file = memberOf(jsonOf(memberOf(result, 'Input')), 'file');
  const [bucket, key] = [textOf(memberOf(file, 'bucket')), textOf(memberOf(file, 'key'))];
  const at = timeOf(memberOf(result, 'StopDate'));
  if (bucket === undefined || key === undefined || at === undefined) return undefined;
  const object = `s3://${bucket}/${key}`;
  if (memberOf(result, 'Status') !== 'SUCCEEDED') return { object, at, answer: undefined };
  const objects = memberOf(memberOf(jsonOf(memberOf(result, 'Output')), 'result'), 'objects');
  const answered: unknown = Array.isArray(objects) ? objects[0] : undefined;
  const source = textOf(memberOf(answered, 'source'));
  // Not as the function answers: nothing is known of it but that it did not fail.
  if (source === undefined) return undefined;
  const inQuarantine = countOf(memberOf(answered, 'inQuarantine')) ?? 0;
  return {
    object,
    at,
    answer: { ...machineFigures(answered), source, inQuarantine },
  };
}

export interface SmallFilesFound {
  /** `cleaned_rh.salaries_small_files`. */
  readonly table: string;
  /** Scheme of pseudonyms, as the table says. */
  readonly pseudonyms: string | undefined;
  /** Objects with rows that stand, by their names without the ending: when each was written last, in ms since 1970. */
  readonly objects: ReadonlyMap<string, number | undefined>;
  readonly calls: readonly FunctionCall[];
  /** When the dataset's own table was made, ISO 8601; undefined where nothing says it. A whole build or job reads what failed before. */
  readonly wholeAt: string | undefined;
}

/**
 * What functions have written beside a dataset and what they said of it, of the objects that stand as they were written then; undefined where there is neither. Objects that
 * left no row are counted from the last whole build on, since nothing that stands tells of them.
 */
export function smallFilesPrivacy(found: SmallFilesFound): SmallFilesPrivacy | undefined {
  const { table, pseudonyms, objects, wholeAt } = found;
  const calls = found.calls.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const last = new Map(calls.map((call) => [call.object, call]));
  const answered = new Map(
    calls.flatMap((call) => (call.answer === undefined ? [] : [[call.object, { ...call, answer: call.answer }]])),
  );
  const isSince = ({ at }: FunctionCall): boolean => wholeAt === undefined || Date.parse(at) > Date.parse(wholeAt);
  const isAsWritten = (call: FunctionCall & { readonly answer: FunctionAnswer }): boolean => {
    const { source, rows } = call.answer;
    if (!objects.has(source)) return rows === 0 && isSince(call) && last.get(call.object)?.answer !== undefined;
    const writtenAt = objects.get(source);
    return writtenAt !== undefined && writtenAt <= Date.parse(call.at);
  };
  const known = [...answered.values()].filter(isAsWritten);
  const failed = [...last.values()].filter((call) => call.answer === undefined && isSince(call)).length;
  if (objects.size === 0 && known.length === 0 && failed === 0) return undefined;
  const sources = new Set(known.map(({ answer }) => answer.source));
  return {
    table,
    pseudonyms,
    objects: objects.size,
    withoutFigures: [...objects.keys()].filter((name) => !sources.has(name)).length,
    failed,
    figures: known.length > 0 ? figuresOf(known) : undefined,
  };
}

function figuresOf(known: readonly { readonly at: string; readonly answer: FunctionAnswer }[]): SmallFilesFigures {
  const answers = known.map(({ answer }) => answer);
  return {
    objects: known.length,
    lastAt: known
      .map(({ at }) => at)
      .toSorted()
      .at(-1)!,
    sourceRows: sum(answers.map((answer) => answer.sourceRows)),
    suppressedRows: sum(answers.map((answer) => answer.suppressedRows)),
    rows: sum(answers.map((answer) => answer.rows)),
    blanked: blankedOf(answers),
    inQuarantine: answers.reduce((lines, answer) => lines + answer.inQuarantine, 0),
    k: least(answers.map((answer) => answer.k)),
    smallestClass: least(answers.map((answer) => answer.smallestClass)),
    l: least(answers.map((answer) => answer.l)),
    leastDiversity: least(answers.map((answer) => answer.leastDiversity)),
    warnings: warningsOf(answers),
  };
}

/** undefined where one of them is: the rest would pass for the whole. */
function sum(counts: readonly (number | undefined)[]): number | undefined {
  return counts.reduce((all, count) => (all === undefined || count === undefined ? undefined : all + count), 0);
}

function least(counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function blankedOf(answers: readonly FunctionAnswer[]): SmallFilesFigures['blanked'] {
  const blanked = answers.filter(({ blankedCells }) => blankedCells !== undefined);
  const [rows, cells] = [
    sum(blanked.map(({ blankedRows }) => blankedRows)),
    sum(blanked.map((one) => one.blankedCells)),
  ];
  return blanked.length === 0 || rows === undefined || cells === undefined ? undefined : { rows, cells };
}

function warningsOf(answers: readonly FunctionAnswer[]): SmallFilesFigures['warnings'] {
  const warnings = new Map<string, number>();
  for (const answer of answers)
    for (const [text, failing] of Object.entries(answer.warnings))
      warnings.set(text, (warnings.get(text) ?? 0) + failing);
  return [...warnings].map(([text, failing]) => ({ text, failing }));
}
