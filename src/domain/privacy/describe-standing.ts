import { canLeak } from './can-leak.ts';
import { checkText, columnsOfCheck } from './check.ts';
import { columnPrivacy } from './column-privacy.ts';
import type { NamedFile } from './dataset-digest.ts';
import type { ExecutionOutcome } from './execution-record.ts';
import { smallFilesPrivacy, type SmallFilesFound } from './function-figures.ts';
import { jobFigures, type JobFigures } from './job-figures.ts';
import { effectiveTreatment } from './plan-columns.ts';
import type { PlannedDataset } from './planned-dataset.ts';
import type { AnonymityReached, DatasetPrivacy, PrivacyReport } from './privacy-report.ts';
import { schemeText, type PseudonymScheme } from './pseudonym.ts';
import type { SmallFilesPrivacy, Standing, StandingPrivacy, StandingRemark } from './standing-report.ts';

/** What is declared today. */
export interface DeclaredDataset {
  readonly planned: PlannedDataset;
  readonly scheme: PseudonymScheme | undefined;
  readonly leftOut: DatasetPrivacy['leftOut'];
}

export interface FoundTable {
  /** Partition keys among them. */
  readonly columns: readonly string[];
  readonly pseudonyms: string | undefined;
  readonly figures: string | undefined;
  /** Asked for when it was made. */
  readonly k: number | undefined;
}

export interface FoundFile extends NamedFile {
  /** By its mark: of a build, a rotation or an erasure. Jobs leave none. */
  readonly isMarked: boolean;
  readonly modifiedAtMs: number | undefined;
}

/** What the report of a build says of the very files that stand. */
export interface EarlierBuild {
  readonly privacy: DatasetPrivacy;
  readonly build: Pick<PrivacyReport['build'], 'at' | 'by'>;
}

export interface FoundDataset {
  readonly table: FoundTable | 'absent' | 'foreign';
  readonly files: readonly Pick<FoundFile, 'isMarked' | 'modifiedAtMs'>[];
  readonly earlier: EarlierBuild | undefined;
  readonly lastExecution: ExecutionOutcome | undefined;
  readonly smallFiles: Omit<SmallFilesFound, 'wholeAt'>;
}

interface Maker {
  readonly madeBy: Standing['madeBy'];
  readonly figures?: JobFigures | undefined;
  readonly remark?: StandingRemark | undefined;
}

/** A dataset as it stands, from what was found of it: by the report of its build, by what its job has left with its table, or by neither. */
export function describeStanding(declared: DeclaredDataset, found: FoundDataset): StandingPrivacy {
  const { earlier } = found;
  const maker = makerOf(declared, found);
  const told = earlier?.privacy ?? declaredPrivacy(declared, found, maker);
  return {
    ...told,
    standing: standingOf(declared, found, { ...maker, k: told.anonymity?.k }),
  };
}

function makerOf({ planned: { dataset } }: DeclaredDataset, { table, files, earlier }: FoundDataset): Maker {
  if (typeof table === 'string') return { madeBy: 'unknown', remark: table };
  if (earlier !== undefined) return { madeBy: 'build' };
  const marked = files.filter(({ isMarked }) => isMarked).length;
  if (marked > 0 && marked < files.length) return { madeBy: 'unknown', remark: 'cut-off' };
  const figures = jobFigures(table.figures, dataset.name);
  if (figures !== undefined) return { madeBy: 'job', figures, remark: marked > 0 ? 'changed-since' : undefined };
  if (files.length === 0) return { madeBy: 'unknown', remark: 'no-figures' };
  return { madeBy: marked > 0 ? 'build' : 'job', remark: 'no-figures' };
}

type Told = Omit<StandingPrivacy, 'standing'>;

function declaredPrivacy({ planned, leftOut }: DeclaredDataset, found: FoundDataset, maker: Maker): Told {
  const { dataset, output } = planned;
  const { name, target, from, joins, notAnonymous, consumers, purpose, legalBasis, retention } = dataset;
  const { madeBy, figures } = maker;
  const { sourceRows, suppressedRows, rows, warnings = {} } = figures ?? {};
  return {
    ...{ name, zone: target.zone, table: `${target.database}.${target.table}` },
    madeOf: [...new Set([from, ...joins.map((join) => join.with)])],
    columns: output.map(columnPrivacy),
    ...{ leftOut, sourceRows, suppressedRows, rows },
    blanked: blankedOf(figures),
    anonymity: madeBy === 'unknown' ? undefined : anonymityOf(dataset, found, figures),
    notAnonymous,
    // Nobody who finds something there writes it.
    searched: madeBy === 'unknown' ? [] : output.filter(canLeak).map((column) => column.name),
    checks: warnedOf(planned, warnings),
    ...{ consumers, purpose, legalBasis, retention },
  };
}

function blankedOf({ blankedRows: rows, blankedCells: cells }: Partial<JobFigures> = {}): Told['blanked'] {
  return rows === undefined || cells === undefined ? undefined : { rows, cells };
}

/** As asked for by whoever made it, over the columns that are declared. */
function anonymityOf(
  { anonymity }: PlannedDataset['dataset'],
  { table }: FoundDataset,
  figures: JobFigures | undefined,
): AnonymityReached | undefined {
  const k = askedOf(table, figures);
  if (anonymity === undefined || k === undefined) return undefined;
  const { over, except, of, diversity, blank, onFailure } = anonymity;
  const { smallestClass, l, leastDiversity: least } = figures ?? {};
  const reached = diversity === undefined || l === undefined ? undefined : { of: diversity.of, l, least };
  return { over, except, of, k, blank, onFailure, smallestClass, diversity: reached };
}

function askedOf(table: FoundDataset['table'], figures: JobFigures | undefined): number | undefined {
  return figures === undefined && typeof table !== 'string' ? table.k : figures?.k;
}

/** Broken checks in the words of reports; where two are worded alike by the machine, in its own. */
function warnedOf(
  { dataset, from, joins }: PlannedDataset,
  warnings: Readonly<Record<string, number>>,
): DatasetPrivacy['checks'] {
  const known = [
    ...dataset.checks.map((check) => [`${check.rule} ${columnsOfCheck(check).join(', ')}`.trim(), checkText(check)]),
    ...[from, ...joins.map(({ source }) => source)].flatMap(({ columns, keys }) =>
      [...columns, ...keys].flatMap(({ source, read }) => {
        const text = read && checkText({ rule: 'type', column: source, type: read.form, severity: read.severity });
        return text === undefined ? [] : [[text, text]];
      }),
    ),
  ];
  const textOf = (said: string): string => {
    const texts = new Set(known.filter(([one]) => one === said).map(([, text]) => text!));
    return texts.size === 1 ? [...texts][0]! : said;
  };
  return Object.entries(warnings).map(([said, failing]) => ({ text: textOf(said), severity: 'warn', failing }));
}

function standingOf(
  declared: DeclaredDataset,
  { table, files, earlier, lastExecution, smallFiles }: FoundDataset,
  { madeBy, figures, remark, k }: Maker & { readonly k: number | undefined },
): Standing {
  const writtenAt = latest(files);
  const wholeAt = earlier?.build.at ?? (figures === undefined || remark !== undefined ? undefined : writtenAt);
  const beside = smallFilesPrivacy({ ...smallFiles, wholeAt });
  return {
    madeBy,
    by: earlier?.build.by,
    builtAt: earlier?.build.at,
    run: figures?.run,
    writtenAt,
    pseudonyms: typeof table === 'string' ? undefined : table.pseudonyms,
    inQuarantine: figures?.inQuarantine ?? {},
    remarks: [...(remark === undefined ? [] : [remark]), ...differencesOf(declared, table, { figures, k })],
    lastExecution,
    smallFiles: beside && inWordsOfReports(declared, beside),
  };
}

/** By how much what stands is not what is declared today. */
function differencesOf(
  { planned: { dataset, output }, scheme }: DeclaredDataset,
  table: FoundDataset['table'],
  asked: {
    readonly figures: JobFigures | undefined;
    readonly k: number | undefined;
  },
): StandingRemark[] {
  if (typeof table === 'string') return [];
  const names = (columns: readonly string[]): string =>
    columns
      .map((name) => name.toLowerCase())
      .toSorted()
      .join();
  const isPseudonymised = output.some((column) => effectiveTreatment(column).kind === 'pseudonymise');
  const pseudonyms = isPseudonymised && scheme !== undefined ? schemeText(scheme) : undefined;
  const { figures } = asked;
  const k = figures === undefined ? (asked.k ?? table.k) : figures.k;
  const isOther =
    k !== dataset.anonymity?.k || (figures !== undefined && figures.l !== dataset.anonymity?.diversity?.l);
  return [
    ...(names(table.columns) === names(output.map(({ name }) => name)) ? [] : (['other-columns'] as const)),
    ...(isOther ? (['other-anonymity'] as const) : []),
    ...(table.pseudonyms === pseudonyms ? [] : (['other-pseudonyms'] as const)),
  ];
}

function inWordsOfReports({ planned }: DeclaredDataset, beside: SmallFilesPrivacy): SmallFilesPrivacy {
  if (beside.figures === undefined) return beside;
  const { warnings } = beside.figures;
  const told = warnedOf(planned, Object.fromEntries(warnings.map(({ text, failing }) => [text, failing])));
  return {
    ...beside,
    figures: {
      ...beside.figures,
      warnings: told.map(({ text, failing }) => ({ text, failing })),
    },
  };
}

function latest(files: FoundDataset['files']): string | undefined {
  const times = files.flatMap(({ modifiedAtMs }) => modifiedAtMs ?? []);
  return times.length === 0 ? undefined : new Date(Math.max(...times)).toISOString();
}
