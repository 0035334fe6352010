import type { ConversionFormat } from '../conversion.ts';
import type { Reason } from '../plan.ts';
import type { Table } from '../table.ts';
import { FORMAT_PAIRS, SERDE_RULES } from './storage-format.ts';

/** What only says how the rows of the source are stored, or how Hive and its compactor treat them: untrue of a table written anew. */
const OF_STORAGE =
  /^(transactional.*|compactor.*|NO_AUTO_COMPACTION|skip\.(header|footer)\.line\.count|orc\..*|parquet\..*|avro\..*|serialization\..*|hive\.serialization\..*|storage_handler|spark\.sql\..*)$/i;

/** The table as it is once the cluster has written it anew: the same columns and comments over plain files of another format. */
export function convertedTable(table: Table, format: ConversionFormat): Table {
  const { inputFormat, outputFormat } = FORMAT_PAIRS.find(({ kind }) => kind === format)!;
  const library = SERDE_RULES.find(({ classification }) => classification === format)!.classes[0];
  const parameters = Object.fromEntries(Object.entries(table.parameters).filter(([name]) => !OF_STORAGE.test(name)));
  return {
    ...table,
    type: 'EXTERNAL_TABLE',
    parameters,
    storage: {
      ...table.storage,
      inputFormat,
      outputFormat,
      serde: { library, parameters: { 'serialization.format': '1' } },
      isCompressed: false,
      skewedColumns: [],
      isStoredAsSubDirectories: false,
      parameters: {},
    },
  };
}

/** What the writers of Hive alter, which a table that is taken as it is does not suffer. */
export function conversionNotes(table: Table, format: ConversionFormat): Reason[] {
  const names = timestampColumns(table);
  if (format !== 'orc' || names.length === 0) return [];
  // ORC keeps seconds and nanoseconds apart and loses the sign of the former in that one second (seen with Hive 3.1.3 and 4.0.1).
  const text = `in ORC, timestamps with a fraction in the last second before 1970 become one second later: ${names.join(', ')}`;
  return [{ code: 'TIMESTAMP_ORC', text, hint: 'Set "convert: { format: parquet }" if there may be such.' }];
}

/** Those that hold timestamps, at whatever depth. */
export function timestampColumns({ storage }: Table): string[] {
  return storage.columns.filter(({ type }) => /\btimestamp\b/i.test(type)).map(({ name }) => name);
}

/** Every query at the target would give other times than Hive does. */
export function zoneProblem(format: ConversionFormat, columns: readonly string[]): Reason {
  return {
    code: 'CONVERSION_ZONE',
    text: `HiveServer2 is not on UTC and writes timestamps into ${format} as instants, which Athena shows as UTC: ${columns.join(', ')}`,
    hint: 'Set "convert: { format: orc }" for it in the mapping: ORC keeps the wall time.',
  };
}

/** What a cluster must offer before tables can be converted; undefined when it does. */
export function conversionGap(cluster: {
  readonly hasHiveServer2: boolean;
  readonly hasStaging: boolean;
}): Reason | undefined {
  if (!cluster.hasHiveServer2) return NEEDS_HIVESERVER2;
  return cluster.hasStaging ? undefined : NEEDS_STAGING;
}

const NEEDS_HIVESERVER2: Reason = {
  code: 'CONVERSION_NEEDS_HIVESERVER2',
  text: 'the mapping asks to convert it, which HiveServer2 does, and no HiveServer2 is configured',
  hint: 'Name it under source.hive.hiveServer2 in lakelift.yaml, with a database and a folder under source.hive.staging.',
};

const NEEDS_STAGING: Reason = {
  code: 'CONVERSION_NEEDS_STAGING',
  text: 'the mapping asks to convert it, and nothing says where its rows may be staged at the source',
  hint: 'Name a database and an HDFS folder of their own under source.hive.staging in lakelift.yaml: lakelift writes there, and cleans up after itself.',
};

/** `raw` promises the bytes of the source. Tables without bytes that mean anything outside Hive are the exception. */
export const RAW_IS_UNMODIFIED: Reason = {
  code: 'CONVERSION_INTO_RAW',
  text: 'the mapping asks to convert it into the raw zone, which holds bytes as they are, and its bytes can be taken as they are',
  hint: 'Set "target: { zone: cleaned }" to have it converted, or "storage: keep".',
};
