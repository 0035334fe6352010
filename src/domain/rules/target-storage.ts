import type { ColumnMapping, TableMapping } from '../mapping.ts';
import type { Reason } from '../plan.ts';
import type { StorageDescriptor } from '../table.ts';
import type { TargetStorage } from '../target-table.ts';
import { avroColumns, avroProblems, withAvroSchema, type AvroSchema } from './avro-schema.ts';
import { withColumnAccess } from './column-access.ts';
import { writerSettingProblems } from './file-encryption.ts';
import { jsonProblems } from './json-reading.ts';
import { canonicalFormats, serdeRule, type Classification, type SerdeRule } from './storage-format.ts';
import { targetColumns } from './target-columns.ts';
import { textLayout } from './text-layout.ts';
import { serdeDayNotes, timestampNotes } from './timestamp-notes.ts';

interface StorageRuling {
  readonly storage: TargetStorage;
  readonly classification: Classification | undefined;
  readonly notes: readonly Reason[];
  readonly problems: readonly Reason[];
}

/** What else the storage of a table or partition depends on. */
export interface StorageOrigin {
  readonly columns: Readonly<Record<string, ColumnMapping>>;
  /** `s3://bucket/prefix/` */
  readonly location: string;
  /** Of the table; they override those of the SerDe. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The table's schema, where it is kept outside its columns. */
  readonly avroSchema?: AvroSchema | undefined;
  /** What the mapping says of the columns of ORC. */
  readonly orc?: TableMapping['orc'];
}

/** How the storage of a table or partition comes out at `location` in the target catalog. Bytes are never part of the question. */
export function targetStorage(source: StorageDescriptor, origin: StorageOrigin): StorageRuling {
  const rule = source.serde.library === undefined ? undefined : serdeRule(source.serde.library);
  const ofSerde = rule?.classification;
  const isAvro = ofSerde === 'avro';
  const avro = isAvro ? origin.avroSchema : undefined;
  const ruled = targetColumns(avroColumns(source.columns, avro), origin.columns, rule);
  const layout = serdeLayout(source, rule, origin);
  const access = withColumnAccess(layout.parameters, ofSerde, origin);
  const serdeParameters = withAvroSchema(relocated(access.parameters, origin.location), avro);
  const classification = source.inputFormat?.includes('Sequence') === true ? 'sequencefile' : ofSerde;
  return {
    storage: {
      columns: ruled.columns,
      location: origin.location,
      ...formatsOf(source),
      serdeLibrary: rule?.targetClass ?? source.serde.library,
      serdeParameters,
      isCompressed: source.isCompressed,
      bucketCount: -1,
      bucketColumns: [],
      sortColumns: [],
    },
    classification,
    notes: [
      ...ruled.notes,
      ...layout.notes,
      ...access.notes,
      ...(avro?.notes ?? []),
      ...rewriteNotes(rule),
      ...regexNotes(ruled.columns, rule),
      ...timestampNotes(ruled.columns, ofSerde),
      ...serdeDayNotes(ruled.columns, rule),
      ...bucketingNotes(source),
      ...skewNotes(source),
    ],
    problems: [
      ...formatProblems(source, rule),
      ...(isAvro ? avroProblems({ ...source.serde.parameters, ...origin.parameters }, avro) : []),
      ...writerSettingProblems(origin.parameters, ofSerde),
      ...layout.problems,
      ...jsonOf({ source, rule, origin }, ruled.columns),
      ...ruled.problems,
    ],
  };
}

function formatsOf({ inputFormat, outputFormat }: StorageDescriptor) {
  const pair = canonicalFormats(inputFormat ?? '');
  return { inputFormat: pair?.inputFormat ?? inputFormat, outputFormat: pair?.outputFormat ?? outputFormat };
}

/** Only text has delimiters and an encoding; the parameters of other formats are kept as they are. */
function serdeLayout(source: StorageDescriptor, rule: SerdeRule | undefined, { parameters }: StorageOrigin) {
  const own = source.serde.parameters;
  if (rule?.files?.includes('text') !== true) return { parameters: own, notes: [], problems: [] };
  const layout = textLayout(own, parameters, source.columns);
  return rule.classification === 'csv' ? layout : { ...layout, parameters: own };
}

interface RuledSource {
  readonly source: StorageDescriptor;
  readonly rule: SerdeRule | undefined;
  readonly origin: StorageOrigin;
}

/** The table's parameters come after those of its SerDe. */
function jsonOf({ source, rule, origin }: RuledSource, columns: TargetStorage['columns']): Reason[] {
  if (rule?.isHiveJson !== true) return [];
  return jsonProblems(columns, { ...source.serde.parameters, ...origin.parameters }, origin.columns);
}

/** Spark keeps a second location of its tables, and reads that one. */
function relocated(parameters: Readonly<Record<string, string>>, location: string): Record<string, string> {
  return parameters['path'] === undefined ? { ...parameters } : { ...parameters, path: location };
}

function formatProblems(source: StorageDescriptor, rule: SerdeRule | undefined): Reason[] {
  if (rule === undefined) {
    return [{ code: 'SERDE_MISSING', text: 'the metastore names no SerDe', hint: 'Leave the table out with "skip".' }];
  }
  if (rule.action === 'refuse') return [{ code: 'SERDE_UNSUPPORTED', text: rule.text ?? '', hint: rule.hint }];
  return inputProblems(source, rule);
}

function inputProblems(source: StorageDescriptor, rule: SerdeRule): Reason[] {
  const formats = canonicalFormats(source.inputFormat ?? '');
  if (formats !== undefined) return rule.files?.includes(formats.kind) === true ? [] : [unknownPair(source)];
  const isSymlink = /SymlinkTextInputFormat$/.test(source.inputFormat ?? '');
  const text = isSymlink
    ? 'its folder holds lists of files elsewhere, not rows'
    : `Athena does not know the input format ${source.inputFormat ?? '(none)'}`;
  const hint = isSymlink
    ? 'Map the folders that the lists name under "paths", or store the rows in a plain table on the cluster.'
    : 'Set "storage: convert" in the mapping to have HiveServer2 export it, or leave it out with "skip".';
  return [{ code: 'INPUT_FORMAT_UNSUPPORTED', text, hint }];
}

function unknownPair({ inputFormat = '', serde }: StorageDescriptor): Reason {
  const short = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
  return {
    code: 'FORMAT_PAIR_UNSUPPORTED',
    text: `Athena does not read ${short(serde.library ?? '')} over files of ${short(inputFormat)}`,
    hint: 'Set "storage: convert" in the mapping to have HiveServer2 export it, or leave it out with "skip".',
  };
}

function rewriteNotes(rule: SerdeRule | undefined): Reason[] {
  if (rule?.hasTextColumnsOnly === true && rule.action === 'keep') {
    return [{ code: 'TEXT_COLUMNS', text: 'this SerDe gives every column as text, as it does in Hive' }];
  }
  return rule?.action === 'rewrite' ? [{ code: 'SERDE_REWRITTEN', text: rule.text ?? '' }] : [];
}

/** Hive's RegexSerDe makes `Boolean.valueOf(null)` of a group that took no part, and NULL of those of all other types. */
function regexNotes(columns: TargetStorage['columns'], rule: SerdeRule | undefined): Reason[] {
  const names = columns.filter(({ type }) => type === 'boolean').map(({ name }) => name);
  if (rule?.classification !== 'grokLog' || names.length === 0) return [];
  const text = `where the group of a boolean takes no part in what matched, Hive shows false and Athena NULL: ${names.join(', ')}`;
  return [{ code: 'REGEX_BOOLEAN', text }];
}

function bucketingNotes(source: StorageDescriptor): Reason[] {
  if (source.bucketCount <= 0) return [];
  const columns = source.bucketColumns.join(', ');
  // Engines refuse or silently skip files when their number and names do not match the declared buckets exactly.
  const text = `bucketing into ${source.bucketCount} by (${columns}) is not declared at the target; the rows are the same`;
  return [{ code: 'BUCKETING_DROPPED', text }];
}

/** Hive keeps frequent values in files of their own where it is told to; how the rows are spread over files changes nothing in them. */
function skewNotes({ skewedColumns }: StorageDescriptor): Reason[] {
  if (skewedColumns.length === 0) return [];
  const text = `skew of (${skewedColumns.join(', ')}) is not declared at the target, which knows none; the rows are the same`;
  return [{ code: 'SKEW_DROPPED', text }];
}

/** The columns whose values Hive was told are skewed, kept like bucketing. */
export function formatSkew({ skewedColumns }: StorageDescriptor): string | undefined {
  return skewedColumns.length === 0 ? undefined : skewedColumns.join(',');
}

/** `rows -> bucket` as the source declares it, kept in a parameter of the target table so that nothing is forgotten. */
export function formatBucketing(source: StorageDescriptor): string | undefined {
  if (source.bucketCount <= 0) return undefined;
  const sorted = source.sortColumns.map(({ column, order }) => `${column} ${order}`).join(',');
  return `${source.bucketCount} by ${source.bucketColumns.join(',')}${sorted === '' ? '' : ` sorted ${sorted}`}`;
}
