import pLimit from 'p-limit';
import { assessTable, type AssessmentSettings } from '../../domain/assessment/assess-item.ts';
import { ASSESSMENT_SCHEMA, type AssessedItem, type Assessment } from '../../domain/assessment/assessment.ts';
import { effortDays } from '../../domain/assessment/effort.ts';
import type { FolderUsage } from '../../domain/assessment/folder-usage.ts';
import { countFindings, rankUseCases, type NamedUseCase } from '../../domain/assessment/rank-use-cases.ts';
import { foreignLocation } from '../../domain/cluster.ts';
import { parseLocation } from '../../domain/location.ts';
import type { Mapping, TableMapping } from '../../domain/mapping.ts';
import type { Migration } from '../../domain/migration.ts';
import { formatTableName, hdfsPath, type HdfsPath } from '../../domain/names.ts';
import { isView, type Table } from '../../domain/table.ts';
import type { Progress } from '../../ports/progress.ts';
import type { SourceCatalog } from '../../ports/source-catalog.ts';
import { proposeTable } from '../map.ts';
import { patternCovers } from '../source-tables.ts';

/** Where sizes come from: what lies below each of the folders asked for, and below others where that is known. */
export interface UsageSource {
  readonly kind: 'image' | 'live';
  usageOf(folders: readonly HdfsPath[], signal: AbortSignal): Promise<ReadonlyMap<string, FolderUsage>>;
}

export interface AssessRequest extends AssessmentSettings {
  readonly catalog: SourceCatalog;
  readonly usage: UsageSource;
  /** Use cases of the project; may be none yet. */
  readonly migrations: readonly Migration[];
  /** Those that are there. */
  readonly mappings: readonly Mapping[];
  readonly daysPerWave?: number | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

const TABLES_AT_ONCE = 8;

/** Takes stock of everything that the metastore knows, and of how much lies where. Reads only; no file is opened. */
export async function assessCluster(request: AssessRequest): Promise<Assessment> {
  const { migrations, usage, nowMs } = request;
  const tables = await readTables(request);
  const paths = [...new Set(migrations.flatMap(({ source }) => source.paths))].sort().map(hdfsPath);
  const folders = [...new Set([...tables.flatMap(({ folder }) => folder ?? []), ...paths])];
  const found = await usage.usageOf(folders, request.signal);
  const items: AssessedItem[] = [
    ...tables.map(({ table, partitions, folder }) =>
      assessTable(
        {
          table,
          mapping: reviewed(table, request.mappings) ?? proposeTable(table),
          partitions,
          usage: folder === undefined ? undefined : found.get(folder),
          useCases: useCasesOf(table, migrations),
        },
        request,
      ),
    ),
    ...paths.map((path) => pathItem(path, found.get(path), migrations)),
  ];
  const named: NamedUseCase[] = migrations.map(({ id, title, owner, wave }) => ({ id, title, owner, wave }));
  return {
    schema: ASSESSMENT_SCHEMA,
    drawnAt: new Date(nowMs).toISOString(),
    usageFrom: usage.kind,
    totals: totalsOf(items, [...found.values()]),
    useCases: rankUseCases(named, items, request.daysPerWave),
    items,
    otherFolders: othersOf(found, folders),
  };
}

interface ReadTable {
  readonly table: Table;
  readonly partitions: number;
  /** On this cluster. */
  readonly folder: HdfsPath | undefined;
}

async function readTables({ catalog, clusterAuthorities, progress, signal }: AssessRequest): Promise<ReadTable[]> {
  const limit = pLimit(TABLES_AT_ONCE);
  const read: ReadTable[] = [];
  for (const database of await catalog.listDatabases(signal)) {
    const names = await catalog.listTables(database, signal);
    const tables = await Promise.all(
      names.map((table) => limit(() => readTable(catalog, { database, table }, clusterAuthorities, signal))),
    );
    read.push(...tables.filter((table) => table !== undefined));
    progress({ kind: 'inventoried', files: read.length, sizeBytes: 0, scope: database });
  }
  return read;
}

async function readTable(
  catalog: SourceCatalog,
  name: Table['name'],
  authorities: readonly string[],
  signal: AbortSignal,
): Promise<ReadTable | undefined> {
  const table = await catalog.findTable(name, signal);
  if (table === undefined) return undefined;
  const isPartitioned = table.partitionKeys.length > 0 && !isView(table);
  const partitions = isPartitioned ? (await catalog.listPartitionNames(name, signal)).length : 0;
  const location =
    isView(table) || table.storage.location === undefined ? undefined : parseLocation(table.storage.location);
  const isHere = location !== undefined && foreignLocation(location, authorities) === undefined;
  return { table, partitions, folder: isHere ? location.path : undefined };
}

/** The first that says anything about it: use cases that share a table agree on it. */
function reviewed({ name }: Table, mappings: readonly Mapping[]): TableMapping | undefined {
  const scope = formatTableName(name);
  return mappings.find(({ tables }) => tables[scope] !== undefined)?.tables[scope];
}

function useCasesOf({ name }: Table, migrations: readonly Migration[]): string[] {
  return migrations
    .filter(({ source }) => source.tables.some((pattern) => patternCovers(pattern, name)))
    .map(({ id }) => id);
}

function pathItem(path: HdfsPath, usage: FolderUsage | undefined, migrations: readonly Migration[]): AssessedItem {
  const item = {
    kind: 'path' as const,
    name: path,
    partitions: 0,
    columns: 0,
    personalColumns: 0,
    ...(usage === undefined ? {} : { usage }),
    findings:
      usage === undefined
        ? [{ severity: 'blocking' as const, code: 'SOURCE_PATH_NOT_FOUND', text: `nothing lies at ${path}` }]
        : [],
    reads: [],
    useCases: migrations.filter(({ source }) => source.paths.includes(path)).map(({ id }) => id),
  };
  return { ...item, effortDays: effortDays(item) };
}

function totalsOf(items: readonly AssessedItem[], usage: readonly FolderUsage[]): Assessment['totals'] {
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const tables = items.filter(({ kind }) => kind === 'table');
  const cataloged = items.filter(({ kind }) => kind !== 'path');
  return {
    databases: new Set(cataloged.map(({ name }) => name.slice(0, name.indexOf('.')))).size,
    tables: tables.length,
    views: cataloged.length - tables.length,
    partitions: sum(tables.map(({ partitions }) => partitions)),
    files: sum(usage.map(({ files }) => files)),
    sizeBytes: sum(usage.map(({ sizeBytes }) => sizeBytes)),
    findings: countFindings(items),
    unassigned: cataloged.filter(({ useCases }) => useCases.length === 0).length,
  };
}

const FOLDERS_SHOWN = 50;

function othersOf(found: ReadonlyMap<string, FolderUsage>, folders: readonly HdfsPath[]): Assessment['otherFolders'] {
  const known = new Set<string>(folders);
  return [...found]
    .filter(([path]) => !known.has(path))
    .map(([path, usage]) => ({ path, usage }))
    .sort((a, b) => b.usage.sizeBytes - a.usage.sizeBytes || (a.path < b.path ? -1 : 1))
    .slice(0, FOLDERS_SHOWN);
}
