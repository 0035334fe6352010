import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { SqliteScratch } from '../../src/adapters/ledger/sqlite-scratch.ts';
import { defineMigration } from '../../src/domain/migration.ts';
import { parseLocation } from '../../src/domain/location.ts';
import type { TableMapping } from '../../src/domain/mapping.ts';
import type { PartitionItem, PlanItem, PlanSummary } from '../../src/domain/plan.ts';
import type { Partition, Table } from '../../src/domain/table.ts';
import type { TargetTable } from '../../src/domain/target-table.ts';
import type { Scratch } from '../../src/ports/scratch.ts';
import { proposeMapping } from '../../src/steps/map.ts';
import { planUseCase } from '../../src/steps/plan/plan-use-case.ts';
import { StandingPartitions } from '../../src/steps/standing-partitions.ts';
import { PARQUET, sketchPartition, sketchTable } from '../../src/sandbox/lake/lake-table.ts';
import { MemoryCatalog, MemoryFileSystem } from './plan/memory-source.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const TABLE = sketchTable({
  database: 'd',
  name: 't',
  columns: ['a string', 'jour date'],
  partitionKeys: ['p string'],
  format: PARQUET,
});
const FOLDER = parseLocation(TABLE.storage.location!).path;
const PARTITIONS = 10_000;
/** Code that is compiled meanwhile counts too; in memory it is more than this for the names alone. */
const MOST_BYTES_EACH = 150;
const signal = new AbortController().signal;

const valueOf = (index: number): string => `${String(index).padStart(6, '0')} ${'agence de la ville '.repeat(10)}`;
const inMemory = (): Scratch => ({ newMap: <Value>() => new Map<string, Value>(), close: () => undefined });

function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** The folder of every third is not the one of its name, and every sixth lies outside the table. */
function folderOf(index: number): string | undefined {
  if (index % 3 !== 0) return undefined;
  return index % 2 === 0 ? `/archives/${valueOf(index)}` : `${FOLDER}/${valueOf(index)}`;
}

class ManyPartitions extends MemoryCatalog {
  override async *listPartitions(table: Table): AsyncGenerator<Partition> {
    for (let index = 0; index < PARTITIONS; index++) {
      if (index % 1000 === 0) await Promise.resolve();
      yield sketchPartition(table, [valueOf(index)], folderOf(index));
    }
  }
}

const COUNTED = { COLUMN_STATS_ACCURATE: '{"COLUMN_STATS":{"jour":"true"}}', transient_lastDdlTime: '7' };
const YEAR_ONE = { kind: 'date', least: -719_162, greatest: 0, nulls: 0, distinct: 2 } as const;

/** Hive has counted days of the year 1 in each of them. */
class CountedPartitions extends ManyPartitions {
  asked = 0;

  override async *listPartitions(table: Table): AsyncGenerator<Partition> {
    for await (const one of super.listPartitions(table)) yield { ...one, parameters: COUNTED };
  }

  override async findPartitionStatistics(_: unknown, { names }: { readonly names: readonly string[] }) {
    this.asked += names.length;
    return new Map(names.map((name) => [name, [{ column: 'jour', values: YEAR_ONE }]]));
  }
}

/** Every folder is there, and empty. */
class EmptyFolders extends MemoryFileSystem {
  override async *listDirectory(): AsyncGenerator<never> {}
}

interface Lake {
  readonly catalog?: ManyPartitions;
  readonly source?: MemoryFileSystem;
  readonly statistics?: TableMapping['partitions']['statistics'];
}

/** What the plan holds beside its items when the last partition has been planned. */
async function plannedBytes(
  openScratch: () => Scratch,
  { catalog = new ManyPartitions([TABLE]), source = new MemoryFileSystem(), statistics }: Lake = {},
): Promise<{ bytes: number; sample: PartitionItem[] }> {
  const migration = defineMigration({
    id: 'test',
    title: { fr: '', en: '' },
    owner: '',
    wave: 1,
    source: { tables: ['d.t'], paths: [] },
    purpose: '',
    legalBasis: '',
    consumers: [],
  });
  source.addDirectory(FOLDER);
  const { mapping: proposed } = await proposeMapping(migration, catalog);
  const table = proposed.tables['d.t']!;
  const mapping = { ...proposed, tables: { 'd.t': { ...table, partitions: { ...table.partitions, statistics } } } };
  const sample: PartitionItem[] = [];
  const before = heapBytes();
  let after = 0;
  let count = 0;
  const add = (item: PlanItem): void => {
    if (item.kind !== 'partition') return;
    count += 1;
    // What the source of a test keeps of its calls is none of the plan's.
    source.listed.length = 0;
    if (count <= 4) sample.push(item);
    if (count === PARTITIONS) after = heapBytes();
  };
  const writer = {
    add,
    finish: () => ({}) as PlanSummary,
    abandon: () => undefined,
    holdBack: () => undefined,
    openScratch,
  };
  const zones = { raw: { bucket: 'raw', prefix: '' } };
  const ends = { source, catalog, writer, clusterAuthorities: ['sandbox'], progress: () => undefined, signal };
  await planUseCase({ migration, mapping, zones, ...ends });
  expect(count).toBe(PARTITIONS);
  return { bytes: after - before, sample };
}

/** What is held of partitions that stand when all of them have been listed. */
async function standingBytes({ sample }: { sample: PartitionItem[] }, { newMap }: Scratch): Promise<number> {
  const own = sample[1]!.definition!;
  const table = { partitionKeys: TABLE.partitionKeys, storage: { ...own.storage, location: 's3://raw/d/t/' } };
  const catalog = {
    async *listPartitions() {
      await Promise.resolve();
      for (let index = 0; index < PARTITIONS; index++) {
        const location = `s3://raw/d/t/p=${valueOf(index)}/`;
        yield { ...own, values: [valueOf(index)], storage: { ...own.storage, location } };
      }
    },
  };
  const before = heapBytes();
  const standing = await StandingPartitions.read(catalog, table as TargetTable, { newMap, signal });
  const bytes = heapBytes() - before;
  expect([...standing.listExtra({ findItem: () => undefined }, 'd.t')]).toHaveLength(PARTITIONS);
  return bytes;
}

it.for([{ statistics: undefined }, { statistics: 'all' as const }])(
  'holds nothing of what Hive counted in a partition while the others are planned (statistics: $statistics)',
  { timeout: 60_000 },
  async ({ statistics }) => {
    const catalog = new CountedPartitions([TABLE]);
    const planned = await plannedBytes(() => new SqliteScratch(), { catalog, source: new EmptyFolders(), statistics });
    expect(catalog.asked).toBe(PARTITIONS);
    expect(planned.bytes).toBeLessThan(PARTITIONS * MOST_BYTES_EACH);
  },
);

it('holds nothing of a partition in memory while the others are planned, compared and registered', async () => {
  const planned = await plannedBytes(() => new SqliteScratch());
  expect(planned.bytes).toBeLessThan(PARTITIONS * MOST_BYTES_EACH);
  const scratch = new SqliteScratch();
  expect(await standingBytes(planned, scratch)).toBeLessThan(PARTITIONS * MOST_BYTES_EACH);
  scratch.close();
  // So that the bound means something: with ordinary maps it is passed.
  expect((await plannedBytes(inMemory)).bytes).toBeGreaterThan(PARTITIONS * MOST_BYTES_EACH * 2);
  expect(await standingBytes(planned, inMemory())).toBeGreaterThan(PARTITIONS * MOST_BYTES_EACH * 2);
}, 60_000);
