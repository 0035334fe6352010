import pLimit from 'p-limit';
import type { Mapping, TableMapping } from '../../domain/mapping.ts';
import { formatTableName, parseTableName, type TableName } from '../../domain/names.ts';
import type { PlanSummary, Reason } from '../../domain/plan.ts';
import { LakeliftError } from '../../errors.ts';
import { expandTables } from '../source-tables.ts';
import type { PlanContext, PlanRequest } from './plan-context.ts';
import { planPath } from './plan-path.ts';
import { planFunctions } from './plan-functions.ts';
import { planOtherCatalogs } from './plan-other-catalogs.ts';
import { planTable } from './plan-table.ts';
import { planViews } from './plan-views.ts';

/** Tables planned side by side: their metastore calls overlap, their listings share one limit. */
const TABLES_AT_ONCE = 4;
const LISTINGS_AT_ONCE = 16;

/**
 * Expands a mapping over what the source holds now into a plan, streamed into the writer. The same inventory gives the same hash.
 * What concerns one table, partition or file becomes an item with its reason. Throws when the source as a whole fails
 * (`unavailable`), when a zone of the mapping has no bucket (`usage`) and when two files claim one key (`conflict`);
 * nothing of the plan remains then.
 */
export async function planUseCase(request: PlanRequest): Promise<PlanSummary> {
  checkZones(request);
  const failed = new AbortController();
  const context: PlanContext = {
    ...request,
    signal: AbortSignal.any([request.signal, failed.signal]),
    limit: pLimit(request.listingsAtOnce ?? LISTINGS_AT_ONCE),
    counted: { files: 0, sizeBytes: 0 },
    verdicts: new Map(),
    views: new Map(),
  };
  try {
    const limit = pLimit(TABLES_AT_ONCE);
    const tasks = [...(await tableTasks(context)), ...pathTasks(context)];
    await everyOne(
      tasks.map((task) => limit(task)),
      failed,
    );
    request.signal.throwIfAborted();
    await planViews(context);
    await planOtherCatalogs(context, namedDatabases(request));
    await planFunctions(context, databasesOf(request));
    return request.writer.finish();
  } catch (error) {
    request.writer.abandon();
    throw error;
  }
}

/** Whether they exist in Hive's catalog or not. */
function namedDatabases({ migration }: PlanRequest): Set<string> {
  return new Set(migration.source.tables.map((pattern) => pattern.slice(0, pattern.indexOf('.')).toLowerCase()));
}

/** The databases that the use case takes tables of, and which exist. */
function databasesOf(request: PlanRequest): Set<string> {
  const named = namedDatabases(request);
  return new Set(
    Object.keys(request.mapping.tables)
      .map((name) => parseTableName(name)!.database)
      .filter((database) => named.has(database)),
  );
}

type Task = () => Promise<void>;

/** Waits for all, so that nothing writes to the plan afterwards, and throws the first failure; the others are told to stop. */
async function everyOne(tasks: readonly Promise<void>[], failed: AbortController): Promise<void> {
  const failures: unknown[] = [];
  const settle = (error: unknown) => {
    failures.push(error);
    failed.abort(error);
  };
  await Promise.all(tasks.map((task) => task.catch(settle)));
  if (failures.length > 0) throw failures[0];
}

async function tableTasks(context: PlanContext): Promise<Task[]> {
  const { migration, mapping } = context;
  const { found, missing } = await expandTables(migration.source.tables, context.catalog, context.signal);
  // A table that the mapping skips may be gone as well: the decision counts.
  const absent = missing.filter(({ pattern }) => mapping.tables[pattern]?.skip === undefined);
  for (const { pattern, reason } of absent) addMissing(context, pattern, reason);
  const wanted = new Set(found.map(formatTableName));
  const named = new Set(absent.map(({ pattern }) => pattern));
  const mappedOnly = Object.keys(mapping.tables).filter((name) => !wanted.has(name) && !named.has(name));
  const takenTwice = targetsTakenTwice(mapping);
  const all = [...found, ...mappedOnly.map((name) => parseTableName(name)!)];
  return all.map((name) => () => {
    const scope = formatTableName(name);
    const early =
      wanted.has(scope) || isNamedBy(migration.source.tables, name) ? takenTwice.get(scope) : NOT_IN_USE_CASE;
    return planTable(context, name, { mapping: mapping.tables[scope], early });
  });
}

function pathTasks(context: PlanContext): Task[] {
  const { migration, mapping } = context;
  const paths = new Set([...migration.source.paths, ...Object.keys(mapping.paths)]);
  return [...paths].map((path) => () => planPath(context, path, mapping.paths[path]));
}

const NOT_IN_USE_CASE: Reason = {
  code: 'NOT_IN_USE_CASE',
  text: 'in the mapping, but not among the sources of the use case',
};

/** A pattern of the script covers it though nothing is there now: it vanished, which is worth more than "not in the use case". */
function isNamedBy(patterns: readonly string[], { database, table }: TableName): boolean {
  return patterns.some((pattern) => pattern === `${database}.*` || pattern === `${database}.${table}`);
}

function addMissing({ writer }: PlanContext, pattern: string, reason: Reason): void {
  const dot = pattern.indexOf('.');
  writer.add({
    kind: 'table',
    id: `table:${pattern}`,
    scope: pattern,
    verdict: 'refuse',
    reason,
    source: { database: pattern.slice(0, dot), table: pattern.slice(dot + 1) },
    reconcileLevel: 'files',
    notes: [],
  });
}

/** Two tables of the source that the mapping sends to one table of the target: neither may go there. */
function targetsTakenTwice(mapping: Mapping): Map<string, Reason> {
  const sources = new Map<string, string[]>();
  for (const [source, table] of Object.entries(mapping.tables)) {
    if (table.skip === undefined) sources.set(targetOf(table), [...(sources.get(targetOf(table)) ?? []), source]);
  }
  const taken = [...sources].filter(([, names]) => names.length > 1);
  return new Map(taken.flatMap(([target, names]) => names.map((name) => [name, collision(target, names)] as const)));
}

function targetOf({ target }: TableMapping): string {
  return `${target.database}.${target.table}`;
}

function collision(target: string, names: readonly string[]): Reason {
  const text = `${names.join(' and ')} are both mapped to ${target}`;
  return { code: 'TARGET_TABLE_COLLISION', text, hint: 'Give each a target table of its own in the mapping.' };
}

function checkZones({ migration, mapping, zones }: PlanRequest): void {
  const used = [...Object.values(mapping.tables), ...Object.values(mapping.paths)].filter(
    ({ skip }) => skip === undefined,
  );
  const absent = used.map(({ target }) => target.zone).find((zone) => zones[zone] === undefined);
  if (absent === undefined) return;
  throw new LakeliftError(`the mapping of ${migration.id} uses the zone "${absent}", which has no bucket`, {
    kind: 'usage',
    code: 'ZONE_NOT_CONFIGURED',
    subject: `zones.${absent}`,
    hint: `Add zones.${absent}.bucket to lakelift.yaml, or choose another zone in mappings/${migration.id}.yaml.`,
  });
}
