import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GlueTargetCatalog } from '../../src/adapters/glue/glue-target-catalog.ts';
import { SqliteLedger } from '../../src/adapters/ledger/sqlite-ledger.ts';
import { S3TargetObjectStore } from '../../src/adapters/s3/s3-target-object-store.ts';
import type { RunId, UseCaseId } from '../../src/domain/names.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { PlanItem } from '../../src/domain/plan.ts';
import type { RunReport } from '../../src/domain/run-report.ts';
import { startSandbox, type Sandbox, type SandboxFaults, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { createProject, type ProjectFiles, type TestProject } from './project.ts';

const REPOSITORY = join(import.meta.dirname, '../..');

export interface SandboxProject extends TestProject {
  readonly sandbox: Sandbox;
  /** The sandbox's AWS side, as anybody else would use it. */
  readonly store: S3TargetObjectStore;
  readonly catalog: GlueTargetCatalog;
  readonly environment: Readonly<Record<string, string>>;
  /** `run --yes --json`; throws when stdout is no JSON. */
  run(useCase: string): Promise<{ code: number | null; stderr: string; summary: RunSummary }>;
  report(useCase: string, runId: string): RunReport;
  /** Rows of items.csv by column. */
  items(useCase: string, runId: string): Record<string, string>[];
  /** What became of each item, as the ledger has it: with the names that reports mask. */
  settled(useCase: string, runId: string): { item: PlanItem; outcome: Outcome | undefined }[];
  close(): Promise<void>;
}

export interface RunSummary {
  readonly runId: string;
  readonly reconciliation: string;
  readonly reports: readonly string[];
  readonly totals: readonly { readonly kind: string; readonly status: string; readonly count: number }[];
}

export type Settings = Readonly<Record<string, unknown>>;

/** A user's project over a sandbox in this process, with the use cases of the repository. `change` may alter its configuration. */
export async function openSandboxProject(
  options: Omit<SandboxOptions, 'directory'> &
    Partial<Pick<ProjectFiles, 'migrations' | 'mappings' | 'environment'>> & {
      readonly change?: (config: Settings) => Settings;
    } = {},
): Promise<SandboxProject> {
  const { migrations, mappings, environment, change = (config) => config, ...sandboxOptions } = options;
  const directory = mkdtempSync(join(tmpdir(), 'lakelift-e2e-'));
  const sandbox = await startSandbox({ ...sandboxOptions, directory });
  const all = { ...sandbox.environment, ...environment };
  const project = createProject({
    config: change({ ...sandbox.configuration, limits: { ...sandbox.configuration.limits, retryForMinutes: 0.05 } }),
    migrations: migrations ?? { absences: script('absences'), churn: script('churn') },
    mappings: mappings ?? { absences: mapping('absences'), churn: mapping('churn') },
    environment: all,
  });
  const { region, s3, glue } = sandbox.configuration.target;
  const credentials = {
    accessKeyId: sandbox.environment['AWS_ACCESS_KEY_ID']!,
    secretAccessKey: sandbox.environment['AWS_SECRET_ACCESS_KEY']!,
  };
  const store = new S3TargetObjectStore({ region, ...s3, credentials });
  const catalog = new GlueTargetCatalog({ region, endpoint: glue.endpoint, credentials });
  const reportFile = (useCase: string, runId: string, name: string): string =>
    readFileSync(join(project.root, 'reports', useCase, runId, name), 'utf8');
  return {
    ...project,
    sandbox,
    store,
    catalog,
    environment: all,
    run: async (useCase) => {
      const { code, stdout, stderr } = await project.lakelift('run', useCase, '--yes', '--json');
      return { code, stderr, summary: JSON.parse(stdout) as RunSummary };
    },
    report: (useCase, runId) => JSON.parse(reportFile(useCase, runId, 'report.json')) as RunReport,
    settled: (useCase, runId) => {
      const ledger = new SqliteLedger(join(project.root, '.lakelift', useCase, 'ledger.sqlite'), useCase as UseCaseId);
      try {
        return [...ledger.listOutcomes(runId as RunId, {})];
      } finally {
        ledger.close();
      }
    },
    items: (useCase, runId) => recordsOf(reportFile(useCase, runId, 'items.csv')),
    close: async () => {
      store.close();
      catalog.close();
      await sandbox.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export function script(useCase: string): string {
  return readFileSync(join(REPOSITORY, 'migrations', `${useCase}.ts`), 'utf8');
}

export function mapping(useCase: string): string {
  return readFileSync(join(REPOSITORY, 'mappings', `${useCase}.yaml`), 'utf8');
}

export interface RequestCounter {
  readonly faults: SandboxFaults;
  /** Requests to any server of the sandbox since the last `after`. */
  readonly count: () => number;
  /** Counts anew; resolves while the request of that number waits for its answer. */
  after(requests: number): Promise<void>;
}

/** Tells one instant of a run from another by what the run has asked for until then: no clock, so it hits the same on any machine. */
export function countRequests(): RequestCounter {
  let count = 0;
  let wanted: { at: number; reached: () => void } | undefined;
  const tick = (): undefined => {
    if (++count === wanted?.at) wanted.reached();
  };
  return {
    faults: { hdfs: tick, metastore: tick, s3: tick, glue: tick },
    count: () => count,
    after: (at) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      count = 0;
      wanted = { at, reached: resolve };
      return promise;
    },
  };
}

/** RFC 4180 with a header line. */
function recordsOf(csv: string): Record<string, string>[] {
  const [header, ...rows] = csv
    .trimEnd()
    .split(/\r\n(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map((line) =>
      [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) =>
        cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
      ),
    );
  return rows.map((row) => Object.fromEntries(header!.map((name, column) => [name, row[column] ?? ''])));
}
