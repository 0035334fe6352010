import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../src/cli/young-generation.ts';
import { SqliteLedger } from '../src/adapters/ledger/sqlite-ledger.ts';
import type { Mapping } from '../src/domain/mapping.ts';
import type { Migration } from '../src/domain/migration.ts';
import { hdfsPath, type RunId, type UseCaseId } from '../src/domain/names.ts';
import type { SourceCatalog } from '../src/ports/source-catalog.ts';
import type { SourceEntry, SourceFileSystem } from '../src/ports/source-file-system.ts';
import { planUseCase } from '../src/steps/plan/plan-use-case.ts';

const FILES_PER_FOLDER = 1000;
const ROOT = '/data/many';

const count = Number(process.argv[2]);
const directory = mkdtempSync(join(tmpdir(), 'lakelift-bench-plan-'));
const id = 'many' as UseCaseId;
const ledger = new SqliteLedger(join(directory, 'ledger.sqlite'), id);
try {
  const planMs = await timed(() =>
    planUseCase({
      migration: { id, source: { tables: [], paths: [ROOT] } } as unknown as Migration,
      mapping: {
        useCase: id,
        tables: {},
        paths: { [ROOT]: { target: { zone: 'raw', prefix: 'many' } } },
      } as unknown as Mapping,
      zones: { raw: { bucket: 'raw', prefix: '' } },
      source: generatedFiles(count),
      catalog: noTables(),
      writer: ledger.writePlan(),
      clusterAuthorities: [],
      progress: () => undefined,
      signal: new AbortController().signal,
    }),
  );
  const outcomeMs = await timed(settleAll);
  console.log(JSON.stringify({ planMs, outcomeMs }));
} finally {
  ledger.close();
  rmSync(directory, { recursive: true });
}

/** What the copy writes of each file, without the copy. */
async function settleAll(): Promise<void> {
  const runId = 'run' as RunId;
  for (const item of ledger.listItems({ kind: 'file', verdict: 'copy' })) {
    if (item.kind !== 'file' || ledger.findOutcome(runId, item.id) !== undefined) continue;
    const { path: sourcePath, sizeBytes, modifiedAtMs, fileId } = item.source;
    const facts = { crc32c: 'kQPONQ==', proof: 'end-to-end', sourceChecksum: 'MD5-of-0MD5-of-512CRC32C:27c0' } as const;
    const version = { sizeBytes, modifiedAtMs, fileId };
    ledger.putObject({ address: item.target, sourcePath, version, etag: 'etag', runId, ...facts });
    ledger.recordOutcome(runId, { itemId: item.id, status: 'verified', sizeBytes, ...facts });
  }
  await ledger.flush();
}

/** As many files as asked for, in folders of 1000. */
function generatedFiles(total: number): SourceFileSystem {
  const folders = Math.ceil(total / FILES_PER_FOLDER);
  const none = (): never => {
    throw new Error('A plan reads no bytes');
  };
  return {
    findEntry: (path) => Promise.resolve({ kind: 'directory', directory: { path, modifiedAtMs: 0 } }),
    async *listDirectory(folder) {
      await Promise.resolve();
      if (folder === ROOT)
        for (let index = 0; index < folders; index++)
          yield { kind: 'directory', directory: { path: folderPath(index), modifiedAtMs: 0 } };
      else yield* filesOf(folder, total);
    },
    findAccess: none,
    getContentSummary: () =>
      Promise.resolve({ sizeBytes: BigInt(total), fileCount: BigInt(total), directoryCount: BigInt(folders) }),
    readRange: none,
    findChecksum: none,
    listBlockSizes: none,
  };
}

function folderPath(index: number) {
  return hdfsPath(`${ROOT}/day=${String(index).padStart(6, '0')}`);
}

function* filesOf(folder: string, total: number): Generator<SourceEntry> {
  const first = Number(folder.slice(-6)) * FILES_PER_FOLDER;
  for (let index = first; index < Math.min(total, first + FILES_PER_FOLDER); index++) {
    const path = hdfsPath(`${folder}/part-${String(index).padStart(8, '0')}-c000.snappy.parquet`);
    const about = { sizeBytes: 1, modifiedAtMs: 1, blockSizeBytes: 134_217_728, fileId: BigInt(index) };
    const owner = { owner: 'hive', group: 'hive', permission: '644' };
    yield { kind: 'file', file: { path, ...about, ...owner, isEncrypted: false, isErasureCoded: false } };
  }
}

function noTables(): SourceCatalog {
  async function* none(): AsyncGenerator<never> {}
  return { listDatabases: none, listTables: none } as unknown as SourceCatalog;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
