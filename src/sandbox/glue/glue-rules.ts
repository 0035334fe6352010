import type {
  Column,
  ColumnStatistics,
  DatabaseInput,
  PartitionInput,
  StorageDescriptor,
  TableInput,
} from '@aws-sdk/client-glue';
import { glueErrors } from './glue-error.ts';

/** "Single-line string pattern" of the Glue API: no control characters but tab. */
const SINGLE_LINE = /^[\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}\t]*$/u;
/** "URI address multi-line string pattern" and description: line ends allowed. */
const MULTI_LINE = /^[\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}\r\n\t]*$/u;

interface TextRule {
  readonly what: string;
  readonly minBytes?: number;
  readonly maxBytes: number;
  /** Undefined: any text. */
  readonly pattern?: RegExp;
}

/** Limits in bytes of UTF-8 (AWS Glue API reference, TableInput, Column, StorageDescriptor, SerDeInfo). */
function checkText(text: string | undefined, rule: TextRule): void {
  if (text === undefined) return;
  const bytes = Buffer.byteLength(text);
  if (bytes < (rule.minBytes ?? 0))
    throw violation(rule.what, text, `Member must have length greater than or equal to ${rule.minBytes}`);
  if (bytes > rule.maxBytes)
    throw violation(rule.what, text, `Member must have length less than or equal to ${rule.maxBytes}`);
  if (rule.pattern?.test(text) === false)
    throw violation(rule.what, text, `Member must satisfy regular expression pattern: ${rule.pattern.source}`);
}

function violation(what: string, value: string, constraint: string): Error {
  const shown = value.length > 100 ? `${value.slice(0, 100)}...` : value;
  return glueErrors.invalidInput(
    `1 validation error detected: Value '${shown}' at '${what}' failed to satisfy constraint: ${constraint}`,
  );
}

/** A database or table name as it is stored and looked up: in lower case. Throws when it is absent or breaks the rules. */
export function foldName(name: string | undefined, what: string): string {
  if (name === undefined) throw violation(what, 'null', 'Member must not be null');
  checkText(name, { what, minBytes: 1, maxBytes: 255, pattern: SINGLE_LINE });
  return name.toLowerCase();
}

export function checkDatabase(input: DatabaseInput): void {
  checkText(input.Description, { what: 'databaseInput.description', maxBytes: 2048, pattern: MULTI_LINE });
  checkText(input.LocationUri, { what: 'databaseInput.locationUri', minBytes: 1, maxBytes: 1024 });
  checkParameters(input.Parameters, 'databaseInput.parameters');
}

/** How the real service counts is not published; it does refuse tables whose every part is within its limit. */
const MAX_TABLE_BYTES = 1_048_576;

/** Checks a table and returns it as Glue keeps it: names of columns in lower case. */
export function foldTable(input: TableInput): TableInput {
  checkText(input.Description, { what: 'tableInput.description', maxBytes: 2048, pattern: MULTI_LINE });
  checkText(input.Owner, { what: 'tableInput.owner', minBytes: 1, maxBytes: 255, pattern: SINGLE_LINE });
  checkText(input.TableType, { what: 'tableInput.tableType', maxBytes: 255 });
  checkText(input.ViewOriginalText, { what: 'tableInput.viewOriginalText', maxBytes: 409_600 });
  checkText(input.ViewExpandedText, { what: 'tableInput.viewExpandedText', maxBytes: 409_600 });
  checkParameters(input.Parameters, 'tableInput.parameters');
  if ((input.Retention ?? 0) < 0) throw glueErrors.invalidInput('Retention must not be negative');
  const partitionKeys = foldColumns(input.PartitionKeys, 'tableInput.partitionKeys');
  if (partitionKeys?.some(({ Parameters }) => Object.keys(Parameters ?? {}).length > 0))
    throw glueErrors.invalidInput('Parameters are not supported on partition keys');
  const storage = foldStorage(input.StorageDescriptor, 'tableInput.storageDescriptor');
  checkDuplicates([...(storage?.Columns ?? []), ...(partitionKeys ?? [])]);
  if (Buffer.byteLength(JSON.stringify(input)) > MAX_TABLE_BYTES)
    throw glueErrors.invalidInput('The table is larger than a request may be');
  return {
    ...input,
    ...(partitionKeys === undefined ? {} : { PartitionKeys: partitionKeys }),
    ...(storage === undefined ? {} : { StorageDescriptor: storage }),
  };
}

/** Names of columns in lower case. Checks what the service looks for in a request as a whole (lengths and patterns): one entry that breaks it refuses all of its batch. */
export function checkPartition(input: PartitionInput): PartitionInput {
  for (const value of input.Values ?? []) checkText(value, { what: 'partitionInput.values', maxBytes: 1024 });
  checkParameters(input.Parameters, 'partitionInput.parameters');
  const storage = foldStorage(input.StorageDescriptor, 'partitionInput.storageDescriptor');
  return { ...input, ...(storage === undefined ? {} : { StorageDescriptor: storage }) };
}

/** Checks what it looks for in each entry of a batch: whether the values are as many as the partition keys of the table, and of their types. */
export function checkValues({ Values: values = [] }: PartitionInput, keys: readonly Column[]): void {
  if (values.length !== keys.length)
    throw glueErrors.invalidInput('The number of partition keys do not match the number of partition values');
  for (const [index, value] of values.entries()) checkValue(value, keys[index]!);
}

const VALUES_OF: readonly (readonly [type: RegExp, values: RegExp])[] = [
  [/^(tinyint|smallint|int|bigint|long)$/, /^[+-]?\d{1,19}$/],
  [/^decimal/, /^[+-]?(\d+\.?\d*|\.\d+)$/],
  [/^date$/, /^\d{4}-\d{2}-\d{2}$/],
  [/^timestamp$/, /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,9})?$/],
];

/** Hive's stand-in for NULL fits every type. */
function checkValue(value: string, { Name, Type = '' }: Column): void {
  const fitting = VALUES_OF.find(([type]) => type.test(Type));
  if (fitting === undefined || fitting[1].test(value) || value === '__HIVE_DEFAULT_PARTITION__') return;
  throw glueErrors.invalidInput(`Value ${value} of partition key ${Name ?? ''} is not of type ${Type}`);
}

function foldStorage(storage: StorageDescriptor | undefined, what: string): StorageDescriptor | undefined {
  if (storage === undefined) return undefined;
  checkText(storage.Location, { what: `${what}.location`, maxBytes: 2056, pattern: MULTI_LINE });
  checkText(storage.InputFormat, { what: `${what}.inputFormat`, maxBytes: 128, pattern: SINGLE_LINE });
  checkText(storage.OutputFormat, { what: `${what}.outputFormat`, maxBytes: 128, pattern: SINGLE_LINE });
  const serde = storage.SerdeInfo;
  const serdeRule = { minBytes: 1, maxBytes: 255, pattern: SINGLE_LINE };
  checkText(serde?.Name, { what: `${what}.serdeInfo.name`, ...serdeRule });
  checkText(serde?.SerializationLibrary, { what: `${what}.serdeInfo.serializationLibrary`, ...serdeRule });
  checkParameters(serde?.Parameters, `${what}.serdeInfo.parameters`);
  checkParameters(storage.Parameters, `${what}.parameters`);
  for (const { SortOrder } of storage.SortColumns ?? [])
    if (SortOrder !== 0 && SortOrder !== 1)
      throw violation(`${what}.sortColumns.sortOrder`, String(SortOrder), 'Member must have value 0 or 1');
  const columns = foldColumns(storage.Columns, `${what}.columns`);
  if (columns !== undefined) checkDuplicates(columns);
  return { ...storage, ...(columns === undefined ? {} : { Columns: columns }) };
}

function foldColumns(columns: Column[] | undefined, what: string): Column[] | undefined {
  return columns?.map((column) => {
    checkText(column.Name ?? '', { what: `${what}.name`, minBytes: 1, maxBytes: 255, pattern: SINGLE_LINE });
    checkText(column.Type, { what: `${what}.type`, maxBytes: 131_072, pattern: SINGLE_LINE });
    checkText(column.Comment, { what: `${what}.comment`, maxBytes: 255, pattern: SINGLE_LINE });
    checkParameters(column.Parameters, `${what}.parameters`);
    return { ...column, Name: column.Name!.toLowerCase() };
  });
}

function checkDuplicates(columns: readonly Column[]): void {
  const seen = new Set<string | undefined>();
  for (const { Name } of columns) {
    if (seen.has(Name)) throw glueErrors.invalidInput(`Duplicate column name: ${Name ?? ''}`);
    seen.add(Name);
  }
}

function checkParameters(parameters: Record<string, string> | undefined, what: string): void {
  for (const [key, value] of Object.entries(parameters ?? {})) {
    checkText(key, { what, minBytes: 1, maxBytes: 255, pattern: SINGLE_LINE });
    checkText(value, { what, maxBytes: 512_000 });
  }
}

/** What the API reference calls required in ColumnStatistics and in each kind of its data, and that counts are not negative. */
export function checkStatistics({ ColumnType, AnalyzedTime, StatisticsData }: ColumnStatistics): void {
  const what = 'columnStatistics';
  if (ColumnType === undefined || AnalyzedTime === undefined || StatisticsData?.Type === undefined)
    throw violation(what, 'null', 'Member must not be null');
  checkText(ColumnType, { what: `${what}.columnType`, maxBytes: 20_000, pattern: SINGLE_LINE });
  const name = `${StatisticsData.Type[0]!}${StatisticsData.Type.slice(1).toLowerCase()}ColumnStatisticsData`;
  const data = (StatisticsData as unknown as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>)[
    name
  ];
  for (const member of REQUIRED[StatisticsData.Type] ?? [])
    if (data?.[member] === undefined) throw violation(`${what}.${name}.${member}`, 'null', 'Member must not be null');
  for (const [member, value] of Object.entries(data ?? {}))
    if (/^(NumberOf|MaximumLength|AverageLength)/.test(member) && !((value as number) >= 0))
      throw violation(`${what}.${name}.${member}`, String(value), 'Member must have value greater than or equal to 0');
}

const COUNTS = ['NumberOfNulls', 'NumberOfDistinctValues'];
const LENGTHS = ['MaximumLength', 'AverageLength'];
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  BOOLEAN: ['NumberOfTrues', 'NumberOfFalses', 'NumberOfNulls'],
  LONG: ['MinimumValue', 'MaximumValue', ...COUNTS],
  DOUBLE: ['MinimumValue', 'MaximumValue', ...COUNTS],
  DECIMAL: COUNTS,
  DATE: COUNTS,
  STRING: [...LENGTHS, ...COUNTS],
  BINARY: [...LENGTHS, 'NumberOfNulls'],
};

/** A batch may hold 1 to `max` entries. */
export function checkBatch(list: readonly unknown[] | undefined, max: number, what: string): void {
  const count = list?.length ?? 0;
  if (count > max) throw violation(what, `${count} entries`, `Member must have length less than or equal to ${max}`);
}

/** A page size between 1 and `max`; `max` where none is asked for. */
export function pageSize(asked: number | undefined, max: number): number {
  if (asked === undefined) return max;
  if (asked < 1 || asked > max)
    throw violation('maxResults', String(asked), `Member must have value between 1 and ${max}`);
  return asked;
}
