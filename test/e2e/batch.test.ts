import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { BatchRecord } from '../../src/domain/batch/batch-record.ts';
import type { PlanDifference } from '../../src/domain/plan-difference.ts';
import { migrationScript } from './project.ts';
import { mapping, openSandboxProject, script, type SandboxProject } from './sandbox-project.ts';

let project: SandboxProject;
afterEach(() => project.close());

/** A second use case of the customers' table, mapped to where "churn" puts it. */
const CLIENTS_AGAIN = {
  migration: migrationScript('contact', { tables: ['assurance.clients'] }),
  mapping: `useCase: contact
tables:
  assurance.clients:
    target: { zone: raw, database: raw_assurance, table: clients }
    storage: keep
    partitions: { offPath: relocate, missingFolder: register-empty }
    columns: {}
    reconcile: { level: rows }
`,
};

function batchOf(stdout: string): BatchRecord {
  return JSON.parse(stdout) as BatchRecord;
}

function ends({ useCases }: BatchRecord): Record<string, number> {
  return Object.fromEntries(useCases.map(({ useCase, exitCode }) => [useCase, exitCode]));
}

async function statusOf(useCase: string): Promise<string | undefined> {
  const [standing] = JSON.parse((await project.lakelift('status', useCase, '--json')).stdout) as { status: string }[];
  return standing?.status;
}

describe('a batch', () => {
  it('runs every use case, lets one fail without the others, and runs the failed again', async () => {
    project = await openSandboxProject({
      migrations: {
        absences: script('absences'),
        churn: script('churn'),
        ghost: migrationScript('ghost', { tables: ['assurance.clients'] }),
      },
    });
    const first = await project.lakelift('run', '--all', '--yes', '--json');
    const record = batchOf(first.stdout);
    expect(ends(record)).toEqual({ absences: 0, churn: 0, ghost: 2 });
    expect({ code: first.code, batch: record.exitCode }).toEqual({ code: 2, batch: 2 });
    const [absences, , ghost] = record.useCases;
    expect(absences).toMatchObject({ verdict: 'identical', hasBegun: true });
    expect(absences!.files).toBeGreaterThan(10);
    expect(project.report('absences', absences!.runId!).verdict).toBe('identical');
    expect(ghost?.error).toMatchObject({ code: 'FILE_UNREADABLE' });
    // Each line names its use case, since several speak at once.
    const lines = first.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { useCase?: string; kind: string });
    expect(new Set(lines.filter(({ kind }) => kind === 'step-started').map(({ useCase }) => useCase))).toEqual(
      new Set(['absences', 'churn']),
    );

    writeFileSync(
      join(project.root, 'mappings/ghost.yaml'),
      CLIENTS_AGAIN.mapping.replace('contact', 'ghost').replace('table: clients', 'table: ghost'),
    );
    const again = await project.lakelift('run', '--only-failed', '--yes', '--json');
    expect({ code: again.code, ends: ends(batchOf(again.stdout)) }).toEqual({ code: 0, ends: { ghost: 0 } });
    const none = await project.lakelift('run', '--only-failed', '--yes', '--json');
    expect({ code: none.code, ends: ends(batchOf(none.stdout)) }).toEqual({ code: 0, ends: {} });
  }, 120_000);

  it('refuses contradictions, unknown names and waves before anything begins', async () => {
    project = await openSandboxProject();
    for (const [args, code] of [
      [['--all', 'churn'], 'SELECTION_CONTRADICTORY'],
      [['--wave', '7'], 'NO_USE_CASE'],
      [['churn', 'chrun'], 'USE_CASE_UNKNOWN'],
      [['--all', '--plan', 'abc'], 'PLAN_OF_SEVERAL'],
      [['--all', '--until', 'dawn'], 'UNTIL_INVALID'],
      [[], 'USE_CASE_MISSING'],
    ] as const) {
      const refused = await project.lakelift('run', ...args, '--yes');
      expect({ code: refused.code, args }).toEqual({ code: 2, args });
      expect(refused.stderr).toContain(code);
    }
    expect(readdirSync(project.root)).not.toContain('reports');
  }, 60_000);

  it('runs what is approved, and shows what changed since in what is not', async () => {
    project = await openSandboxProject();
    const plan = JSON.parse((await project.lakelift('plan', 'absences', '--json')).stdout) as { hash: string };
    const wrong = await project.lakelift('approve', 'absences', '--plan', 'abc');
    expect({ code: wrong.code, stderr: wrong.stderr }).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('PLAN_STALE') as string,
    });
    const approved = await project.lakelift(
      'approve',
      'absences',
      '--plan',
      plan.hash,
      '--by',
      'Anne Martin',
      '--json',
    );
    expect(JSON.parse(approved.stdout)).toMatchObject({ planHash: plan.hash, by: 'Anne Martin' });

    const first = await project.lakelift('run', '--all', '--json');
    const record = batchOf(first.stdout);
    expect({ code: first.code, ends: ends(record) }).toEqual({ code: 7, ends: { absences: 0, churn: 7 } });
    expect(record.useCases[1]?.error?.code).toBe('PLAN_NOT_APPROVED');
    expect(project.report('absences', record.useCases[0]!.runId!).run.approval).toMatchObject({
      by: 'Anne Martin',
      way: 'recorded',
    });

    const { fileSystem } = project.sandbox;
    fileSystem.writeFile('/data/rh/dsn/2099-01.txt', Buffer.from('new'), {});
    const stale = await project.lakelift('run', 'absences', '--json');
    expect(stale.code).toBe(7);
    const { error } = JSON.parse(stale.stdout) as { error: { code: string; details: PlanDifference } };
    expect(error.code).toBe('PLAN_STALE');
    expect(error.details).toMatchObject({ added: { total: 1 }, removed: { total: 0 } });
    expect(error.details.added.shown[0]).toMatchObject({ kind: 'file', scope: '/data/rh/dsn', sizeBytes: 3 });
    const told = await project.lakelift('run', 'absences', '--lang', 'fr');
    expect(told.stderr).toMatch(/Ajouté depuis l’approbation : 1|Ajouté depuis l’approbation: 1/);
    expect(told.stderr).toContain('/data/rh/dsn/2099-01.txt');
  }, 120_000);

  it('brings tables before the views of other use cases of their wave, and views before views', async () => {
    const sources = {
      a: 'retraite.v_affilies',
      b: 'retraite.v_points_recents',
      c: 'retraite.points',
    };
    project = await openSandboxProject({
      lake: 'whole',
      migrations: Object.fromEntries(
        Object.entries(sources).map(([id, table]) => [id, migrationScript(id, { tables: [table] })]),
      ),
      mappings: {},
    });
    for (const id of Object.keys(sources)) expect((await project.lakelift('map', id)).code).toBe(0);
    const { stdout, stderr } = await project.lakelift('run', '--all', '--use-cases', '3', '--yes', '--json');
    expect(ends(batchOf(stdout)), stderr).toEqual({ a: 0, b: 0, c: 0 });
  }, 60_000);

  it('moves a table of two use cases once and counts it for both', async () => {
    project = await openSandboxProject({
      migrations: { churn: script('churn'), contact: CLIENTS_AGAIN.migration },
      mappings: { churn: mapping('churn'), contact: CLIENTS_AGAIN.mapping },
    });
    const { code, stdout, stderr } = await project.lakelift('run', '--all', '--yes', '--json');
    expect({ code, ends: ends(batchOf(stdout)) }, stderr).toEqual({ code: 0, ends: { churn: 0, contact: 0 } });
    const [churn, contact] = batchOf(stdout).useCases;
    const scopes = [churn!, contact!].map(({ useCase, runId }) =>
      project.report(useCase, runId!).scopes.find(({ scope }) => scope === 'assurance.clients'),
    );
    expect(scopes.map((scope) => scope?.files.good)).toEqual([scopes[0]!.files.count, scopes[0]!.files.count]);
    expect(scopes[1]).toMatchObject({ status: 'unchanged', message: 'shared with use case churn' });
    expect(contact).toMatchObject({ verdict: 'identical' });
    const files = project.settled('contact', contact!.runId!).filter(({ item }) => item.kind === 'file');
    expect(files.length).toBeGreaterThan(0);
    expect(new Set(files.map(({ outcome }) => outcome?.status))).toEqual(new Set(['already-verified']));
  }, 60_000);

  it('moves it once too where both run at the same time, from two machines', async () => {
    project = await openSandboxProject({
      migrations: {
        churn: migrationScript('churn', { tables: ['assurance.clients'] }),
        contact: CLIENTS_AGAIN.migration,
      },
      mappings: { churn: CLIENTS_AGAIN.mapping.replace('contact', 'churn'), contact: CLIENTS_AGAIN.mapping },
    });
    const both = await Promise.all([project.run('churn'), project.run('contact')]);
    expect(both.map(({ code, summary }) => [code, summary.reconciliation])).toEqual([
      [0, 'identical'],
      [0, 'identical'],
    ]);
    expect(await Array.fromAsync(project.store.listUploads('sandbox-raw', ''))).toEqual([]);
  }, 60_000);

  it('begins nothing once its time window has closed, exits with 8, and goes on in the next', async () => {
    let closesAtMs = 0;
    project = await openSandboxProject({
      faults: {
        // What is written when the window closes is answered after it, however fast the machine is.
        s3: ({ operation }) =>
          operation === 'PutObject' || operation === 'UploadPart'
            ? { kind: 'delay', delayMs: Math.max(0, closesAtMs + 500 - Date.now()) }
            : undefined,
      },
    });
    const args = ['run', '--all', '--use-cases', '1', '--yes', '--json'] as const;
    // However slow it is, some window is long enough to begin writing in; one that is not leaves the use case new.
    for (let seconds = 8; (await statusOf('absences')) !== 'interrupted'; seconds *= 2) {
      expect(seconds).toBeLessThan(200);
      closesAtMs = Date.now() + seconds * 1000;
      const closed = await project.lakelift(...args, '--until', new Date(closesAtMs).toISOString());
      expect(closed.code).toBe(8);
      expect(batchOf(closed.stdout).useCases.map(({ useCase, exitCode }) => [useCase, exitCode])).toEqual([
        ['absences', 8],
        ['churn', 8],
      ]);
      expect(batchOf(closed.stdout).useCases[1]?.hasBegun).toBe(false);
    }
    const next = await project.lakelift(...args);
    expect(next.code).toBe(0);
    expect(batchOf(next.stdout).useCases.map(({ useCase, exitCode }) => [useCase, exitCode])).toEqual([
      ['absences', 0],
      ['churn', 0],
    ]);
  }, 400_000);

  it('is stopped by Ctrl-C as a whole, with 130, and goes on', async () => {
    const reading = Promise.withResolvers<void>();
    project = await openSandboxProject({
      faults: {
        hdfs: ({ operation, server }) => {
          if (operation !== 'OPEN' || server !== 'datanode') return undefined;
          reading.resolve();
          return { kind: 'delay', delayMs: 200 };
        },
      },
    });
    const stopped = await project.lakeliftSignalled('SIGINT', [reading.promise], 'run', '--all', '--yes', '--json');
    expect(stopped.code).toBe(130);
    const record = batchOf(stopped.stdout);
    expect(record.exitCode).toBe(130);
    expect(record.useCases.every(({ exitCode }) => exitCode === 130)).toBe(true);
  }, 60_000);
});
