import type { ColumnMetaData, FileMetaData, SchemaElement } from 'hyparquet';
import { parquetMetadata } from 'hyparquet/src/metadata.js';
import { hiveCalendar, isOldInstant, type Calendar, type MarksReading, type WriterMarks } from './writer-marks.ts';

const MAGIC = 'PAR1';
/** Of a file whose footer is encrypted too. */
const ENCRYPTED_MAGIC = 'PARE';
/** Whatever number hyparquet has no name for. */
const UNKNOWN_CODEC = 'an unknown codec';
/** Length of the footer and magic. */
const ENDING_BYTES = 8;

/** Reads the footer from the last bytes of a Parquet file. Of one whose footer is encrypted it tells that alone. */
export function parquetMarks(tail: Uint8Array): MarksReading {
  const end = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength);
  if (end.length < ENDING_BYTES) return undefined;
  const magic = end.toString('latin1', end.length - MAGIC.length);
  if (magic === ENCRYPTED_MAGIC) return { oldColumns: [], codecs: [], isEncrypted: true };
  if (magic !== MAGIC) return undefined;
  const neededBytes = end.readUInt32LE(end.length - ENDING_BYTES) + ENDING_BYTES;
  return neededBytes > end.length ? { neededBytes } : marksOf(parquetMetadata(tail));
}

function marksOf({ key_value_metadata: pairs = [], row_groups: groups, schema }: FileMetaData): WriterMarks {
  const metadata = new Map(pairs.map(({ key, value }) => [key, value ?? '']));
  const chunks = groups.flatMap((group) => group.columns);
  const isEncrypted = chunks.some(({ crypto_metadata: keys }) => keys !== undefined) || undefined;
  const columns = chunks.flatMap(({ meta_data: column }) => column ?? []);
  const oldColumns = [...new Set(columns.filter(isOld).map((column) => column.path_in_schema[0]!))];
  const codecs = [...new Set(columns.map(({ codec }: { readonly codec?: string }) => codec ?? UNKNOWN_CODEC))];
  const timeZone = schema.some(isInstant) ? metadata.get('writer.time.zone') : undefined;
  return { ...calendarsOf(metadata, schema), timeZone, oldColumns, codecs, isEncrypted };
}

/** What Hive 4 writes as INT64 is the wall time as it is, whatever the zone that it names. */
function isInstant({ type, logical_type: logical }: SchemaElement): boolean {
  return type === 'INT96' || (logical?.type === 'TIMESTAMP' && logical.isAdjustedToUTC);
}

/** Days and instants come as dates; INT96 has no statistics. */
function isOld({ statistics }: ColumnMetaData): boolean {
  const least = statistics?.min_value ?? statistics?.min;
  return least instanceof Date && isOldInstant(least.getTime());
}

type Calendars = Pick<WriterMarks, 'dayCalendar' | 'timeCalendar'>;

function calendarsOf(metadata: ReadonlyMap<string, string>, schema: readonly SchemaElement[]): Calendars {
  const hasInt96 = schema.some(({ type }) => type === 'INT96');
  const dayCalendar = hiveCalendar(metadata, 'writer.date.proleptic');
  if (dayCalendar === undefined) return sparkCalendars(metadata, hasInt96);
  // The key is of days alone: NanoTimeUtils takes the Julian day of INT96 from jodd's JulianDate, which is hybrid, and INT64 from the epoch.
  return { dayCalendar, timeCalendar: hasInt96 ? 'hybrid' : 'proleptic' };
}

/**
 * Spark 2 wrote the hybrid calendar; Spark 3 writes the proleptic one unless it was told otherwise, which it then says (SPARK-31404), INT96
 * from 3.1 on: the rules by which Spark reads such files itself (`DataSourceUtils`). Neither is there where the file is not Spark's.
 */
export function sparkCalendars(metadata: ReadonlyMap<string, string>, hasInt96: boolean): Calendars {
  const [major, minor] = (metadata.get('org.apache.spark.version') ?? '').split('.').map(Number);
  if (major === undefined || minor === undefined || Number.isNaN(major + minor)) return {};
  const calendarIf = (isHybrid: boolean): Calendar => (isHybrid ? 'hybrid' : 'proleptic');
  const dayCalendar = calendarIf(major < 3 || metadata.has('org.apache.spark.legacyDateTime'));
  const isInt96Hybrid = major < 3 || (major === 3 && minor < 1) || metadata.has('org.apache.spark.legacyINT96');
  return { dayCalendar, timeCalendar: hasInt96 ? calendarIf(isInt96Hybrid) : dayCalendar };
}
