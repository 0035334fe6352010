import { parquetMetadata, type ColumnMetaData, type FileMetaData, type SchemaElement } from 'hyparquet';
import { hiveCalendar, isOldInstant, type MarksReading, type WriterMarks } from './writer-marks.ts';

const MAGIC = 'PAR1';
/** Length of the footer and magic. */
const ENDING_BYTES = 8;

/** Reads the footer from the last bytes of a Parquet file. */
export function parquetMarks(tail: Uint8Array): MarksReading {
  const end = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength);
  if (end.length < ENDING_BYTES || end.toString('latin1', end.length - MAGIC.length) !== MAGIC) return undefined;
  const neededBytes = end.readUInt32LE(end.length - ENDING_BYTES) + ENDING_BYTES;
  return neededBytes > end.length ? { neededBytes } : marksOf(parquetMetadata(tail));
}

function marksOf({ key_value_metadata: pairs = [], row_groups: groups, schema }: FileMetaData): WriterMarks {
  const metadata = new Map(pairs.map(({ key, value }) => [key, value ?? '']));
  const columns = groups.flatMap((group) => group.columns.map(({ meta_data }) => meta_data));
  const old = columns.filter((column) => column !== undefined && isOld(column));
  const oldColumns = [...new Set(old.map((column) => column!.path_in_schema[0]!))];
  const codecs = [...new Set(columns.flatMap((column) => column?.codec ?? []))];
  const timeZone = schema.some(isInstant) ? metadata.get('writer.time.zone') : undefined;
  return {
    ...hiveCalendar(metadata, 'writer.date.proleptic'),
    ...sparkCalendar(metadata),
    timeZone,
    oldColumns,
    codecs,
  };
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

/** Of days and INT64 instants, and of INT96. */
const LEGACY = ['org.apache.spark.legacyDateTime', 'org.apache.spark.legacyINT96'];

/** Spark 3 writes the proleptic calendar unless it was told otherwise, which it then says (SPARK-31404). */
function sparkCalendar(metadata: ReadonlyMap<string, string>): Pick<WriterMarks, 'calendar'> {
  if (LEGACY.some((mark) => metadata.has(mark))) return { calendar: 'hybrid' };
  const version = metadata.get('org.apache.spark.version');
  return version === undefined || Number.parseInt(version) < 3 ? {} : { calendar: 'proleptic' };
}
