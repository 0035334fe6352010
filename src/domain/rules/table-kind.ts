import type { Reason, Verdict } from '../plan.ts';
import { isTransactional, type StorageDescriptor, type Table } from '../table.ts';

interface KindRuling {
  readonly verdict: Exclude<Verdict, 'copy' | 'convert' | 'skip'>;
  readonly reason: Reason;
}

const CONVERT =
  'Set "storage: convert" in the mapping: HiveServer2 exports its rows into a staging table, and that is taken over. Or set "skip" with the reason.';
const REWRITE =
  'Copy it into a plain external table on the cluster (CREATE EXTERNAL TABLE … STORED AS PARQUET, then INSERT … SELECT), map that one and set "skip" on this.';

/** Why a table cannot be taken over as plain files, whatever its format; undefined when it can. */
export function rulingOnKind(table: Table): KindRuling | undefined {
  const derived = DERIVED.get(table.type);
  if (derived !== undefined) return derived;
  if (isTransactional(table)) return acidRuling(table);
  return lakeFormatRuling(table) ?? handlerRuling(table) ?? sparkRuling(table) ?? skewRuling(table);
}

/** Why a table cannot be written anew by HiveServer2 and taken over so; undefined when it can. */
export function rulingOnConversion(table: Table): KindRuling | undefined {
  return (
    DERIVED.get(table.type) ??
    lakeFormatRuling(table) ??
    handlerRuling(table) ??
    sparkRuling(table) ??
    skewRuling(table)
  );
}

/** What Hive makes of other tables, by its type in the metastore. */
const DERIVED: ReadonlyMap<string, KindRuling> = new Map(
  [
    {
      code: 'MATERIALIZED_VIEW',
      text: 'a materialised view of Hive is rebuilt from its query, which Athena does not do',
      hint: 'Store its rows as a plain table on the cluster and map that one, or drop it for a plain view, and set "skip" with the reason on this.',
    },
    {
      code: 'INDEX_TABLE',
      text: 'an index of Hive before 3: offsets into files of HDFS, which say nothing of the objects',
      hint: 'Set "skip" with the reason on it: no query names it, and Athena needs none.',
    },
  ].map((reason) => [reason.code, { verdict: 'needs-decision', reason }]),
);

function acidRuling(table: Table): KindRuling {
  const isInsertOnly = table.parameters['transactional_properties']?.toLowerCase() === 'insert_only';
  const text = isInsertOnly
    ? 'an insert-only transactional table: which of its directories count is known to the metastore alone'
    : 'a full ACID table: its files hold row versions that only Hive can put together';
  const code = isInsertOnly ? 'ACID_INSERT_ONLY' : 'ACID';
  return { verdict: 'needs-decision', reason: { code, text, hint: CONVERT } };
}

const EXPORT_ROWS =
  'Export its current rows into a plain table on the cluster and map that, or set "skip" with the reason.';
/** Iceberg's procedure stages metadata with other prefixes; what it names must be copied as well. */
const ICEBERG_WITH_HISTORY =
  'To keep its history, have Iceberg stage metadata for the new place (rewrite_table_path), map the folder and what was staged under "paths", and register it in Glue (register_table).';

const LAKE_FORMATS: readonly {
  readonly name: string;
  readonly hint?: string;
  readonly isMatch: (table: Table) => boolean;
}[] = [
  {
    name: 'Iceberg',
    hint: `${EXPORT_ROWS} ${ICEBERG_WITH_HISTORY}`,
    isMatch: (table) => hasParameter(table, 'table_type', 'iceberg') || /iceberg/i.test(handlerOf(table)),
  },
  {
    name: 'Delta Lake',
    isMatch: (table) => hasParameter(table, 'spark.sql.sources.provider', 'delta') || /delta/i.test(handlerOf(table)),
  },
  {
    name: 'Hudi',
    isMatch: (table) =>
      hasParameter(table, 'spark.sql.sources.provider', 'hudi') || /hoodie|hudi/i.test(table.storage.inputFormat ?? ''),
  },
];

function lakeFormatRuling(table: Table): KindRuling | undefined {
  const format = LAKE_FORMATS.find(({ isMatch }) => isMatch(table));
  if (format === undefined) return undefined;
  const text = `an ${format.name} table: its own metadata names files by their HDFS address`.replace(
    /^an (Delta|Hudi)/,
    'a $1',
  );
  return { verdict: 'needs-decision', reason: { code: 'LAKE_FORMAT', text, hint: format.hint ?? EXPORT_ROWS } };
}

function handlerRuling(table: Table): KindRuling | undefined {
  const handler = handlerOf(table);
  if (handler === '') return undefined;
  const text = `its rows live outside HDFS, behind ${handler}`;
  const hint = `Export them first. ${REWRITE}`;
  return { verdict: 'needs-decision', reason: { code: 'STORAGE_HANDLER', text, hint } };
}

/** Spark writes a stand-in of one column for tables whose schema Hive cannot hold (`HiveExternalCatalog`), and keeps the real one to itself. */
function sparkRuling({ parameters, storage }: Table): KindRuling | undefined {
  const provider = parameters['spark.sql.sources.provider'];
  const [column, ...more] = storage.columns;
  const isStandIn = column?.name === 'col' && column.type === 'array<string>' && more.length === 0;
  if (provider === undefined || !isStandIn) return undefined;
  const text = `a table of Spark's ${provider} source: the metastore holds a stand-in instead of its columns and format, and Hive cannot read it either`;
  const hint =
    'Declare the same folder in Hive (CREATE EXTERNAL TABLE … LOCATION …) and map that table, and set "skip" on this.';
  return { verdict: 'needs-decision', reason: { code: 'SPARK_SCHEMA', text, hint } };
}

const LIST_HINT = `${REWRITE} Set hive.mapred.supports.subdirectories and mapred.input.dir.recursive to true in that session, or nothing is read; of a full ACID table Hive 3.1.3 reads nothing even so.`;

function skewRuling({ storage }: Table): KindRuling | undefined {
  const reason = listBucketing(storage);
  return reason === undefined ? undefined : { verdict: 'refuse', reason };
}

/** Why a table cannot be compared, or a partition that keeps its folders after its table was declared anew (`ALTER TABLE … NOT SKEWED`); undefined when it can. */
export function listBucketing({ isStoredAsSubDirectories, skewedColumns }: StorageDescriptor): Reason | undefined {
  if (!isStoredAsSubDirectories || skewedColumns.length === 0) return undefined;
  const text = `list bucketing on ${skewedColumns.join(', ')}: its rows lie in folders below its own, which HiveServer2 reads as empty unless told otherwise, so that nobody could compare`;
  return { code: 'LIST_BUCKETING', text, hint: LIST_HINT };
}

function handlerOf(table: Table): string {
  return table.parameters['storage_handler'] ?? '';
}

function hasParameter(table: Table, name: string, value: string): boolean {
  return table.parameters[name]?.toLowerCase() === value;
}
