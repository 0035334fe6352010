import { DEFAULT_PARTITION } from '../../domain/partition-name.ts';
import type { Reason } from '../../domain/plan.ts';
import type { Partition, Table } from '../../domain/table.ts';
import { FormatFindings } from './format-findings.ts';
import type { AcceptedTable } from './table-ruling.ts';
import { noTotals, type WalkTotals } from './walk-folder.ts';
import { walkNotes } from './walk-notes.ts';

/** Counted over all partitions of a table, so that the order they come in does not matter. */
export interface PartitionFindings {
  readonly walked: WalkTotals;
  /** By the format of their partition. */
  readonly formats: FormatFindings;
  otherColumns: number;
  otherFormat: number;
  relocated: number;
  /** With NULL in a key of text. */
  textNulls: number;
  /** With NULL in a key of another type. */
  otherNulls: number;
  /** Keys of which Glue cannot fill an index, by name: NULL in one of another type than text, a control character in any. */
  readonly unindexableKeys: Set<string>;
  withStatistics: number;
}

export function noFindings(): PartitionFindings {
  const counts = { otherColumns: 0, otherFormat: 0, relocated: 0, textNulls: 0, otherNulls: 0, withStatistics: 0 };
  return { walked: noTotals(), formats: new FormatFindings(), unindexableKeys: new Set(), ...counts };
}

/** Glue's limit for values of keys that it indexes. */
const UNINDEXABLE = /[\u0000-\u0002]/;

export function countOddValues({ partitionKeys }: Table, { values }: Partition, findings: PartitionFindings): void {
  for (const [index, { name }] of partitionKeys.entries())
    if (UNINDEXABLE.test(values[index] ?? '')) findings.unindexableKeys.add(name.toLowerCase());
  if (!values.includes(DEFAULT_PARTITION)) return;
  const nulls = partitionKeys.filter((_, index) => values[index] === DEFAULT_PARTITION);
  const others = nulls.filter(({ type }) => !isText(type));
  if (others.length < nulls.length) findings.textNulls += 1;
  if (others.length > 0) findings.otherNulls += 1;
  for (const { name } of others) findings.unindexableKeys.add(name.toLowerCase());
}

function isText(type: string): boolean {
  return /^(string|varchar|char)/.test(type);
}

/** On the table, about its partitions. */
export function partitionNotes(findings: PartitionFindings, { definition }: AcceptedTable): Reason[] {
  const { relocated, textNulls, otherNulls, otherColumns, otherFormat, walked } = findings;
  const textNull = `a NULL value in a key of text: Hive shows and finds it as ${DEFAULT_PARTITION}, Athena as NULL`;
  const otherNull = 'a NULL value in a key that is not text: some readers fail on them';
  return [
    ...counted(relocated, 'PARTITIONS_RELOCATED', 'partitions from outside its folder are moved below it'),
    ...counted(textNulls, 'DEFAULT_PARTITION_TEXT', `partitions with ${textNull}`),
    ...counted(otherNulls, 'DEFAULT_PARTITION_TYPED', `partitions with ${otherNull}`),
    ...counted(otherColumns, 'PARTITIONS_OTHER_COLUMNS', "partitions have columns other than the table's"),
    ...counted(
      otherFormat,
      'PARTITIONS_OTHER_FORMAT',
      'partitions have another file format; Athena wants one per table',
    ),
    ...walkNotes(walked, definition.parameters),
  ];
}

function counted(count: number, code: string, text: string): Reason[] {
  return count === 0 ? [] : [{ code, text: `${count} ${text}` }];
}
