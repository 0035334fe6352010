import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Portfolio } from '../../src/domain/portfolio.ts';
import type { RunComparison } from '../../src/domain/run-comparison.ts';
import { mapping, openSandboxProject, type SandboxProject } from './sandbox-project.ts';

let project: SandboxProject;
afterEach(() => project.close());

/** Every file of a run's report and of its evidence, unpacked, with its name. */
function everythingWritten(runId: string): [string, string][] {
  const folder = join(project.root, 'reports/absences', runId);
  const archive = join(folder, 'evidence.tar');
  const packed = execFileSync('tar', ['tf', archive], { encoding: 'utf8' }).trim().split('\n');
  return [
    ...readdirSync(folder).map((name): [string, string] => [name, readFileSync(join(folder, name), 'latin1')]),
    ...packed.map((name): [string, string] => {
      const bytes = execFileSync('tar', ['xOf', archive, name], { maxBuffer: 1 << 28 });
      return [`evidence: ${name}`, (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1')];
    }),
  ];
}

describe('reports', () => {
  it('show no personal value: neither in partitions, nor in names of files, nor in what went wrong', async () => {
    const personal = mapping('absences')
      .replace('annee: { class: technical }', 'annee: { class: sensitive }')
      .replace('prefix: data/rh/dsn }', 'prefix: data/rh/dsn }\n    names: mask');
    project = await openSandboxProject({ mappings: { absences: personal } });
    const { fileSystem } = project.sandbox;
    const secrets = ['DUPONT', '185057800608491', 'jean.dupont@example.fr', 'annee=20'];
    fileSystem.writeFile('/data/rh/dsn/DUPONT Jean 185057800608491.txt', Buffer.from('x'), {});
    fileSystem.writeFile('/data/rh/dsn/jean.dupont@example.fr._COPYING_', Buffer.from('x'), {});
    const ran = await project.lakelift('run', 'absences', '--yes', '--json');
    const { runId } = JSON.parse(ran.stdout) as { runId: string };
    const told = [
      ran,
      await project.lakelift('accept', 'absences', '--list'),
      await project.lakelift('evidence', 'absences'),
    ];
    const leaks = [
      ...told.map(({ stdout }, index): [string, string] => [`stdout ${index}`, stdout]),
      ...everythingWritten(runId),
    ].flatMap(([name, text]) =>
      secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${name}`),
    );
    expect(leaks).toEqual([]);
    const items = project.items('absences', runId);
    expect(items.filter(({ partition }) => /^annee=masked-[a-p]{10}\/mois=/.test(partition!)).length).toBeGreaterThan(
      0,
    );
    expect(items.filter(({ source }) => /^\/data\/rh\/dsn\/masked-[a-p]{10}$/.test(source!)).length).toBeGreaterThan(1);
  }, 90_000);

  it('show the same tokens on a machine without the state, where the key is given', async () => {
    const masked = mapping('absences').replace('prefix: data/rh/dsn }', 'prefix: data/rh/dsn }\n    names: mask');
    const key = { LAKELIFT_MASK_KEY: 'kept by the CI, not by the machine' };
    project = await openSandboxProject({
      mappings: { absences: masked },
      environment: key,
      change: (config) => ({ ...config, reports: { maskKeyEnvironment: 'LAKELIFT_MASK_KEY' } }),
    });
    const tokens = async (): Promise<string[]> => {
      const { runId } = (await project.run('absences')).summary;
      return project.items('absences', runId).flatMap(({ source = '' }) => /masked-[a-p]{10}$/.exec(source) ?? []);
    };
    const first = await tokens();
    expect(first.length).toBeGreaterThan(1);
    rmSync(join(project.root, '.lakelift'), { recursive: true });
    expect(await tokens()).toEqual(first);
    const none = await project.lakeliftIn({ LAKELIFT_MASK_KEY: 'short' }, 'run', 'absences', '--yes', '--json');
    expect([none.code, none.stdout]).toEqual([2, expect.stringContaining('MASK_KEY_SHORT')]);
  }, 90_000);

  it('are compared with an earlier run, and summed up for all use cases', async () => {
    project = await openSandboxProject();
    const first = (await project.run('absences')).summary.runId;
    project.sandbox.fileSystem.writeFile('/data/rh/dsn/2099-01.txt', Buffer.from('new'), {});
    const second = (await project.run('absences')).summary.runId;
    const { code, stdout } = await project.lakelift('report', 'absences', '--against', first, '--json');
    expect(code).toBe(0);
    const comparison = JSON.parse(stdout) as RunComparison;
    expect(comparison).toMatchObject({
      before: { runId: first },
      after: { runId: second },
      scopes: [{ scope: '/data/rh/dsn', kind: 'changed' }],
    });
    expect(comparison.files.after).toBe(comparison.files.before + 1);
    expect((await project.lakelift('report', 'absences', '--against', 'no-such-run')).code).toBe(2);

    const all = await project.lakelift('report', '--all', '--json');
    expect(all.code).toBe(0);
    const { entries } = JSON.parse(all.stdout) as Portfolio;
    expect(entries.map(({ useCase, stage, runs }) => [useCase.id, stage, runs.length])).toEqual([
      ['absences', 'identical', 2],
      ['churn', 'mapped', 0],
    ]);
    expect(readFileSync(join(project.root, 'reports/portfolio.html'), 'utf8')).toContain('<svg');
    const withoutBrowser = { PATH: dirname(process.execPath) };
    const noPdf = await project.lakeliftIn(withoutBrowser, 'report', '--all', '--pdf');
    expect({ code: noPdf.code, stderr: noPdf.stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('No PDF') as string,
    });
  }, 180_000);

  it('tell a CI job what happened', async () => {
    project = await openSandboxProject();
    const summary = join(project.root, 'step-summary.md');
    const ran = await project.lakeliftIn({ GITHUB_STEP_SUMMARY: summary }, 'run', 'absences', '--yes');
    expect(ran.code).toBe(0);
    expect(readFileSync(summary, 'utf8')).toContain('## ✅ Absence management');
  }, 60_000);
});
