import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { listMigrations } from '../../src/config/migration-file.ts';
import type { BatchRecord } from '../../src/domain/batch/batch-record.ts';
import { Random } from '../../src/sandbox/lake/random.ts';
import { comparable } from '../e2e/comparable-report.ts';
import { countRequests, mapping, openSandboxProject, script, type SandboxProject } from '../e2e/sandbox-project.ts';

const REPOSITORY = join(import.meta.dirname, '../..');
const RUN = ['run', '--all', '--use-cases', '3', '--yes', '--json'] as const;
/** Repeat a run of this test with the seed that it names when it fails. */
const SEED = process.env['LAKELIFT_TEST_SEED'] ?? String(Date.now());
const WITHIN_MS = 300_000;

let project: SandboxProject;
afterEach(() => project.close());

async function openWorkedExample(counter: ReturnType<typeof countRequests>): Promise<void> {
  const ids = await listMigrations(REPOSITORY);
  project = await openSandboxProject({
    lake: 'whole',
    migrations: Object.fromEntries(ids.map((id) => [id, script(id)])),
    mappings: Object.fromEntries(ids.map((id) => [id, mapping(id)])),
    faults: counter.faults,
  });
}

/** Every report of a batch by use case, without what no two runs have in common. */
function reportsOf({ useCases }: BatchRecord): Map<string, unknown> {
  const report = (useCase: string, runId: string): unknown => comparable(project.report(useCase, runId));
  return new Map(useCases.map(({ useCase, runId }) => [useCase, report(useCase, runId!)]));
}

it('every use case of the worked example in one batch, killed twice on the way, ends as an undisturbed one does', async () => {
  const counter = countRequests();
  await openWorkedExample(counter);
  const startedAt = performance.now();
  const undisturbed = await project.lakelift(...RUN);
  expect(performance.now() - startedAt).toBeLessThan(WITHIN_MS);
  const record = JSON.parse(undisturbed.stdout) as BatchRecord;
  expect(record.useCases.length).toBeGreaterThanOrEqual(32);
  expect(new Set(record.useCases.map(({ exitCode }) => exitCode))).toEqual(new Set([0, 3]));
  const expected = reportsOf(record);
  const requests = counter.count();
  await project.close();

  await openWorkedExample(counter);
  const random = new Random(SEED);
  const killedFrom = performance.now();
  const killedAt: number[] = [];
  for (let kill = 0; kill < 2; kill++) {
    killedAt.push(random.integer(Math.floor(requests / 10), Math.floor(requests / 2)));
    const { code } = await project.lakeliftSignalled('SIGKILL', [counter.after(killedAt.at(-1)!)], ...RUN);
    expect(code).toBeNull();
  }
  const ended = JSON.parse((await project.lakelift(...RUN)).stdout) as BatchRecord;
  expect(performance.now() - killedFrom).toBeLessThan(WITHIN_MS);
  const about = `seed ${SEED}, killed at ${killedAt.join(' and ')} of ${requests}`;
  expect(
    ended.useCases.map(({ useCase, exitCode, verdict }) => [useCase, exitCode, verdict]),
    about,
  ).toEqual(record.useCases.map(({ useCase, exitCode, verdict }) => [useCase, exitCode, verdict]));
  const reports = reportsOf(ended);
  for (const [useCase, report] of expected) expect(reports.get(useCase), `${useCase}: ${about}`).toEqual(report);
  expect(await Array.fromAsync(project.store.listUploads('sandbox-raw', '')), about).toEqual([]);
}, 900_000);
