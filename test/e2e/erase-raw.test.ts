import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crcOf, crcToBase64 } from '../../src/domain/checksum/crc.ts';
import { DsnParser } from '../../src/domain/dsn/dsn-parser.ts';
import { s3Key } from '../../src/domain/names.ts';
import { ERASED_FROM } from '../../src/domain/outcome.ts';
import type { ErasureRecord } from '../../src/domain/privacy/erasure.ts';
import { erasureSchema } from '../../src/report/erasure-schema.ts';
import { employees } from '../../src/sandbox/lake/rh.ts';
import { countRequests, openSandboxProject, type SandboxProject } from './sandbox-project.ts';

const counter = countRequests();
let project: SandboxProject;
beforeAll(async () => {
  project = await openSandboxProject({
    faults: counter.faults,
    environment: { LAKELIFT_KEY_RH: 'a1'.repeat(32) },
    change: (config) => ({ ...config, privacy: { keys: { rh: { version: 1, env: 'LAKELIFT_KEY_RH' } } } }),
  });
  const datasets = readFileSync(join(import.meta.dirname, '../../mappings/absences.datasets.yaml'));
  writeFileSync(join(project.root, 'mappings/absences.datasets.yaml'), datasets);
  expect((await project.run('absences')).code).toBe(0);
  expect((await project.lakelift('zones', 'build', 'absences')).code).toBe(0);
}, 120_000);
afterAll(() => project.close());

const SALARIES = 'rh/salaries/salaries.tsv';
const IN_HDFS = '/warehouse/tablespace/external/hive/rh.db/salaries/salaries.tsv';

interface Person {
  readonly matricule: string;
  readonly nir: string;
}
/** Each test has its own; all are declared in DSN files. */
const people = employees()
  .slice(0, 60)
  .map(({ matricule, person }): Person => ({ matricule, nir: person.nir }));

function erase(person: Person, ...more: string[]): string[] {
  const file = join(project.root, 'person.txt');
  writeFileSync(file, `text ${person.matricule}\nnir ${person.nir}\n`);
  return ['erase', 'absences', '--from', file, '--also-raw', '--json', ...more];
}

async function erased(person: Person): Promise<{ code: number | null; record: ErasureRecord }> {
  const { code, stdout } = await project.lakelift(...erase(person, '--yes'));
  return { code, record: JSON.parse(stdout) as ErasureRecord };
}

const objectAt = (key: string) => project.store.findObject({ bucket: 'sandbox-raw', key: s3Key(key) });

async function bytesOf(key: string): Promise<Buffer> {
  return Buffer.concat(
    await Array.fromAsync(await project.store.readObject({ bucket: 'sandbox-raw', key: s3Key(key) })),
  );
}

/** Every object of raw, but for what builds and erasures keep there. */
async function allOfRaw(): Promise<Map<string, Buffer>> {
  const all = new Map<string, Buffer>();
  for await (const { key } of project.store.listObjects('sandbox-raw', ''))
    if (!key.startsWith('_')) all.set(key, await bytesOf(key));
  return all;
}

async function lastRecord(): Promise<ErasureRecord> {
  const keys: string[] = [];
  for await (const { key } of project.store.listObjects('sandbox-raw', '_audit/absences/erasures/')) keys.push(key);
  return JSON.parse((await bytesOf(keys.at(-1)!)).toString()) as ErasureRecord;
}

function isComplete(dsn: Buffer): boolean {
  const parser = new DsnParser({ record: () => undefined, fault: () => undefined });
  parser.push(dsn);
  return parser.end().isComplete;
}

const outcomeOf = (path: string, runId: string) =>
  project.settled('absences', runId).find(({ item }) => item.kind === 'file' && item.source.path === path)?.outcome;

describe('lakelift erase --also-raw', () => {
  it('takes one person out of raw, changes nothing else there, and says what it changed', async () => {
    const [them] = people as [Person];
    const before = await allOfRaw();
    const counted = await project.lakelift(...erase(them));
    expect(counted.code).toBe(0);
    const would = JSON.parse(counted.stdout) as ErasureRecord;
    expect(await allOfRaw()).toEqual(before);

    const { code, record } = await erased(them);
    expect({ code, isDone: record.isDone }).toEqual({ code: 0, isDone: true });
    expect(erasureSchema.parse(record)).toEqual(record);
    expect(record.raw).toEqual(would.raw);
    const after = await allOfRaw();
    const objects = record.raw.flatMap((one) => one.objects);
    const changed = [...before].flatMap(([key, bytes]) => (after.get(key)!.equals(bytes) ? [] : [key]));
    expect(changed.toSorted()).toEqual(
      objects.map(({ location }) => location.slice('s3://sandbox-raw/'.length)).toSorted(),
    );
    expect(objects.length).toBeGreaterThan(3);
    const crc = (bytes: Buffer) => ({ sizeBytes: bytes.length, crc32c: crcToBase64(crcOf('CRC32C').sum(bytes)) });
    for (const { location, replaced } of objects) {
      const key = location.slice('s3://sandbox-raw/'.length);
      expect(replaced).toEqual({ before: crc(before.get(key)!), after: crc(after.get(key)!) });
    }
    const left = before
      .get(SALARIES)!
      .toString()
      .split('\n')
      .filter((line) => !line.includes(them.matricule));
    expect(after.get(SALARIES)!.toString()).toBe(left.join('\n'));
    for (const [key, bytes] of after) {
      expect(bytes.includes(them.nir)).toBe(false);
      if (key.endsWith('.dsn')) expect(isComplete(bytes)).toBe(isComplete(before.get(key)!));
    }
    // Nobody comes back by a build, and nobody is found any more.
    expect((await project.lakelift('zones', 'build', 'absences')).code).toBe(0);
    const again = JSON.parse((await project.lakelift(...erase(them))).stdout) as ErasureRecord;
    expect(again.datasets.map(({ rowsErased }) => rowsErased)).toEqual([0, 0, 0]);
    expect(again.raw.map(({ rows }) => rows)).toEqual(again.raw.map(() => 0));
  }, 120_000);

  it('is known to runs and to reconciliations, with a ledger and without', async () => {
    const standing = await allOfRaw();
    const { code, summary } = await project.run('absences');
    expect(code).toBe(4);
    expect(await allOfRaw()).toEqual(standing);
    const outcome = outcomeOf(IN_HDFS, summary.runId);
    expect(outcome).toMatchObject({ status: 'skipped', errorCode: ERASED_FROM });
    const findingsOf = (runId: string) => project.report('absences', runId).reconciliation!.findings;
    const { shown, byWeight } = findingsOf(summary.runId);
    expect(byWeight).toMatchObject({ difference: 0, unchecked: 0 });
    expect(new Set(shown.map(({ kind }) => kind))).toEqual(new Set(['erased']));
    expect(shown.filter(({ check }) => check === 'rows').map(({ scope }) => scope)).toContain('rh.salaries');

    rmSync(join(project.root, '.lakelift'), { recursive: true });
    const { summary: anew } = await project.run('absences');
    expect(await allOfRaw()).toEqual(standing);
    expect(outcomeOf(IN_HDFS, anew.runId)).toMatchObject({ errorCode: ERASED_FROM });
    expect(findingsOf(anew.runId).byWeight).toEqual(byWeight);
  }, 120_000);

  it('brings nobody back with a newer version of the file', async () => {
    const content = readFileSync(project.sandbox.fileSystem.getFile(IN_HDFS).blob);
    const standing = await bytesOf(SALARIES);
    project.sandbox.fileSystem.writeFile(IN_HDFS, Buffer.concat([content, content.subarray(0, 1)]));
    try {
      const { summary } = await project.run('absences');
      expect(outcomeOf(IN_HDFS, summary.runId)).toMatchObject({
        status: 'failed',
        errorCode: 'ERASED_SINCE',
      });
      expect((await bytesOf(SALARIES)).equals(standing)).toBe(true);
    } finally {
      project.sandbox.fileSystem.writeFile(IN_HDFS, content);
    }
  }, 60_000);

  it('is not believed on the word of an object alone', async () => {
    const key = SALARIES;
    const { etag, metadata } = (await objectAt(key))!;
    const standing = await bytesOf(key);
    const put = async (body: Buffer, tag: string) => {
      const address = { bucket: 'sandbox-raw', key: s3Key(key) };
      const crc32c = crcToBase64(crcOf('CRC32C').sum(body));
      return (
        await project.store.putObject({ address, body, crc32c, metadata, condition: { kind: 'if-match', etag: tag } })
      ).etag;
    };
    const forged = await put(Buffer.concat([standing, Buffer.from('x')]), etag);
    const { stdout } = await project.lakelift('reconcile', 'absences');
    await put(standing, forged);
    expect(stdout).toMatch(/says that a person was erased from it, and .* does not lead to its bytes/);
  }, 60_000);

  it('goes on where it was killed, and the record has all of it', async () => {
    const [, first, second] = people as [Person, Person, Person];
    void counter.after(Infinity);
    expect((await erased(first)).code).toBe(0);
    const requests = counter.count();
    const before = JSON.parse((await project.lakelift(...erase(second))).stdout) as ErasureRecord;
    for (const share of [0.64, 0.78]) {
      const at = counter.after(Math.ceil(requests * share));
      const { code } = await project.lakeliftSignalled('SIGKILL', [at], ...erase(second, '--yes'));
      expect(code).toBe(null);
      expect(await lastRecord()).not.toHaveProperty('endedAt');
    }
    const { code, record } = await erased(second);
    expect({ code, isDone: record.isDone }).toEqual({ code: 0, isDone: true });
    const sorted = ({ raw }: ErasureRecord) =>
      raw.map((one) => ({ ...one, objects: one.objects.toSorted((a, b) => (a.location < b.location ? -1 : 1)) }));
    expect(sorted(record)).toEqual(sorted(before));
    for (const bytes of (await allOfRaw()).values()) expect(bytes.includes(second.nir)).toBe(false);
    const { summary } = await project.run('absences');
    expect(project.report('absences', summary.runId).reconciliation!.findings.byWeight.difference).toBe(0);
  }, 240_000);
});
