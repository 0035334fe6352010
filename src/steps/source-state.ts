import { createHash } from 'node:crypto';
import { foreignLocation } from '../domain/cluster.ts';
import type { ConversionFormat, PlannedConversion } from '../domain/conversion.ts';
import { rulingOnTableEntry } from '../domain/hidden-name.ts';
import { isWithin, parseLocation } from '../domain/location.ts';
import type { HdfsPath } from '../domain/names.ts';
import { partitionName } from '../domain/partition-name.ts';
import type { Reason } from '../domain/plan.ts';
import { listBucketing } from '../domain/rules/table-kind.ts';
import { isTransactional, type Partition, type Table } from '../domain/table.ts';
import { isLakeliftError, LakeliftError } from '../errors.ts';
import type { SourceCatalog } from '../ports/source-catalog.ts';
import { walkFolder, type WalkContext } from './plan/walk-folder.ts';

export interface StateContext extends WalkContext {
  readonly clusterAuthorities: readonly string[];
  readonly catalog: Pick<SourceCatalog, 'findWriteState' | 'listPartitions'>;
}

/**
 * What tells whether the rows of a table are still those that were exported: the writes that Hive counts as valid where it keeps such a
 * list (compaction moves files and changes no row), else every file with its size and time; and the partitions and columns in any case.
 */
export async function readSourceState(
  context: StateContext,
  table: Table,
  format: ConversionFormat,
): Promise<PlannedConversion> {
  const writes = isTransactional(table) ? await context.catalog.findWriteState(table.name, context.signal) : undefined;
  const rows = writes === undefined ? await stateOfFiles(context, table) : await stateOfWrites(context, table, writes);
  return { format, shape: shapeOf(table), state: `${format} of ${rows}` };
}

function shapeOf({ storage, partitionKeys }: Table): string {
  const columns = [...storage.columns, ...partitionKeys].map(({ name, type }) => `${name.toLowerCase()} ${type}`);
  return digest([...columns, String(partitionKeys.length)]);
}

async function stateOfWrites(context: StateContext, table: Table, writes: string): Promise<string> {
  if (table.partitionKeys.length === 0) return `writes ${writes}`;
  const names: string[] = [];
  for await (const { name } of exportedPartitions(context, table)) names.push(name);
  return `writes ${writes}, partitions ${digest(names)}`;
}

async function stateOfFiles(context: StateContext, table: Table): Promise<string> {
  const sum = new OrderFreeDigest();
  const folders = new Set<HdfsPath>();
  if (table.storage.location !== undefined) folders.add(parseLocation(table.storage.location).path);
  for await (const { name, storage } of exportedPartitions(context, table)) {
    const location = parseLocation(storage.location ?? '');
    const foreign = foreignLocation(location, context.clusterAuthorities);
    if (foreign !== undefined) throw beyondExport(name, foreign);
    sum.add(name, location.path);
    folders.add(location.path);
  }
  for (const folder of outermost(folders)) await addFiles(context, folder, sum);
  return `files ${sum.text}`;
}

async function addFiles(context: StateContext, folder: HdfsPath, sum: OrderFreeDigest): Promise<void> {
  const visitor = {
    rulingOnName: rulingOnTableEntry,
    shouldEnter: () => true,
    onFile: ({ path, sizeBytes, modifiedAtMs }: { path: string; sizeBytes: number; modifiedAtMs: number }) =>
      sum.add(path, String(sizeBytes), String(modifiedAtMs)),
    onLeftOut: () => undefined,
  };
  try {
    await walkFolder(folder, visitor, context);
  } catch (error) {
    if (!isLakeliftError(error, 'not-found')) throw error;
  }
}

/** With their names. Throws `unsupported` at the first that HiveServer2 reads as empty, without a word: count by count its loss would look like agreement. */
async function* exportedPartitions(
  { catalog, signal }: StateContext,
  table: Table,
): AsyncGenerator<Pick<Partition, 'storage'> & { readonly name: string }> {
  for await (const { values, storage } of catalog.listPartitions(table, signal)) {
    const name = partitionName(table.partitionKeys, values);
    const unread = listBucketing(storage);
    if (unread !== undefined) throw beyondExport(name, unread);
    yield { name, storage };
  }
}

/** HiveServer2 reads none of its rows, or does and nobody here could tell whether they changed. */
function beyondExport(partition: string, { code, text, hint }: Reason): LakeliftError {
  return new LakeliftError(`partition ${partition}: ${text}`, { kind: 'unsupported', code, subject: partition, hint });
}

function outermost(folders: ReadonlySet<HdfsPath>): HdfsPath[] {
  const kept: HdfsPath[] = [];
  for (const folder of [...folders].sort()) {
    const last = kept.at(-1);
    if (last === undefined || !isWithin(last, folder)) kept.push(folder);
  }
  return kept;
}

function digest(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
}

/** The same for the same entries in whatever order directories are listed, in constant memory. */
class OrderFreeDigest {
  #sum = 0n;

  add(...fields: readonly string[]): void {
    const hash = createHash('sha256').update(fields.join('\0')).digest('hex');
    this.#sum = BigInt.asUintN(128, this.#sum + BigInt(`0x${hash.slice(0, 32)}`));
  }

  get text(): string {
    return this.#sum.toString(16).padStart(32, '0');
  }
}
