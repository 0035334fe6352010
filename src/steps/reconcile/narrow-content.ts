import { DIALECTS } from '../../domain/fingerprint/dialects.ts';
import { hasSameContent, NO_ROWS, type Fingerprint } from '../../domain/fingerprint/fingerprint.ts';
import { bucketsSql, columnSumsSql, rowsSql, type PartitionFilter } from '../../domain/fingerprint/fingerprint-sql.ts';
import { sampleRows, type FetchedRow, type RowSample, type ShownColumn } from '../../domain/fingerprint/row-samples.ts';
import type { FingerprintColumn } from '../../domain/fingerprint/row-text.ts';
import type { ColumnClass } from '../../domain/mapping.ts';
import { parseHiveType } from '../../domain/rules/hive-type.ts';
import { readPartitions, type Reading } from './read-partitions.ts';

/** One partition as one side reads it. */
export type Side = Omit<Reading, 'level'> & { readonly filter: PartitionFilter; readonly rows: bigint };

export interface Narrowed {
  /** Columns whose values differ, whatever row they stand in; all of them where rows are missing. */
  readonly columns: readonly string[];
  readonly samples: readonly RowSample[];
}

/** Buckets looked into, rows fetched from them, and columns whose values are classified. */
const BUCKETS = 8;
const ROWS = 5000;
const SHOWN = 4;

/**
 * Finds in which columns and rows two partitions differ: a sum per column, then buckets of rows by their hash, then the rows of a few
 * buckets that differ. Reads the partition three or four times on each side; values pass through memory and are not kept.
 */
export async function narrowContent(
  [source, target]: readonly [Side, Side],
  classOf: (column: string) => ColumnClass,
  signal: AbortSignal,
): Promise<Narrowed> {
  const both = <Result>(read: (side: Side) => Promise<Result>) => Promise.all([read(source), read(target)]);
  const { columns } = source.table;
  const flat = columns.filter(isFlat);
  const [one, other] = await both((side) => columnSums(side, flat, signal));
  const changed = flat.filter((_, index) => one[index] !== other[index]);
  const nested: string[] = [];
  for (const column of columns.filter((each) => !isFlat(each))) {
    const [before, after] = await both((side) => columnFingerprint(side, column, signal));
    if (!hasSameContent(before, after)) nested.push(column.name);
  }
  const canShow = changed.length <= SHOWN && changed.length < columns.length;
  const shown = (canShow ? changed : []).map((each): ShownColumn => ({ ...each, class: classOf(each.name) }));
  return {
    columns: [...changed.map(({ name }) => name), ...nested],
    samples: await sample([source, target], shown, signal),
  };
}

async function sample(
  sides: readonly [Side, Side],
  shown: readonly ShownColumn[],
  signal: AbortSignal,
): Promise<readonly RowSample[]> {
  const both = <Result>(read: (side: Side) => Promise<Result>) => Promise.all([read(sides[0]), read(sides[1])]);
  const isSmall = sides.every(({ rows }) => rows < ROWS);
  const buckets = isSmall ? {} : { buckets: await differingBuckets(sides, shown, signal) };
  if (buckets.buckets?.length === 0) return [];
  const [gone, added] = await both((side) => readRows(side, { ...buckets, shown, limit: ROWS }, signal));
  // Cut short, they would show rows as missing that are not.
  return gone.length === ROWS || added.length === ROWS ? [] : sampleRows(gone, added, shown);
}

async function differingBuckets(
  [source, target]: readonly [Side, Side],
  shown: readonly ShownColumn[],
  signal: AbortSignal,
): Promise<string[]> {
  const [atSource, atTarget] = await Promise.all([
    readBuckets(source, shown, signal),
    readBuckets(target, shown, signal),
  ]);
  return [...new Set([...atSource.keys(), ...atTarget.keys()])]
    .filter((digits) => !hasSameContent(atSource.get(digits) ?? NO_ROWS, atTarget.get(digits) ?? NO_ROWS))
    .sort()
    .slice(0, BUCKETS);
}

function isFlat({ type }: FingerprintColumn): boolean {
  return !/\b(array|map)</.test(type) && parseHiveType(type).kind !== 'union';
}

async function columnSums(
  { engine, table, filter }: Side,
  columns: readonly FingerprintColumn[],
  signal: AbortSignal,
): Promise<(bigint | undefined)[]> {
  const sums = columns.map(() => 0n);
  if (columns.length === 0) return sums;
  // Several rows where an engine tells partition values apart that are one here.
  for (const row of await engine.query(columnSumsSql(DIALECTS[engine.name], { ...table, columns }, filter), signal))
    row.slice(table.keys.length + 1).forEach((text, index) => (sums[index]! += BigInt(text ?? '0')));
  return sums;
}

async function columnFingerprint(side: Side, column: FingerprintColumn, signal: AbortSignal): Promise<Fingerprint> {
  const table = { ...side.table, columns: [column] };
  const [only] = (await readPartitions({ ...side, table, level: 'content' }, signal)).values();
  return only?.fingerprint ?? NO_ROWS;
}

async function readBuckets(
  { engine, table, filter }: Side,
  shown: readonly FingerprintColumn[],
  signal: AbortSignal,
): Promise<Map<string, Fingerprint>> {
  const found = await engine.query(bucketsSql(DIALECTS[engine.name], table, { filter, shown }), signal);
  return new Map(
    found.map(([digits = '', count, first, second]) => [
      digits,
      { rows: BigInt(count ?? '0'), first: BigInt(first ?? '0'), second: BigInt(second ?? '0') },
    ]),
  );
}

async function readRows(
  { engine, table, filter }: Side,
  selection: Omit<Parameters<typeof rowsSql>[2], 'filter'>,
  signal: AbortSignal,
): Promise<FetchedRow[]> {
  const sql = rowsSql(DIALECTS[engine.name], table, { filter, ...selection });
  return (await engine.query(sql, signal)).map(([hash = '', rest = '', ...fields]) => ({
    hash,
    rest,
    fields: fields.map((field) => field ?? '~'),
  }));
}
