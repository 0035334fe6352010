import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../src/cli/heap-limits.js';
import { SqliteLedger } from '../src/adapters/ledger/sqlite-ledger.ts';
import type { Migration } from '../src/domain/migration.ts';
import { s3Key, type RunId, type UseCaseId } from '../src/domain/names.ts';
import { objectMetadata } from '../src/domain/object-metadata.ts';
import type { FileItem, PartitionItem, TableItem } from '../src/domain/plan.ts';
import type { Ledger } from '../src/ports/ledger.ts';
import type { QueryEngine } from '../src/ports/query-engine.ts';
import { proposeMapping } from '../src/steps/map.ts';
import { planUseCase } from '../src/steps/plan/plan-use-case.ts';
import type { ReconcileRequest } from '../src/steps/reconcile/reconcile-context.ts';
import { reconcile } from '../src/steps/reconcile/reconcile.ts';
import { CHECKSUM, generatedFiles, generatedTable } from './generated-lake.ts';
import { timed } from './measure.ts';
import { CRC32C, ETAG, settleAll } from './settle-all.ts';

/** What one reconciliation took, once the run it looks at was made. */
export interface ReconcilePass {
  readonly planMs: number;
  readonly reconcileMs: number;
  readonly verdict: string;
}

const [files, partitions, evidence] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
const RUN = 'run' as RunId;
const id = 'many' as UseCaseId;
const signal = new AbortController().signal;
const progress = (): void => undefined;
const { root, catalog } = generatedTable('bench', partitions);
const source = generatedFiles(root, files, Math.ceil(files / partitions));
const migration = { id, source: { tables: ['bench.*'], paths: [] } } as unknown as Migration;
const { mapping } = await proposeMapping(migration, catalog, { signal });
const directory = mkdtempSync(join(tmpdir(), 'lakelift-bench-reconcile-'));
const ledger = new SqliteLedger(join(directory, 'ledger.sqlite'), id);
const fresh = new SqliteLedger('', id);
try {
  await plan(ledger);
  await settleAll(ledger, RUN);
  const planMs = await timed(() => plan(fresh));
  let verdict = '';
  const reconcileMs = await timed(async () => {
    verdict = (await reconcile(request())).verdict;
  });
  console.log(JSON.stringify({ planMs, reconcileMs, verdict } satisfies ReconcilePass));
} finally {
  fresh.close();
  ledger.close();
  rmSync(directory, { recursive: true });
}

function plan(into: Ledger): Promise<unknown> {
  const zones = { raw: { bucket: 'raw', prefix: '' } };
  const ends = { source, catalog, writer: into.writePlan(), clusterAuthorities: ['sandbox'] };
  return planUseCase({ migration, mapping, zones, ...ends, progress, signal });
}

function request(): ReconcileRequest {
  return {
    useCase: id,
    fresh,
    source,
    ...target(),
    engines: { source: counting('hive'), target: counting('trino') },
    ...(evidence === 'with-ledger' ? { evidence: { runId: RUN, ledger } } : {}),
    progress,
    signal,
    nowMs: 0,
  };
}

/** Holds what the ledger of the run says, in the order in which a store lists it. */
function target(): Pick<ReconcileRequest, 'store' | 'catalog'> {
  const itemOf = new Map<string, FileItem>();
  return {
    store: {
      async *listObjects() {
        await Promise.resolve();
        for (const item of ledger.listItems({ kind: 'file' }) as Iterable<FileItem>) {
          const { target: address, source: file } = item;
          // Asked for by its key afterwards, where there is no ledger to believe.
          if (evidence === 'without') itemOf.set(address.key, item);
          yield { key: s3Key(address.key), sizeBytes: file.sizeBytes, etag: ETAG };
        }
      },
      readObject: () => Promise.reject(new Error('nobody was erased')),
      findObject: ({ key }) => {
        const item = itemOf.get(key)!;
        itemOf.delete(key);
        const metadata = objectMetadata(item.source, CHECKSUM, RUN);
        return Promise.resolve({ sizeBytes: item.source.sizeBytes, etag: ETAG, crc32c: CRC32C, metadata });
      },
    },
    catalog: {
      findTable: () => {
        const [item] = [...(ledger.listItems({ kind: 'table' }) as Iterable<TableItem>)];
        return Promise.resolve({ table: item!.definition!, version: '1' });
      },
      findStatistics: () => Promise.resolve([]),
      async *listPartitions() {
        await Promise.resolve();
        for (const { definition } of ledger.listItems({ kind: 'partition' }) as Iterable<PartitionItem>)
          yield definition!;
      },
    },
  };
}

/** Counts a row in every partition, as an engine would answer. */
function counting(name: QueryEngine['name']): QueryEngine {
  const rows = () => Array.from({ length: partitions }, (_, index) => [String(index).padStart(6, '0'), '1']);
  return { name, query: () => Promise.resolve(rows()), close: () => Promise.resolve() };
}
