import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parseDocument } from 'yaml';
import { HiveServer2Engine } from '../../src/adapters/hiveserver2/hiveserver2-engine.ts';
import { HiveServer2Exporter } from '../../src/adapters/hiveserver2/hiveserver2-exporter.ts';
import { TrinoEngine } from '../../src/adapters/trino/trino-engine.ts';
import { CONVERSION_FORMATS } from '../../src/domain/conversion.ts';
import { hdfsPath } from '../../src/domain/names.ts';
import type { TableItem } from '../../src/domain/plan.ts';
import { hiveCatalogsContract } from '../contracts/hive-catalogs.ts';
import { orcColumnsContract } from '../contracts/orc-columns.ts';
import type { Hive } from '../stack/hive.ts';
import { startHive4 } from '../stack/hive4.ts';
import { canonicalRows } from './compared-values.ts';
import {
  HIVE_4_ASKED,
  HIVE_4_DAYS,
  HIVE_4_FILES,
  HIVE_4_KINDS,
  HIVE_4_TEXT_CODECS,
  HIVE_4_UNREAD,
  type MadeKind,
} from './converted-tables-lake.ts';
import { decideToConvert, makeConvertedLake } from './converted-tables-project.ts';
import type { TestProject } from './project.ts';

const stack = inject('stack');

/** By id: the day and the time that a reader of today's calendar makes of those of another one. */
const OLD_DAYS_IN_TRINO: Readonly<Record<string, readonly string[]>> = {
  3: ['1582-10-14', '1500-03-11 12:00:00.5'],
  4: ['0000-12-30', '0000-12-30 00:00:00'],
};

/** A cluster of Hive 4 whose clocks are not on UTC. */
describe.skipIf(stack === undefined)('Hive 4 in Paris', () => {
  if (stack === undefined) return;
  const { hdfsAuthority, hdfsUser: user, trinoUrl, trinoCatalog } = stack;
  let directory: string;
  let hive: Hive;
  let engine: HiveServer2Engine;
  const trino = new TrinoEngine({ url: trinoUrl, user: 'lakelift', catalog: trinoCatalog });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lakelift-hive4-'));
    hive = await startHive4(directory, hdfsAuthority, 'Europe/Paris');
    engine = new HiveServer2Engine({ ...hive.hiveServer2, user });
  });
  afterAll(async () => {
    await Promise.all([engine.close(), trino.close()]);
    await Promise.all(hive.servers.map((server) => server.stop()));
    await rm(directory, { recursive: true, force: true });
  });

  function placesOf(name: string) {
    const database = `${name}_${Date.now().toString(36)}`;
    return { database, staging: { database: `staging_${database}`, folder: `/staging/${database}` } };
  }
  function makeLake(lake: Parameters<typeof makeConvertedLake>[2]): Promise<TestProject> {
    const { metastore, hiveServer2 } = hive;
    return makeConvertedLake({ ...stack!, metastore, hiveServer2 }, engine, lake);
  }
  async function expectSameRows(database: string, { name, columns, rows }: MadeKind) {
    const atSource = await canonicalRows(engine, { database, name }, columns);
    expect(atSource).toHaveLength(rows);
    expect(await canonicalRows(trino, { database: `raw_${database}`, name }, columns)).toEqual(atSource);
  }

  hiveCatalogsContract('Hive 4.0.1', () =>
    Promise.resolve({ ...hive, user, isOnUtc: false, stop: () => Promise.resolve() }),
  );

  describe('columns of ORC', () => {
    orcColumnsContract(placesOf('orc').database, () => {
      const { metastore, hiveServer2 } = hive;
      return { addresses: { ...stack, metastore, hiveServer2 }, hive: engine, trino, unlessTold: 'byPlace' };
    });
  });

  describe('tables that it converts', () => {
    const { database, staging } = placesOf('four');
    let project: TestProject;

    beforeAll(async () => {
      project = await makeLake({ database, staging, kinds: HIVE_4_KINDS });
    }, 120_000);

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

    it.for(HIVE_4_KINDS)('$name: each value is what Hive returns', (kind) => expectSameRows(database, kind));
  });

  describe('tables whose files are taken as they are', () => {
    const { database, staging } = placesOf('days');
    let project: TestProject;

    beforeAll(async () => {
      project = await makeLake({
        database,
        staging,
        kinds: [...HIVE_4_FILES, ...HIVE_4_DAYS, ...Object.values(HIVE_4_ASKED), HIVE_4_UNREAD],
      });
    }, 240_000);

    it('wait for a decision where days would become others, and say in which zone times were written', async () => {
      expect((await project.lakelift('map', 'converted')).code).toBe(0);
      const { code, stdout } = await project.lakelift('plan', 'converted', '--json');
      expect(code).toBe(3);
      const { items } = JSON.parse(stdout) as { items: TableItem[] };
      const tables = items.filter(({ kind }) => kind === 'table');
      const said = tables.map(({ id, verdict, reason, notes }) => [
        id.replace(/^.*\./, ''),
        [verdict, reason?.code ?? [], notes.map((note) => note.code)].flat().join(' '),
        [reason?.text, ...notes.map(({ text }) => text)].filter((text) => text?.includes('Paris')).length,
      ]);
      expect(said.sort()).toEqual([
        ['days_avro', 'needs-decision DAYS_BEFORE_1582 TIMESTAMP_MILLIS TIMESTAMP_ZONE', 0],
        ['days_orc', 'needs-decision DAYS_BEFORE_1582 TIMESTAMP_MILLIS', 0],
        ['days_parquet', 'needs-decision DAYS_BEFORE_1582 TIMESTAMP_MILLIS TIMESTAMP_ZONE', 1],
        ['instants', 'needs-decision TYPE_LOCAL_TIMESTAMP', 0],
        ['json', 'copy SERDE_REWRITTEN TIMESTAMP_MILLIS', 0],
        ['json_bytes', 'needs-decision JSON_BINARY SERDE_REWRITTEN', 0],
        ['lz4_raw', 'needs-decision CODEC_UNSUPPORTED', 0],
        ['text_codecs', 'copy', 0],
        ['text_lzo', 'copy', 0],
        ['times_parquet', 'copy TIMESTAMP_MILLIS TIMESTAMP_ZONE DAYS_CALENDAR', 1],
        ['zstd_avro', 'copy TYPE_BY_FORMAT TYPE_BY_FORMAT', 0],
        ['zstd_orc', 'copy TIMESTAMP_MILLIS', 0],
        ['zstd_parquet', 'copy TIMESTAMP_MILLIS TIMESTAMP_ZONE', 0],
      ]);
    });

    it('go as they are where somebody says so: those days are others at the target, as the plan said', async () => {
      const path = join(project.root, 'mappings/converted.yaml');
      const document = parseDocument(readFileSync(path, 'utf8'));
      for (const { name } of HIVE_4_DAYS) document.setIn(['tables', `${database}.${name}`, 'calendar'], 'keep');
      for (const name of Object.keys(HIVE_4_ASKED))
        document.setIn(['tables', `${database}.${name}`, 'columns', 'c', 'type'], 'string');
      document.setIn(['tables', `${database}.${HIVE_4_UNREAD.name}`, 'skip'], 'Athena does not read it');
      writeFileSync(path, document.toString());
      const { code, stdout, stderr } = await project.lakelift('run', 'converted', '--yes');
      expect({ code, output: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, output: '' });
      for (const { name, columns } of HIVE_4_DAYS) {
        const atSource = await canonicalRows(engine, { database, name }, columns);
        const atTarget = await canonicalRows(trino, { database: `raw_${database}`, name }, columns);
        const isShifted = name.startsWith('days');
        const expected = atSource.map(([id, ...values]) => [
          id,
          ...((isShifted ? OLD_DAYS_IN_TRINO[id!] : undefined) ?? values),
        ]);
        // Parquet has instants, some minutes to two hours before the wall time of Paris.
        const isParquet = name.endsWith('parquet');
        const compared = isParquet ? 2 : 3;
        expect(
          atTarget.map((row) => row.slice(0, compared)),
          name,
        ).toEqual(expected.map((row) => row.slice(0, compared)));
        const times = [atTarget[1]![2], atTarget[2]![2]];
        if (isParquet) expect(times, name).toEqual(['2024-10-27 00:30:00', '1500-03-11 11:50:39.5']);
      }
    }, 240_000);

    it('bytes in JSON and instants in text are there as the text that they are', async () => {
      const bytes = await trino.query(`SELECT to_hex(from_base64(c)) FROM raw_${database}.json_bytes`);
      expect(bytes).toEqual(await engine.query(`SELECT hex(c) FROM ${database}.json_bytes`));
      const instants = await trino.query(`SELECT c FROM raw_${database}.instants`);
      expect(instants).toEqual(await engine.query(`SELECT cast(c AS string) FROM ${database}.instants`));
    });

    it('text is in a file for each codec that its name tells', async () => {
      const files = await trino.query(`SELECT "$path" FROM raw_${database}.text_codecs`);
      const suffixes = files.map(([path]) => /\.[a-z0-9_]+$/.exec(path!)?.[0]);
      expect(suffixes.sort()).toEqual(Object.keys(HIVE_4_TEXT_CODECS).sort());
    });

    it.for(HIVE_4_FILES)('$name: each value is what Hive returns', (kind) => expectSameRows(database, kind));
  });
});
