import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMetastoreServer } from '../src/sandbox/hive-metastore/metastore-server.ts';
import type { MetastoreContent } from '../src/sandbox/hive-metastore/metastore-content.ts';
import { PARQUET, sketchPartition, sketchTable } from '../src/sandbox/lake/lake-table.ts';
import { startGlue } from '../test/stack/aws.ts';
import type { CatalogPass } from './catalog-run.ts';
import { cpuOf, measure } from './measure.ts';

/**
 * From a metastore that generates them into moto: so many partitions of one table, a tenth of them (memory must not grow with their
 * number), and so many tables. Each is done twice: the second pass must find nothing to write.
 */
export async function measureCatalog({ partitions, tables }: { partitions: number; tables: number }): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'lakelift-bench-glue-'));
  const glue = await startGlue(directory, 'paged_moto.py');
  const content = contentOf([
    { database: 'warm', tables: 1, partitions: 100 },
    { database: 'tenth', tables: 1, partitions: Math.ceil(partitions / 10) },
    { database: 'all', tables: 1, partitions },
    { database: 'wide', tables, partitions: 0 },
  ]);
  const metastore = await startMetastoreServer({ content });
  const lines: string[] = [...HEADER];
  try {
    for (const { name } of content.databases) {
      const line = await row(name, { metastore: metastore.address, glue });
      if (name === 'warm') continue;
      lines.push(line);
      console.error(line);
    }
    return lines.join('\n');
  } finally {
    await metastore.close();
    await glue.server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

const HEADER = [
  '| | map, s | plan, s | register, s | per second in all | again, s | client CPU, ms each | moto CPU, ms each | peak memory, MB |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
];

interface Ends {
  readonly metastore: string;
  readonly glue: Awaited<ReturnType<typeof startGlue>>;
}

async function row(database: string, { metastore, glue }: Ends): Promise<string> {
  const targetCpuBefore = cpuOf(glue.server.processId);
  const { output, peakMemoryBytes, cpuSeconds } = await measure({
    command: process.execPath,
    args: [join(import.meta.dirname, 'catalog-run.ts'), metastore, glue.endpoint, database],
  });
  const targetCpuSeconds = cpuOf(glue.server.processId) - targetCpuBefore;
  const [first, second] = JSON.parse(output.slice(output.indexOf('['))) as [CatalogPass, CatalogPass];
  const count = first.outcomes.registered!;
  const items = Object.values(first.outcomes).reduce((sum, one) => sum + one, 0);
  if (count !== items || second.outcomes.unchanged !== count)
    throw new Error(`${database}: ${output}: not everything was registered, or the second pass wrote`);
  const cells = [
    `${count} ${database === 'wide' ? 'tables' : 'partitions and their table'}`,
    first.mapSeconds.toFixed(1),
    first.planSeconds.toFixed(1),
    first.registerSeconds.toFixed(1),
    (count / (first.mapSeconds + first.planSeconds + first.registerSeconds)).toFixed(0),
    (second.mapSeconds + second.planSeconds + second.registerSeconds).toFixed(1),
    // Both passes together.
    ((cpuSeconds * 1000) / count).toFixed(2),
    ((targetCpuSeconds * 1000) / count).toFixed(2),
    (peakMemoryBytes / 1e6).toFixed(0),
  ];
  return `| ${cells.join(' | ')} |`;
}

interface Load {
  readonly database: string;
  readonly tables: number;
  readonly partitions: number;
}

const COLUMNS = Array.from({ length: 20 }, (_, index) => `colonne_${index} decimal(12,2) -- montant n° ${index}`);
const KEYS = ['jour date', 'caisse string'];

/** Tables of twenty columns; partitions by day and office, a hundred offices a day. */
function contentOf(loads: readonly Load[]): MetastoreContent {
  const databases = loads.map(({ database: name }) => ({
    name,
    location: undefined,
    comment: undefined,
    parameters: {},
  }));
  const tables = loads.flatMap(({ database, tables: count, partitions }) =>
    Array.from({ length: count }, (_, index) =>
      sketchTable({
        database,
        name: `table_${String(index).padStart(6, '0')}`,
        columns: COLUMNS,
        partitionKeys: partitions > 0 ? KEYS : [],
        format: PARQUET,
      }),
    ),
  );
  const partitionsOf = new Map(
    tables.map((table) => {
      const count = loads.find(({ database }) => database === table.name.database)!.partitions;
      return [table, Array.from({ length: count }, (_, index) => sketchPartition(table, valuesOf(index)))];
    }),
  );
  return { databases, tables, partitions: (table) => partitionsOf.get(table) ?? [] };
}

function valuesOf(index: number): string[] {
  const day = new Date(Date.UTC(2000, 0, 1 + Math.floor(index / 100)));
  return [day.toISOString().slice(0, 10), `caisse ${String(index % 100).padStart(2, '0')}`];
}
