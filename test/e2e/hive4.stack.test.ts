import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { HiveServer2Engine } from '../../src/adapters/hiveserver2/hiveserver2-engine.ts';
import { HiveServer2Exporter } from '../../src/adapters/hiveserver2/hiveserver2-exporter.ts';
import { TrinoEngine } from '../../src/adapters/trino/trino-engine.ts';
import { CONVERSION_FORMATS } from '../../src/domain/conversion.ts';
import { hdfsPath } from '../../src/domain/names.ts';
import { hiveCatalogsContract } from '../contracts/hive-catalogs.ts';
import type { Hive } from '../stack/hive.ts';
import { startHive4 } from '../stack/hive4.ts';
import { canonicalRows } from './compared-values.ts';
import { HIVE_4_KINDS } from './converted-tables-lake.ts';
import { decideToConvert, makeConvertedLake } from './converted-tables-project.ts';
import type { TestProject } from './project.ts';

const stack = inject('stack');

/** A cluster of Hive 4 whose clocks are not on UTC. */
describe.skipIf(stack === undefined)('Hive 4 in Paris', () => {
  if (stack === undefined) return;
  const { hdfsAuthority, hdfsUser: user, trinoUrl, trinoCatalog } = stack;
  let directory: string;
  let hive: Hive;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lakelift-hive4-'));
    hive = await startHive4(directory, hdfsAuthority, 'Europe/Paris');
  });
  afterAll(async () => {
    await Promise.all(hive.servers.map((server) => server.stop()));
    await rm(directory, { recursive: true, force: true });
  });

  hiveCatalogsContract('Hive 4.0.1', () =>
    Promise.resolve({ ...hive, user, isOnUtc: false, stop: () => Promise.resolve() }),
  );

  describe('tables that it converts', () => {
    const tag = Date.now().toString(36);
    const database = `four_${tag}`;
    const staging = { database: `staging_four_${tag}`, folder: `/staging/four_${tag}` };
    let engine: HiveServer2Engine;
    let trino: TrinoEngine;
    let project: TestProject;

    beforeAll(async () => {
      engine = new HiveServer2Engine({ ...hive.hiveServer2, user });
      trino = new TrinoEngine({ url: trinoUrl, user: 'lakelift', catalog: trinoCatalog });
      const { metastore, hiveServer2 } = hive;
      const lake = { database, staging, kinds: HIVE_4_KINDS };
      project = await makeConvertedLake({ ...stack, metastore, hiveServer2 }, engine, lake);
    }, 120_000);
    afterAll(async () => {
      await Promise.all([engine.close(), trino.close()]);
    });

    it('run to an identical target', async () => {
      expect((await project.lakelift('map', 'converted')).code).toBe(0);
      decideToConvert(project, database, HIVE_4_KINDS);
      const { code, stdout, stderr } = await project.lakelift('run', 'converted', '--yes');
      expect({ code, output: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, output: '' });
    }, 240_000);

    it('keep their wall time in every format', async () => {
      const exporter = new HiveServer2Exporter(
        { ...hive.hiveServer2, user },
        { ...staging, folder: hdfsPath(staging.folder) },
      );
      for (const format of CONVERSION_FORMATS) expect(await exporter.keepsWallTime(format), format).toBe(true);
      await exporter.close();
    });

    it.for(HIVE_4_KINDS)('$name: each value is what Hive returns', async ({ name, columns, rows }) => {
      const atSource = await canonicalRows(engine, { database, name }, columns);
      expect(atSource).toHaveLength(rows);
      expect(await canonicalRows(trino, { database: `raw_${database}`, name }, columns)).toEqual(atSource);
    });
  });
});
