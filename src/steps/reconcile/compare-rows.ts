import { contentColumns } from '../../domain/fingerprint/content-columns.ts';
import {
  added,
  formatFingerprint,
  hasSameContent,
  NO_ROWS,
  type Fingerprint,
} from '../../domain/fingerprint/fingerprint.ts';
import type { RowSample } from '../../domain/fingerprint/row-samples.ts';
import type { TableItem } from '../../domain/plan.ts';
import type { CheckSummary, ContentSample, Finding, RowTotals } from '../../domain/reconciliation.ts';
import type { TargetTable } from '../../domain/target-table.ts';
import { narrowContent, type Narrowed } from './narrow-content.ts';
import type { PlannedPartitions } from './planned-partitions.ts';
import type { PartitionRows, Reading, RowsByPartition } from './read-partitions.ts';
import type { ReconcileRequest } from './reconcile-context.ts';
import type { RowsResult } from './reconcile-rows.ts';

const NAMED_PARTITIONS = 100_000;
/** Differing partitions of a table that are narrowed down to columns and rows. */
const NARROWED = 5;
const SAMPLES = 100;

export interface BothSides {
  readonly item: TableItem;
  readonly table: TargetTable;
  readonly planned: PlannedPartitions;
  readonly readings: { readonly source: Reading; readonly target: Reading };
  readonly source: RowsByPartition;
  readonly target: RowsByPartition;
}

interface Pair {
  /** Undefined for a table without partitions. */
  readonly partition: string | undefined;
  readonly source: PartitionRows | undefined;
  readonly target: PartitionRows | undefined;
}

/** Compares what both engines read, partition by partition, and finds the columns and rows in which partitions of equal or other size differ. */
export async function compareRows(request: ReconcileRequest, sides: BothSides): Promise<RowsResult> {
  const { item, readings } = sides;
  const isContent = readings.source.level === 'content';
  const pairs = pairsOf(sides);
  const differing = pairs.filter((pair) => !hasSameContent(fingerprintOf(pair.source), fingerprintOf(pair.target)));
  const findings: Finding[] = [];
  const samples: ContentSample[] = [];
  for (const [place, pair] of differing.entries()) {
    const erased = erasedFrom(request, item, pair);
    // What is missing are rows of people who are not to be shown.
    const isNarrowed = isContent && place < NARROWED && erased === undefined;
    const narrowed = isNarrowed ? await narrow(request, sides, pair) : undefined;
    findings.push(erased ?? findingOf(item.scope, pair, narrowed));
    const { partition } = pair;
    samples.push(
      ...(narrowed?.samples ?? []).map((each) => ({ ...each, ...(partition === undefined ? {} : { partition }) })),
    );
  }
  const totals = totalsOf(sides, pairs);
  const counted = checkOf('rows', pairs.length, findings);
  if (!isContent) return { totals, findings, checks: [readBackCheck(pairs), counted] };
  const { columns, limits } = contentColumns(sides.table);
  return {
    totals,
    findings,
    checks: [readBackCheck(pairs), counted, checkOf('content', pairs.length, findings)],
    content: {
      sourceFingerprint: formatFingerprint(sumOf(pairs.map(({ source }) => source))),
      targetFingerprint: formatFingerprint(sumOf(pairs.map(({ target }) => target))),
      columnsCompared: columns.length,
      limits,
      samples: samples.slice(0, SAMPLES),
    },
  };
}

function pairsOf({ planned, source, target }: BothSides): Pair[] {
  const keys = [...new Set([...planned.names.keys(), ...source.keys(), ...target.keys()])];
  return keys
    .filter((key) => !planned.excluded.has(key))
    .sort()
    .map((key) => ({
      partition: key === '' ? undefined : (planned.names.get(key) ?? key),
      source: source.get(key),
      target: target.get(key),
    }));
}

/** Nothing to narrow down where one side has no rows at all. */
async function narrow(
  { classOf, signal }: ReconcileRequest,
  { item, readings }: BothSides,
  { source, target }: Pair,
): Promise<Narrowed | undefined> {
  if (fingerprintOf(source).rows === 0n || fingerprintOf(target).rows === 0n) return undefined;
  const sides = [
    { ...readings.source, filter: source!.printed, rows: fingerprintOf(source).rows },
    { ...readings.target, filter: target!.printed, rows: fingerprintOf(target).rows },
  ] as const;
  return narrowContent(sides, (column) => classOf?.(item.scope, column) ?? 'unclassified', signal);
}

function findingOf(scope: string, pair: Pair, narrowed: Narrowed | undefined): Finding {
  const [source, target] = [fingerprintOf(pair.source), fingerprintOf(pair.target)];
  const common = { kind: 'differs', weight: 'difference', scope, subject: pair.partition ?? scope } as const;
  if (source.rows !== target.rows) {
    const detail = `it has ${target.rows} rows instead of ${source.rows}${rowsOf(narrowed)}`;
    return { check: 'rows', ...common, detail, source: `${source.rows} rows`, target: `${target.rows} rows` };
  }
  const where = columnsOf(narrowed);
  const detail = `its ${source.rows} rows hold other values${where}${rowsOf(narrowed)}`;
  return { check: 'content', ...common, detail, source: formatFingerprint(source), target: formatFingerprint(target) };
}

/** Where nothing is missing but as many rows as erasures have taken; whether they are the same rows, and others hold the same values, no sum tells. */
function erasedFrom({ erased }: ReconcileRequest, { scope }: TableItem, pair: Pair): Finding | undefined {
  const [source, target] = [fingerprintOf(pair.source).rows, fingerprintOf(pair.target).rows];
  const gone = erased?.rowsOf(scope, pair.partition) ?? 0n;
  if (gone === 0n || source - target !== gone) return undefined;
  const detail = `it has ${target} rows instead of ${source}: rows of people were erased from its objects, ${gone} in all; values of the others are not compared`;
  const sides = { source: `${source} rows`, target: `${target} rows` };
  return { check: 'rows', kind: 'erased', weight: 'drift', scope, subject: pair.partition ?? scope, detail, ...sides };
}

const NAMED_COLUMNS = 8;

function columnsOf(narrowed: Narrowed | undefined): string {
  if (narrowed === undefined) return '';
  const { columns } = narrowed;
  if (columns.length === 0) return ' in no single column: the values are put together to other rows';
  const more = columns.length > NAMED_COLUMNS ? ` and ${columns.length - NAMED_COLUMNS} more` : '';
  return ` in ${columns.length === 1 ? 'column' : 'columns'} ${columns.slice(0, NAMED_COLUMNS).join(', ')}${more}`;
}

const NAMED_ROWS = 3;

function rowsOf(narrowed: Narrowed | undefined): string {
  const { samples = [] } = narrowed ?? {};
  if (samples.length === 0) return '';
  const more = samples.length > NAMED_ROWS ? `; ${samples.length - NAMED_ROWS} more of the rows looked at` : '';
  return `: ${samples.slice(0, NAMED_ROWS).map(sentenceOf).join('; ')}${more}`;
}

function sentenceOf({ row, kind, column, difference, source, target }: RowSample): string {
  if (kind !== 'changed') return `row ${row} is there ${target} instead of ${source}`;
  return `row ${row}, ${column ?? '?'}: ${difference ?? 'value'} (${source}, ${target})`;
}

function checkOf(check: 'rows' | 'content', compared: number, findings: readonly Finding[]): CheckSummary {
  const deviating = findings.filter((finding) => check === 'content' || finding.check === check).length;
  return { check, status: deviating === 0 ? 'passed' : 'differences', compared, deviating };
}

/** Partitions that hold rows at the source, and of which the target engine reads none. */
function readBackCheck(pairs: readonly Pair[]): CheckSummary {
  const filled = pairs.filter(({ source }) => fingerprintOf(source).rows > 0n);
  const deviating = filled.filter(({ target }) => fingerprintOf(target).rows === 0n).length;
  const status = deviating === 0 ? 'passed' : 'differences';
  return { check: 'read-back', status, compared: pairs.length, deviating };
}

function totalsOf({ planned, readings, table, source }: BothSides, pairs: readonly Pair[]): RowTotals {
  const isPartitioned = table.partitionKeys.length > 0;
  const excluded = [...source].filter(([key]) => planned.excluded.has(key)).map(([, rows]) => rows);
  const named = pairs.filter(({ partition }) => partition !== undefined).slice(0, NAMED_PARTITIONS);
  const counts = ({ source: one, target: other }: Pair): [string, string] => [
    String(fingerprintOf(one).rows),
    String(fingerprintOf(other).rows),
  ];
  return {
    sourceEngine: readings.source.engine.name,
    targetEngine: readings.target.engine.name,
    sourceRows: String(sumOf(pairs.map((pair) => pair.source)).rows),
    targetRows: String(sumOf(pairs.map((pair) => pair.target)).rows),
    excludedRows: String(sumOf(excluded).rows),
    partitionsCompared: isPartitioned ? pairs.length : 0,
    partitionsDiffering: isPartitioned ? pairs.map(counts).filter(([one, other]) => one !== other).length : 0,
    partitions: named.map((pair) => {
      const [sourceRows, targetRows] = counts(pair);
      return { name: pair.partition!, sourceRows, targetRows };
    }),
  };
}

function fingerprintOf(rows: PartitionRows | undefined): Fingerprint {
  return rows?.fingerprint ?? NO_ROWS;
}

function sumOf(rows: readonly (PartitionRows | undefined)[]): Fingerprint {
  return rows.map(fingerprintOf).reduce(added, NO_ROWS);
}
