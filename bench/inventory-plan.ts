import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../src/cli/heap-limits.js';
import { SqliteLedger } from '../src/adapters/ledger/sqlite-ledger.ts';
import type { Mapping } from '../src/domain/mapping.ts';
import type { Migration } from '../src/domain/migration.ts';
import type { RunId, UseCaseId } from '../src/domain/names.ts';
import type { SourceCatalog } from '../src/ports/source-catalog.ts';
import { planUseCase } from '../src/steps/plan/plan-use-case.ts';
import { generatedFiles } from './generated-lake.ts';
import { timed } from './measure.ts';
import { settleAll } from './settle-all.ts';

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
      source: generatedFiles(ROOT, count),
      catalog: noTables(),
      writer: ledger.writePlan(),
      clusterAuthorities: [],
      progress: () => undefined,
      signal: new AbortController().signal,
    }),
  );
  const outcomeMs = await timed(() => settleAll(ledger, 'run' as RunId));
  console.log(JSON.stringify({ planMs, outcomeMs }));
} finally {
  ledger.close();
  rmSync(directory, { recursive: true });
}

function noTables(): SourceCatalog {
  async function* none(): AsyncGenerator<never> {}
  return { listDatabases: none, listTables: none } as unknown as SourceCatalog;
}
