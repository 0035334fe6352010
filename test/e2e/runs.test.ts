import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { GlueTargetCatalog } from '../../src/adapters/glue/glue-target-catalog.ts';
import { S3TargetObjectStore } from '../../src/adapters/s3/s3-target-object-store.ts';
import { crcOf, crcToBase64 } from '../../src/domain/checksum/crc.ts';
import { s3Key } from '../../src/domain/names.ts';
import type { RunReport } from '../../src/domain/run-report.ts';
import type { WebHdfsFault, WebHdfsRequest } from '../../src/sandbox/webhdfs/webhdfs-fault.ts';
import { openSandboxProject, type SandboxProject } from './sandbox-project.ts';

let project: SandboxProject;
afterEach(() => project.close());

const CREDENTIALS = { accessKeyId: 'SANDBOX', secretAccessKey: 'sandbox-secret' };

interface Summary {
  readonly runId: string;
  readonly reconciliation: string;
  readonly totals: readonly { readonly kind: string; readonly status: string; readonly count: number }[];
}

async function run(
  useCase: string,
  ...args: string[]
): Promise<{ code: number | null; summary: Summary; stderr: string }> {
  const { code, stdout, stderr } = await project.lakelift('run', useCase, '--yes', '--json', ...args);
  return { code, stderr, summary: JSON.parse(stdout) as Summary };
}

const statuses = ({ totals }: Summary): string[] => [...new Set(totals.map(({ status }) => status))].sort();

function report(useCase: string, runId: string): RunReport {
  return JSON.parse(readFileSync(join(project.root, 'reports', useCase, runId, 'report.json'), 'utf8')) as RunReport;
}

function store(): S3TargetObjectStore {
  const { region, s3 } = project.sandbox.configuration.target;
  return new S3TargetObjectStore({ region, ...s3, credentials: CREDENTIALS });
}

/** Delays the first reads of a run by seconds and says when they have begun. */
function slowly(onReading: () => void): (request: WebHdfsRequest) => WebHdfsFault | undefined {
  let reads = 0;
  return ({ operation, server }) => {
    if (operation !== 'OPEN' || server !== 'datanode' || reads++ >= 8) return undefined;
    onReading();
    return { kind: 'delay', delayMs: 6000 };
  };
}

/** What two runs of the same plan must have in common. */
const comparable = ({ totals, proofs, verdict, scopes }: RunReport): unknown => ({
  verdict,
  totals: totals
    .map((total) => ({
      ...total,
      status:
        total.status === 'already-verified' ? 'verified' : total.status === 'unchanged' ? 'registered' : total.status,
    }))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    .reduce<Record<string, number>>(
      (sum, { kind, status, count }) => ({ ...sum, [`${kind} ${status}`]: (sum[`${kind} ${status}`] ?? 0) + count }),
      {},
    ),
  proofs,
  scopes: scopes.map(({ scope, target, location, files }) => ({ scope, target, location, files })),
});

describe('runs of a use case', () => {
  it('end identical with every file proven, and change nothing the second time', async () => {
    project = await openSandboxProject();
    const first = await run('churn');
    expect({ code: first.code, verdict: first.summary.reconciliation }).toEqual({ code: 0, verdict: 'identical' });
    expect(report('churn', first.summary.runId).proofs.map(({ proof }) => proof)).toEqual(['end-to-end']);
    const second = await run('churn');
    expect(second.code).toBe(0);
    expect(statuses(second.summary)).toEqual(['already-verified', 'skipped', 'unchanged']);
    expect((await project.lakelift('reconcile', 'churn')).code).toBe(0);
  });

  it('go on after kill -9 at any instant, to the same result as an undisturbed one', async () => {
    project = await openSandboxProject();
    const undisturbed = await run('churn');
    const expected = comparable(report('churn', undisturbed.summary.runId));
    await project.close();
    for (let round = 0; round < 4; round++) {
      project = await openSandboxProject();
      for (let kill = 0; kill < 3; kill++)
        await project.lakeliftKilled(300 + 170 * round + 90 * kill, 'run', 'churn', '--yes', '--json');
      const last = await run('churn');
      expect({ code: last.code, verdict: last.summary.reconciliation }).toEqual({ code: 0, verdict: 'identical' });
      expect(comparable(report('churn', last.summary.runId))).toEqual(expected);
      const left = await Array.fromAsync(store().listUploads('sandbox-raw', ''));
      expect(left).toEqual([]);
      if (round < 3) await project.close();
    }
  }, 120_000);

  it('drain on Ctrl-C, end with 130, and go on', async () => {
    const reading = Promise.withResolvers<void>();
    project = await openSandboxProject({ faults: { hdfs: slowly(reading.resolve) } });
    const { code, stderr } = await project.lakeliftSignalled('SIGINT', reading.promise, 'run', 'absences', '--yes');
    expect(code).toBe(130);
    expect(stderr).toContain('INTERRUPTED');
    expect((await run('absences')).code).toBe(0);
  });

  it('keep a second run out and name who holds the lock', async () => {
    const reading = Promise.withResolvers<void>();
    project = await openSandboxProject({ faults: { hdfs: slowly(reading.resolve) } });
    const first = project.lakelift('run', 'absences', '--yes');
    await reading.promise;
    const [second, status] = await Promise.all([
      project.lakelift('run', 'absences', '--yes'),
      project.lakelift('status', 'absences', '--json'),
    ]);
    expect(second.code).toBe(6);
    expect(second.stderr).toMatch(/RUN_LOCKED.*process \d+/);
    expect((JSON.parse(status.stdout) as { status: string }[])[0]?.status).toBe('running');
    expect((await first).code).toBe(0);
  });

  it('run an approved plan, and refuse it once the source has changed', async () => {
    project = await openSandboxProject();
    const { hash } = JSON.parse((await project.lakelift('plan', 'absences', '--json')).stdout) as { hash: string };
    project.sandbox.fileSystem.writeFile('/data/rh/dsn/late.dsn', Buffer.from('late'));
    const { code, stderr } = await project.lakelift('run', 'absences', '--plan', hash);
    expect({ code, isStale: stderr.includes('PLAN_STALE') }).toEqual({ code: 7, isStale: true });
    const fresh = JSON.parse((await project.lakelift('plan', 'absences', '--json')).stdout) as { hash: string };
    expect((await project.lakelift('run', 'absences', '--plan', fresh.hash)).code).toBe(0);
  });

  it.each([
    ['shrinks', { kind: 'cut', afterBytes: 10 }],
    ['is cut off for good', { kind: 'reset' }],
  ] satisfies [string, WebHdfsFault][])(
    'survive a file whose body %s: that file fails, the others arrive, the next run is fine',
    async (_what, fault) => {
      let isOn = true;
      project = await openSandboxProject({
        faults: {
          hdfs: ({ operation, path, server }) =>
            isOn && operation === 'OPEN' && server === 'datanode' && path.startsWith('/data/rh/dsn')
              ? fault
              : undefined,
        },
      });
      const bad = await run('absences');
      expect(bad.code).toBe(3);
      expect(statuses(bad.summary)).toContain('registered');
      expect(
        bad.summary.totals.some(
          ({ kind, status }) => kind === 'file' && (status === 'failed' || status === 'source-moved'),
        ),
      ).toBe(true);
      isOn = false;
      expect((await run('absences')).code).toBe(0);
    },
    60_000,
  );

  it('never store a flipped bit', async () => {
    project = await openSandboxProject({
      faults: {
        hdfs: ({ operation, path }) =>
          operation === 'OPEN' && path.startsWith('/data/rh/dsn') ? { kind: 'flip-bit', afterBytes: 3 } : undefined,
      },
    });
    const { code, summary } = await run('absences');
    expect(code).toBe(3);
    expect(report('absences', summary.runId).exceptions.shown.map(({ code: found }) => found)).toContain(
      'SOURCE_CHECKSUM_MISMATCH',
    );
    expect(await Array.fromAsync(store().listObjects('sandbox-raw', 'data/rh/dsn'))).toEqual([]);
  }, 60_000);

  it('see a file that grows while it is read, and take it along', async () => {
    let grown = false;
    project = await openSandboxProject({
      faults: {
        hdfs: ({ operation, path, server }) => {
          if (!grown && operation === 'OPEN' && server === 'datanode' && path.startsWith('/data/rh/dsn')) {
            grown = true;
            project.sandbox.fileSystem.append(path, Buffer.from('more'));
          }
          return undefined;
        },
      },
    });
    const first = await run('absences');
    expect(grown).toBe(true);
    expect(first.code === 0 || first.code === 3).toBe(true);
    const second = await run('absences');
    expect({ code: second.code, verdict: second.summary.reconciliation }).toEqual({ code: 0, verdict: 'identical' });
  });

  it('leave a foreign object and a foreign table alone', async () => {
    project = await openSandboxProject();
    const { region, s3, glue } = project.sandbox.configuration.target;
    const body = Buffer.from('not ours');
    const plan = JSON.parse((await project.lakelift('plan', 'absences', '--json')).stdout) as {
      items: { kind: string; target?: { key: string }; definition?: { database: string; name: string } }[];
    };
    const key = plan.items.find(({ kind }) => kind === 'file')!.target!.key;
    const objects = new S3TargetObjectStore({ region, ...s3, credentials: CREDENTIALS });
    await objects.putObject({
      address: { bucket: 'sandbox-raw', key: s3Key(key) },
      body,
      crc32c: crcToBase64(crcOf('CRC32C').sum(body)),
      metadata: {},
      condition: { kind: 'if-absent' },
    });
    const catalog = new GlueTargetCatalog({ region, endpoint: glue.endpoint, credentials: CREDENTIALS });
    await catalog.createDatabase('raw_rh', 'theirs');
    const storage = {
      columns: [{ name: 'a', type: 'string' }],
      location: 's3://elsewhere/',
      inputFormat: undefined,
      outputFormat: undefined,
      serdeLibrary: undefined,
      serdeParameters: {},
      isCompressed: false,
      bucketCount: 0,
      bucketColumns: [],
      sortColumns: [],
    };
    await catalog.createTable({
      database: 'raw_rh',
      name: 'arret_travail',
      type: 'EXTERNAL_TABLE',
      description: undefined,
      owner: undefined,
      partitionKeys: [],
      parameters: {},
      storage,
    });
    const { code, summary } = await run('absences');
    expect(code).toBe(3);
    const codes = report('absences', summary.runId).exceptions.shown.map(({ code: found }) => found);
    expect(codes).toContain('TARGET_FOREIGN_OBJECT');
    expect((await objects.findObject({ bucket: 'sandbox-raw', key: s3Key(key) }))?.sizeBytes).toBe(body.length);
    expect((await catalog.findTable({ database: 'raw_rh', name: 'arret_travail' }))?.table.storage.location).toBe(
      's3://elsewhere/',
    );
  });

  it('find what changed afterwards: drift at the source is no loss, a changed object is', async () => {
    project = await openSandboxProject();
    expect((await run('absences')).code).toBe(0);
    const file = [...project.sandbox.lake.files].find(({ path }) => path.startsWith('/data/rh/dsn'))!;
    project.sandbox.fileSystem.writeFile(file.path, Buffer.from('rewritten at the source'));
    const drifted = await project.lakelift('reconcile', 'absences', '--json');
    expect(drifted.code).toBe(4);
    expect(
      (JSON.parse(drifted.stdout) as { findings: { shown: { weight: string }[] } }).findings.shown.map(
        ({ weight }) => weight,
      ),
    ).toEqual(['drift']);
    expect((await run('absences')).code).toBe(0);
  });

  it('survive a store that slows down and a catalog that throttles', async () => {
    const slow = new Map<string, number>();
    const first = (key: string, times: number): boolean => {
      slow.set(key, (slow.get(key) ?? 0) + 1);
      return slow.get(key)! <= times;
    };
    project = await openSandboxProject({
      change: (config) => ({ ...config, limits: { partSize: '5 MiB', retryForMinutes: 2 } }),
      faults: {
        s3: ({ operation, key }) =>
          operation === 'PutObject' && first(key, 4) ? { kind: 'error', status: 503, code: 'SlowDown' } : undefined,
        glue: ({ operation }) =>
          first(operation, 4) ? { kind: 'error', status: 400, code: 'ThrottlingException' } : undefined,
      },
    });
    expect((await run('absences')).code).toBe(0);
  }, 90_000);

  it('survive lost acknowledgements', async () => {
    let count = 0;
    project = await openSandboxProject({
      faults: {
        s3: ({ operation }) =>
          /PutObject|CompleteMultipartUpload/.test(operation) && count++ % 3 === 0
            ? { kind: 'lose-acknowledgement' }
            : undefined,
      },
    });
    const { code, summary } = await run('churn');
    expect({ code, verdict: summary.reconciliation }).toEqual({ code: 0, verdict: 'identical' });
  }, 60_000);
});

describe('the terminal', () => {
  it('speaks French when asked, without colour where NO_COLOR says so, data and messages apart', async () => {
    project = await openSandboxProject();
    const plan = await project.lakelift('plan', 'absences', '--lang', 'fr');
    expect(plan.stdout).toContain('empreinte du plan');
    expect(plan.stdout + plan.stderr).not.toContain('\u001b');
    const { stdout, stderr } = await project.lakelift('run', 'absences', '--yes', '--lang', 'fr');
    expect(stdout).toContain('La source et la cible sont identiques.');
    expect(stderr).toContain('Copie');
    expect(stdout).not.toContain('✓  Copie');
  });

  it('has examples under every --help', async () => {
    project = await openSandboxProject();
    for (const command of [
      'init',
      'doctor',
      'map',
      'plan',
      'run',
      'reconcile',
      'report',
      'status',
      'demo',
      'sandbox',
    ]) {
      const { code, stdout } = await project.lakelift(command, '--help');
      expect({ command, code, hasExamples: stdout.includes('Examples:') }).toEqual({
        command,
        code: 0,
        hasExamples: true,
      });
    }
  });

  it('shows hostile names harmlessly', async () => {
    project = await openSandboxProject();
    project.sandbox.fileSystem.writeFile('/data/rh/dsn/._\u001b[31mred\u202efdp.dsn', Buffer.from('x'));
    project.sandbox.fileSystem.makeLink('/data/rh/dsn/\u001b]0;title\u0007link', '/etc/passwd');
    const { stdout, stderr } = await project.lakelift('plan', 'absences');
    expect(stdout + stderr).not.toMatch(/[\u001b\u0007\u202e]/);
  });

  it('checks, maps without touching edits, reports again and tells where things stand', async () => {
    project = await openSandboxProject();
    expect((await project.lakelift('doctor')).code).toBe(0);
    const before = readFileSync(join(project.root, 'mappings/absences.yaml'), 'utf8');
    expect((await project.lakelift('map', 'absences')).code).toBe(0);
    expect(readFileSync(join(project.root, 'mappings/absences.yaml'), 'utf8')).toBe(before);
    expect((await project.lakelift('report', 'absences')).stderr).toContain('NO_RUN');
    const { summary } = await run('absences');
    const again = await project.lakelift('report', 'absences', '--run', summary.runId);
    expect(again.stdout.split('\n')[0]).toMatch(/report\.html$/);
    const status = JSON.parse((await project.lakelift('status', '--json')).stdout) as {
      useCase: string;
      status: string;
      verdict?: string;
    }[];
    expect(status.find(({ useCase }) => useCase === 'absences')).toMatchObject({
      status: 'finished',
      verdict: 'identical',
    });
    expect(status.find(({ useCase }) => useCase === 'churn')).toMatchObject({ status: 'new' });
  });
});
