import { randomBytes } from 'node:crypto';
import pLimit from 'p-limit';
import {
  stagedStamp,
  stagedTableName,
  type Conversion,
  type StagedFile,
  type StagedTable,
} from '../../domain/conversion.ts';
import { rulingOnTableEntry } from '../../domain/hidden-name.ts';
import { formatTableName, hdfsPath, type TableName } from '../../domain/names.ts';
import { partitionValues } from '../../domain/partition-name.ts';
import type { TableItem } from '../../domain/plan.ts';
import { withAvroColumns } from '../../domain/rules/avro-schema.ts';
import type { Column, Table } from '../../domain/table.ts';
import { LakeliftError } from '../../errors.ts';
import type { QueryEngine } from '../../ports/query-engine.ts';
import type { SourceExporter } from '../../ports/source-exporter.ts';
import { readPartitions, rowKey, type RowsByPartition } from '../reconcile/read-partitions.ts';
import { findAvroSchema } from '../plan/find-avro-schema.ts';
import { readSourceState, type StateContext } from '../source-state.ts';
import { walkFolder } from '../plan/walk-folder.ts';
import type { ConvertRequest } from './convert-tables.ts';

const LISTINGS_AT_ONCE = 16;

/**
 * Exports one table and records what was staged, once Hive counts the same rows in it as in the source. The state of the source is read
 * before: what is written meanwhile makes another state, and the reconciliation says so.
 */
export async function exportTable(request: ConvertRequest, item: TableItem): Promise<void> {
  const { exporter, engine } = connected(request);
  const { catalog, source, clusterAuthorities, progress, signal, ledger, useCase } = request;
  const context: StateContext = { catalog, source, clusterAuthorities, signal, limit: pLimit(LISTINGS_AT_ONCE) };
  const stored = await catalog.findTable(item.source, signal);
  if (stored === undefined) throw movedOn(item, 'it is no longer there');
  const table = withAvroColumns(stored, await findAvroSchema(context, stored));
  const format = item.conversion!.format;
  const { state, shape } = await readSourceState(context, table, format);
  if (shape !== item.conversion!.shape) throw movedOn(item, 'its columns are not those of the plan');
  const id = newConversionId(new Date());
  const staged = stagedTable(exporter, stagedTableName(useCase, item.source, id));
  progress({ kind: 'note', level: 'info', message: `${item.scope}: HiveServer2 exports it as ${format}` });
  const stamp = stagedStamp(useCase, item.scope);
  const { partitionKeys, storage } = table;
  await exporter.export(
    { from: item.source, columns: storage.columns, partitionKeys, format, to: staged, stamp },
    signal,
  );
  const rows = await sameRows({ engine, table, staged, signal }, async () => {
    const now = await readSourceState(context, table, format);
    return now.state !== state;
  });
  const partitions = await partitionsOf(request, table, staged.name);
  const location = `${item.definition?.storage.location ?? ''}${id}/`;
  const conversion: Conversion = {
    scope: item.scope,
    id,
    state,
    shape,
    location,
    staged,
    partitions,
    rows: String(rows),
    isDropped: false,
  };
  ledger.putConversion(conversion, await stagedFiles(context, staged));
  await ledger.flush();
}

function connected({ exporter, engine }: ConvertRequest): { exporter: SourceExporter; engine: QueryEngine } {
  if (exporter === undefined || engine === undefined)
    throw new RangeError('the plan converts tables without HiveServer2');
  return { exporter, engine };
}

/** Sorts by time; plain enough for a name of Hive and a folder of S3. */
function newConversionId(now: Date): string {
  return `${now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '_')}_${randomBytes(2).toString('hex')}`;
}

function stagedTable({ staging }: SourceExporter, table: string): StagedTable {
  return { name: { database: staging.database, table }, folder: hdfsPath(`${staging.folder}/${table}`) };
}

interface Comparison {
  readonly engine: QueryEngine;
  readonly table: Table;
  readonly staged: StagedTable;
  readonly signal: AbortSignal;
}

/** The rows that were exported. Throws where Hive counts others in the source, unless that was written meanwhile. */
async function sameRows(
  { engine, table, staged, signal }: Comparison,
  hasChanged: () => Promise<boolean>,
): Promise<bigint> {
  const keys = table.partitionKeys;
  const count = (name: TableName) =>
    readPartitions({ engine, level: 'rows', table: { ...name, keys, columns: [] } }, signal);
  const [atSource, exported] = [await count(table.name), await count(staged.name)];
  const rows = rowsIn(exported);
  if (isSame(atSource, exported) || (await hasChanged())) return rows;
  const sum = rowsIn(atSource);
  throw new LakeliftError(`Hive counts ${rows} exported rows where the table has ${sum}, partition by partition`, {
    kind: 'corrupt',
    code: 'CONVERSION_ROWS_DIFFER',
    subject: formatTableName(table.name),
    hint: 'Nothing was taken over. Run again; if it stays, ask for the log of HiveServer2.',
  });
}

function rowsIn(partitions: RowsByPartition): bigint {
  return [...partitions.values()].reduce((sum, { fingerprint }) => sum + fingerprint.rows, 0n);
}

function isSame(a: RowsByPartition, b: RowsByPartition): boolean {
  const rowsOf = (rows: RowsByPartition) =>
    [...rows].map(([key, { fingerprint }]) => [key, fingerprint.rows] as const).filter(([, count]) => count > 0n);
  return (
    rowsOf(a).length === rowsOf(b).length && rowsOf(a).every(([key, count]) => b.get(key)?.fingerprint.rows === count)
  );
}

/** Those that were exported, and those of the source that hold no row. */
async function partitionsOf({ catalog, signal }: ConvertRequest, table: Table, staged: TableName): Promise<string[][]> {
  const keys: readonly Column[] = table.partitionKeys;
  if (keys.length === 0) return [];
  const exported = await catalog.listPartitionNames(staged, signal);
  const known = new Set(exported.map((name) => rowKey(keys, name)));
  const empty = (await catalog.listPartitionNames(table.name, signal)).filter((name) => !known.has(rowKey(keys, name)));
  return [...exported, ...empty].map(partitionValues);
}

async function stagedFiles(context: StateContext, { folder }: StagedTable): Promise<StagedFile[]> {
  const files: StagedFile[] = [];
  const visitor = {
    rulingOnName: rulingOnTableEntry,
    shouldEnter: () => true,
    onFile: (file: StagedFile['file'], relative: string) => void files.push({ file, relative }),
    onLeftOut: () => undefined,
  };
  const { failures } = await walkFolder(folder, visitor, context);
  if (failures === 0) return files;
  throw new LakeliftError(`${failures} directories below ${folder} cannot be listed`, {
    kind: 'denied',
    code: 'CANNOT_LIST_ALL',
    subject: folder,
    hint: 'Give the user of source.hdfs the right to read what HiveServer2 writes into source.hive.staging.folder.',
  });
}

function movedOn({ scope }: TableItem, what: string): LakeliftError {
  return new LakeliftError(`${scope} changed after it was planned: ${what}`, {
    kind: 'conflict',
    code: 'SOURCE_CHANGED',
    subject: scope,
    hint: 'Run again: the plan is drawn anew.',
  });
}
