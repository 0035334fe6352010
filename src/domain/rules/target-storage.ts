import type { ColumnMapping } from '../mapping.ts';
import type { Reason } from '../plan.ts';
import type { StorageDescriptor } from '../table.ts';
import type { TargetStorage } from '../target-table.ts';
import { canonicalFormats, serdeRule, type Classification, type SerdeRule } from './storage-format.ts';
import { targetColumns } from './target-columns.ts';
import { textLayout } from './text-layout.ts';

interface StorageRuling {
  readonly storage: TargetStorage;
  readonly classification: Classification | undefined;
  readonly notes: readonly Reason[];
  readonly problems: readonly Reason[];
}

/** How the storage of a table or partition comes out at `location` in the target catalog. Bytes are never part of the question. */
export function targetStorage(
  source: StorageDescriptor,
  columns: Readonly<Record<string, ColumnMapping>>,
  location: string,
): StorageRuling {
  const rule = source.serde.library === undefined ? undefined : serdeRule(source.serde.library);
  const formats = canonicalFormats(source.inputFormat ?? '');
  const ruled = targetColumns(source.columns, columns, rule);
  const layout = textLayout(source.serde.parameters);
  const bucketing = bucketingNotes(source);
  return {
    storage: {
      columns: ruled.columns,
      location,
      inputFormat: formats?.inputFormat ?? source.inputFormat,
      outputFormat: formats?.outputFormat ?? source.outputFormat,
      serdeLibrary: rule?.targetClass ?? source.serde.library,
      serdeParameters: rule?.classification === 'csv' ? layout.parameters : { ...source.serde.parameters },
      isCompressed: source.isCompressed,
      bucketCount: -1,
      bucketColumns: [],
      sortColumns: [],
    },
    classification: rule?.classification,
    notes: [...ruled.notes, ...layout.notes, ...rewriteNotes(rule), ...bucketing],
    problems: [
      ...formatProblems(source, rule),
      ...(layout.problem === undefined ? [] : [layout.problem]),
      ...ruled.problems,
    ],
  };
}

function formatProblems(source: StorageDescriptor, rule: SerdeRule | undefined): Reason[] {
  if (rule === undefined) {
    return [{ code: 'SERDE_MISSING', text: 'the metastore names no SerDe', hint: 'Leave the table out with "skip".' }];
  }
  if (rule.action === 'refuse') return [{ code: 'SERDE_UNSUPPORTED', text: rule.text ?? '', hint: rule.hint }];
  return [...inputProblems(source), ...avroProblems(source)];
}

function inputProblems(source: StorageDescriptor): Reason[] {
  if (canonicalFormats(source.inputFormat ?? '') !== undefined) return [];
  const isSymlink = /SymlinkTextInputFormat$/.test(source.inputFormat ?? '');
  const text = isSymlink
    ? 'its folder holds lists of files elsewhere, not rows'
    : `Athena does not know the input format ${source.inputFormat ?? '(none)'}`;
  const hint = isSymlink
    ? 'Map the folders that the lists name under "paths", or store the rows in a plain table on the cluster.'
    : 'Export it to Parquet or ORC on the cluster and map that table, or leave it out with "skip".';
  return [{ code: 'INPUT_FORMAT_UNSUPPORTED', text, hint }];
}

function avroProblems(source: StorageDescriptor): Reason[] {
  const isAvro = /\.AvroSerDe$/.test(source.serde.library ?? '');
  if (!isAvro || source.serde.parameters['avro.schema.url'] === undefined) return [];
  return [
    {
      code: 'AVRO_SCHEMA_URL',
      text: 'its Avro schema is a file on the cluster (avro.schema.url), which Athena refuses',
      hint: "In Hive: ALTER TABLE … SET SERDEPROPERTIES ('avro.schema.literal'='…'), then UNSET avro.schema.url.",
    },
  ];
}

function rewriteNotes(rule: SerdeRule | undefined): Reason[] {
  if (rule?.hasTextColumnsOnly === true && rule.action === 'keep') {
    return [{ code: 'TEXT_COLUMNS', text: 'this SerDe gives every column as text, as it does in Hive' }];
  }
  return rule?.action === 'rewrite' ? [{ code: 'SERDE_REWRITTEN', text: rule.text ?? '' }] : [];
}

function bucketingNotes(source: StorageDescriptor): Reason[] {
  if (source.bucketCount <= 0) return [];
  const columns = source.bucketColumns.join(', ');
  // Engines refuse or silently skip files when their number and names do not match the declared buckets exactly.
  const text = `bucketing into ${source.bucketCount} by (${columns}) is not declared at the target; the rows are the same`;
  return [{ code: 'BUCKETING_DROPPED', text }];
}

/** `rows -> bucket` as the source declares it, kept in a parameter of the target table so that nothing is forgotten. */
export function formatBucketing(source: StorageDescriptor): string | undefined {
  if (source.bucketCount <= 0) return undefined;
  const sorted = source.sortColumns.map(({ column, order }) => `${column} ${order}`).join(',');
  return `${source.bucketCount} by ${source.bucketColumns.join(',')}${sorted === '' ? '' : ` sorted ${sorted}`}`;
}
