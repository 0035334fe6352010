import { setTimeout as sleep } from 'node:timers/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createProject, type TestProject } from './project.ts';
import {
  mapping,
  openSandboxProject,
  script,
  type RunSummary,
  type SandboxProject,
  type Settings,
} from './sandbox-project.ts';

let project: SandboxProject;
let elsewhere: TestProject;
afterEach(async () => {
  await project.close();
});

/** Long enough to start a command in, on a busy machine. */
const LEASE_SECONDS = 8;

function withState(config: Settings): Settings {
  return {
    ...config,
    state: { bucket: 'sandbox-refined', prefix: 'state', leaseSeconds: LEASE_SECONDS, saveEverySeconds: 1 },
  };
}

/** Two checkouts of one project, as two CI jobs have them. The first reads slowly until told otherwise. */
async function twoCheckouts(): Promise<{ reading: Promise<void>; hurry: () => void }> {
  const reading = Promise.withResolvers<void>();
  let delayMs = 10_000;
  project = await openSandboxProject({
    change: withState,
    migrations: { absences: script('absences') },
    mappings: { absences: mapping('absences') },
    faults: {
      hdfs: ({ operation, server }) => {
        if (operation !== 'OPEN' || server !== 'datanode' || delayMs === 0) return undefined;
        reading.resolve();
        return { kind: 'delay', delayMs };
      },
    },
  });
  elsewhere = createProject({
    config: withState(project.sandbox.configuration as unknown as Settings),
    migrations: { absences: script('absences') },
    mappings: { absences: mapping('absences') },
    environment: { ...project.environment, CI_JOB_URL: 'https://gitlab.example.org/jobs/42' },
  });
  return { reading: reading.promise, hurry: () => void (delayMs = 0) };
}

describe('the state of a project between CI jobs', () => {
  it('lets one of two racing jobs run, and tells the other who holds it; the next job has all that it left', async () => {
    const { hurry, reading } = await twoCheckouts();
    const first = elsewhere.lakelift('run', 'absences', '--yes', '--json');
    await reading;
    const second = await project.lakelift('run', 'absences', '--yes', '--json');
    hurry();
    expect(second.code).toBe(6);
    const { error } = JSON.parse(second.stdout) as { error: { code: string; message: string; hint: string } };
    expect(error.code).toBe('STATE_LEASED');
    expect(error.message).toMatch(
      /process \d+, https:\/\/gitlab\.example\.org\/jobs\/42\) since .*lease [0-9a-f-]{36}/,
    );
    expect(error.hint).toMatch(/lakelift unlock absences [0-9a-f-]{36}/);
    const { code, stdout } = await first;
    expect(code).toBe(0);
    const { runId } = JSON.parse(stdout) as RunSummary;

    const [standing] = JSON.parse((await project.lakelift('status', '--json')).stdout) as { runId: string }[];
    expect(standing?.runId).toBe(runId);
    const again = await project.run('absences');
    expect(again.code).toBe(0);
    // Nothing was copied again: the ledger knew of every file.
    const files = again.summary.totals.filter(({ kind }) => kind === 'file');
    expect(files.map(({ status }) => status)).toEqual(['already-verified']);
    expect(project.settled('absences', runId).length).toBeGreaterThan(0);
  }, 150_000);

  it('is taken over once the lease of a killed job has run out, and its run goes on', async () => {
    const { hurry, reading } = await twoCheckouts();
    const saved = reading.then(() => sleep(3000));
    const killed = await elsewhere.lakeliftSignalled('SIGKILL', [saved], 'run', 'absences', '--yes');
    expect(killed.code).toBeNull();
    hurry();
    const early = await project.lakelift('run', 'absences', '--yes');
    expect({ code: early.code, stderr: early.stderr }).toEqual({
      code: 6,
      stderr: expect.stringContaining('STATE_LEASED') as string,
    });
    await sleep(LEASE_SECONDS * 1000 + 3000);
    const { code, stderr, summary } = await project.run('absences');
    expect({ code, verdict: summary.reconciliation }).toEqual({ code: 0, verdict: 'identical' });
    expect(stderr).toContain('was not renewed and is taken over');
    expect(await Array.fromAsync(project.store.listUploads('sandbox-raw', ''))).toEqual([]);
    // The run that was killed is the run that was finished: its record came over the bucket.
    const [standing] = JSON.parse((await project.lakelift('status', '--json')).stdout) as {
      runId: string;
      status: string;
    }[];
    expect(standing).toMatchObject({ runId: summary.runId, status: 'finished' });
    expect(existsSync(join(elsewhere.root, '.lakelift/absences/ledger.sqlite'))).toBe(true);
  }, 150_000);

  it('stops a run whose lease a person ended, with 6, and goes on from what it had saved', async () => {
    const { hurry, reading } = await twoCheckouts();
    const first = elsewhere.lakelift('run', 'absences', '--yes', '--json');
    await reading;
    const refused = await project.lakelift('run', 'absences', '--yes', '--json');
    const lease = /lease ([0-9a-f-]{36})/.exec(refused.stdout)![1]!;
    const wrong = await project.lakelift('unlock', 'absences', `${lease.slice(0, -2)}00x`);
    expect({ code: wrong.code, stderr: wrong.stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('LEASE_OTHER') as string,
    });
    expect((await project.lakelift('unlock', 'absences', lease)).code).toBe(0);
    const { code, stdout } = await first;
    expect({ code, error: JSON.parse(stdout) as unknown }).toMatchObject({
      code: 6,
      error: { error: { code: 'LEASE_LOST' } },
    });
    hurry();
    const next = await project.run('absences');
    expect({ code: next.code, verdict: next.summary.reconciliation }).toEqual({ code: 0, verdict: 'identical' });
  }, 150_000);
});
