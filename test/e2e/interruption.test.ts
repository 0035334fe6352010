import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Random } from '../../src/sandbox/lake/random.ts';
import type { Fault } from '../../src/sandbox/fault.ts';
import type { WebHdfsFault, WebHdfsRequest } from '../../src/sandbox/webhdfs/webhdfs-fault.ts';
import { comparable } from './comparable-report.ts';
import { countRequests, openSandboxProject, type SandboxProject } from './sandbox-project.ts';

let project: SandboxProject;
afterEach(() => project.close());

/** Repeat a run of this test with the seed that it names when it fails. */
const SEED = process.env['LAKELIFT_TEST_SEED'] ?? String(Date.now());

/** Delays the first reads of declarations, which no plan looks into, and says when they have begun. */
function slowly(delayMs: number, onReading: () => void): (request: WebHdfsRequest) => WebHdfsFault | undefined {
  let reads = 0;
  return ({ operation, server, path }) => {
    if (operation !== 'OPEN' || server !== 'datanode' || !path.endsWith('.dsn') || reads++ >= 8) return undefined;
    onReading();
    return { kind: 'delay', delayMs };
  };
}

/** Each object in the bucket is one that the report counts as proven and the ledger names, and holds the bytes of its source. Reports mask names. */
async function expectEveryByte(useCase: string, runId: string): Promise<void> {
  const reported = project.items(useCase, runId).filter(({ kind, verdict }) => kind === 'file' && verdict === 'copy');
  expect(reported.length).toBeGreaterThan(10);
  expect(new Set(reported.map(({ proof }) => proof))).toEqual(new Set(['end-to-end']));
  const files = project
    .settled(useCase, runId)
    .flatMap(({ item, outcome }) => (item.kind === 'file' && outcome?.proof === 'end-to-end' ? [item] : []));
  expect(files).toHaveLength(reported.length);
  const sources = new Map([...project.sandbox.lake.files].map(({ path, content }) => [path, content]));
  const objects = await Array.fromAsync(project.store.listObjects('sandbox-raw', ''));
  expect(objects.map(({ key }) => key).sort()).toEqual(files.map(({ target }) => target.key).sort());
  for (const { source, target } of files) {
    const chunks = await Array.fromAsync(await project.store.readObject(target));
    const content = sources.get(source.path)!;
    const expected = content instanceof Uint8Array ? content : Buffer.concat([...content]);
    expect(Buffer.concat(chunks).equals(expected), source.path).toBe(true);
  }
}

describe('a run that is stopped', () => {
  it('by kill -9, again and again at any instant, ends as an undisturbed one does', async () => {
    const counter = countRequests();
    project = await openSandboxProject({ faults: counter.faults });
    const undisturbed = await project.run('churn');
    const expected = comparable(project.report('churn', undisturbed.summary.runId));
    const requests = counter.count();
    const random = new Random(SEED);
    const killedAt: number[] = [];
    for (let round = 0; round < 3; round++) {
      await project.close();
      project = await openSandboxProject({ faults: counter.faults });
      for (let kill = 0; kill < 3; kill++) {
        killedAt.push(random.integer(1, requests));
        const { code } = await project.lakeliftSignalled(
          'SIGKILL',
          [counter.after(killedAt.at(-1)!)],
          'run',
          'churn',
          '--yes',
        );
        // 0: what was left to do took fewer requests than that.
        expect(code === null || code === 0).toBe(true);
      }
      const { code, summary } = await project.run('churn');
      const about = `seed ${SEED}, round ${round}, killed at ${killedAt.join(', ')} of ${requests}`;
      expect({ code, verdict: summary.reconciliation }, about).toEqual({ code: 0, verdict: 'identical' });
      expect(comparable(project.report('churn', summary.runId)), about).toEqual(expected);
      expect(await Array.fromAsync(project.store.listUploads('sandbox-raw', '')), about).toEqual([]);
      await expectEveryByte('churn', summary.runId);
    }
    expect((await project.lakelift('reconcile', 'churn')).code).toBe(0);
  }, 180_000);

  it('by kill -9 before it hears that something was done finds it done, once', async () => {
    let wanted = '';
    let reached = Promise.withResolvers<void>();
    const lateFor = ({ operation }: { readonly operation: string }): Fault | undefined => {
      if (operation !== wanted) return undefined;
      reached.resolve();
      return { kind: 'lose-acknowledgement' };
    };
    project = await openSandboxProject({ faults: { s3: lateFor, glue: lateFor } });
    const open = (): Promise<unknown[]> => Array.fromAsync(project.store.listUploads('sandbox-raw', ''));
    for (const operation of ['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload', 'CreateTable']) {
      wanted = operation;
      reached = Promise.withResolvers();
      const { code } = await project.lakeliftSignalled('SIGKILL', [reached.promise], 'run', 'churn', '--yes');
      expect({ operation, code }).toEqual({ operation, code: null });
      await sleep(100);
      if (operation === 'CreateMultipartUpload') expect((await open()).length).toBeGreaterThan(0);
      if (operation === 'CompleteMultipartUpload') expect(await open()).toEqual([]);
    }
    wanted = '';
    const { code, summary } = await project.run('churn');
    expect({ code, verdict: summary.reconciliation }).toEqual({ code: 0, verdict: 'identical' });
    expect(await open()).toEqual([]);
    await expectEveryByte('churn', summary.runId);
  }, 60_000);

  it('by Ctrl-C finishes what is in flight, ends with 130 and goes on', async () => {
    const reading = Promise.withResolvers<void>();
    project = await openSandboxProject({ faults: { hdfs: slowly(1500, reading.resolve) } });
    const { code, stderr } = await project.lakeliftSignalled('SIGINT', [reading.promise], 'run', 'absences', '--yes');
    expect(code).toBe(130);
    expect(stderr).toContain('INTERRUPTED');
    expect(stderr).toContain('what to do: Run the same command again to go on.');
    const status = JSON.parse((await project.lakelift('status', 'absences', '--json')).stdout) as { status: string }[];
    expect(status[0]?.status).toBe('interrupted');
    // The reads that were under way took 1.5 s more: their files arrived all the same.
    expect((await Array.fromAsync(project.store.listObjects('sandbox-raw', ''))).length).toBeGreaterThan(0);
    const { code: codeAfter, summary } = await project.run('absences');
    expect(codeAfter).toBe(0);
    expect(
      summary.totals.find(({ kind, status: outcome }) => kind === 'file' && outcome !== 'verified'),
    ).toBeUndefined();
  }, 60_000);

  it('by a second Ctrl-C leaves at once and goes on', async () => {
    const reading = Promise.withResolvers<void>();
    project = await openSandboxProject({ faults: { hdfs: slowly(20_000, reading.resolve) } });
    const again = reading.promise.then(() => sleep(500));
    const startedAt = performance.now();
    const { code } = await project.lakeliftSignalled('SIGINT', [reading.promise, again], 'run', 'absences', '--yes');
    expect(code).toBe(130);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect((await project.run('absences')).code).toBe(0);
    expect(await Array.fromAsync(project.store.listUploads('sandbox-raw', ''))).toEqual([]);
  }, 60_000);

  it('is not joined by another: that one is told who holds the lock, and where things stand', async () => {
    const reading = Promise.withResolvers<void>();
    project = await openSandboxProject({ faults: { hdfs: slowly(6000, reading.resolve) } });
    const first = project.run('absences');
    await reading.promise;
    const [second, status] = await Promise.all([
      project.lakelift('run', 'absences', '--yes', '--json'),
      project.lakelift('status', 'absences', '--json'),
    ]);
    expect(second.code).toBe(6);
    expect(second.stderr).toMatch(/RUN_LOCKED.*process \d+/);
    expect(JSON.parse(second.stdout)).toMatchObject({ error: { code: 'RUN_LOCKED', kind: 'locked' } });
    expect((JSON.parse(status.stdout) as { status: string }[])[0]?.status).toBe('running');
    expect((await first).code).toBe(0);
  }, 60_000);

  it('by a full disk under the ledger says so, loses nothing and goes on', async () => {
    project = await openSandboxProject();
    let moved = 0;
    // With a little more room each time, until files have moved before it is full.
    for (let fileBlocks = 400; moved === 0; fileBlocks += 40) {
      const full = await project.lakeliftLimited({ fileBlocks }, 'run', 'absences', '--yes', '--json');
      expect(full.code).toBe(1);
      expect(full.stderr).toContain('LEDGER_DISK_FULL');
      expect(full.stderr).toContain('what to do:');
      expect(JSON.parse(full.stdout)).toMatchObject({ error: { code: 'LEDGER_DISK_FULL' } });
      moved = (await Array.fromAsync(project.store.listObjects('sandbox-raw', ''))).length;
    }
    const { code, summary } = await project.run('absences');
    expect(code).toBe(0);
    await expectEveryByte('absences', summary.runId);
  }, 60_000);
});
