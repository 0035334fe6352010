import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { HiveServer2Engine } from '../../src/adapters/hiveserver2/hiveserver2-engine.ts';
import { TrinoEngine } from '../../src/adapters/trino/trino-engine.ts';
import { WebHdfsClient } from '../../src/hdfs-webhdfs-client/index.ts';
import { orcColumnsContract } from '../contracts/orc-columns.ts';
import { canonicalRows } from './compared-values.ts';
import { CONVERTED_KINDS } from './converted-tables-lake.ts';
import { decideToConvert, makeConvertedLake } from './converted-tables-project.ts';
import type { TestProject } from './project.ts';

const stack = inject('stack');

/** Tables that no engine but Hive can read by their files: exported by real Hive, taken over, and each value compared with what Hive returns. */
describe.skipIf(stack === undefined)('tables that are converted on their way', () => {
  const tag = Date.now().toString(36);
  const database = `converted_${tag}`;
  const staging = { database: `staging_${tag}`, folder: `/staging/${tag}` };
  let hive: HiveServer2Engine;
  let trino: TrinoEngine;
  let project: TestProject;

  beforeAll(async () => {
    const { hdfsUser, hiveServer2, trinoUrl, trinoCatalog } = stack!;
    hive = new HiveServer2Engine({ ...hiveServer2, user: hdfsUser });
    trino = new TrinoEngine({ url: trinoUrl, user: 'lakelift', catalog: trinoCatalog });
    project = await makeConvertedLake(stack!, hive, { database, staging, kinds: CONVERTED_KINDS });
  }, 420_000);

  afterAll(async () => {
    await Promise.all([hive.close(), trino.close()]);
  });

  it('are asked about unless the mapping says so, then run to an identical target', async () => {
    expect((await project.lakelift('map', 'converted')).code).toBe(0);
    const asked = await project.lakelift('plan', 'converted');
    expect(asked.code).toBe(3);
    expect(asked.stdout).toContain('many small files');
    decideToConvert(project, database, CONVERTED_KINDS);
    const doctor = await project.lakelift('doctor');
    expect(doctor.code, doctor.stdout).toBe(0);
    expect(doctor.stdout).toMatch(/HiveServer2 for conversions: answers.*converted/);
    expect(doctor.stdout).toContain(`staging folder: ${staging.folder} is made by the first conversion`);
    const { code, stdout, stderr } = await project.lakelift('run', 'converted', '--yes');
    expect({ code, output: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, output: '' });
  }, 420_000);

  it.for(CONVERTED_KINDS)('$name: each value is what Hive returns', async ({ name, columns, rows }) => {
    const atSource = await canonicalRows(hive, { database, name }, columns);
    expect(atSource).toHaveLength(rows);
    expect(await canonicalRows(trino, { database: `raw_${database}`, name }, columns)).toEqual(atSource);
  });

  it('have their small files joined on the way', async () => {
    const [[files]] = (await trino.query(`SELECT count(DISTINCT "$path") FROM "raw_${database}"."small_files"`)) as [
      [string],
    ];
    expect(Number(files)).toBeLessThan(10);
  });

  it('are not exported again by a second run, which changes nothing', async () => {
    const { code, stdout, stderr } = await project.lakelift('run', 'converted', '--yes', '--json');
    expect(code).toBe(0);
    expect(stderr).not.toContain('exports');
    const { totals } = JSON.parse(stdout) as { totals: { status: string }[] };
    expect([...new Set(totals.map(({ status }) => status))].sort()).toEqual(['already-verified', 'unchanged']);
  }, 240_000);

  it('drift when the source is written; the next run exports anew, even after one that was killed while Hive exported', async () => {
    await hive.query(`DELETE FROM ${database}.acid WHERE id = 10`);
    const drifted = await project.lakelift('reconcile', 'converted');
    expect(drifted.code).toBe(4);
    expect(drifted.stdout).toContain('written after it was exported');
    const killed = await project.lakeliftSignalled('SIGKILL', [untilStaged()], 'run', 'converted', '--yes');
    expect(killed.code).toBeNull();
    const { code, stdout, stderr } = await project.lakelift('run', 'converted', '--yes');
    expect({ code, output: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, output: '' });
    const { columns } = CONVERTED_KINDS[0]!;
    const atSource = await canonicalRows(hive, { database, name: 'acid' }, columns);
    expect(atSource).toHaveLength(4);
    expect(await canonicalRows(trino, { database: `raw_${database}`, name: 'acid' }, columns)).toEqual(atSource);
  }, 420_000);

  describe('columns of ORC', () => {
    orcColumnsContract(`orc_${tag}`, () => ({ addresses: stack!, hive, trino, unlessTold: 'byName' }));
  });

  async function untilStaged(): Promise<void> {
    while ((await hive.query(`SHOW TABLES IN ${staging.database}`)).length === 0) await sleep(50);
  }

  it('leave nothing behind at the source', async () => {
    const hdfs = new WebHdfsClient({
      nameNodes: [stack!.webHdfsUrl],
      authentication: { kind: 'user', user: stack!.hdfsUser },
    });
    const left: string[] = [];
    for await (const { path } of hdfs.list(staging.folder)) left.push(path);
    hdfs.close();
    expect(left).toEqual([]);
    expect(await hive.query(`SHOW TABLES IN ${staging.database}`)).toEqual([]);
  });
});
