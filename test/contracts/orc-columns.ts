import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import type { HiveServer2Engine } from '../../src/adapters/hiveserver2/hiveserver2-engine.ts';
import type { TrinoEngine } from '../../src/adapters/trino/trino-engine.ts';
import type { MadeKind } from '../e2e/converted-tables-lake.ts';
import { makeConvertedLake } from '../e2e/converted-tables-project.ts';
import type { TestProject } from '../e2e/project.ts';
import type { StackAddresses } from '../stack/stack.ts';

export interface HiveBesideTrino {
  /** Of the stack, with metastore and HiveServer2 of the Hive under test. */
  readonly addresses: StackAddresses;
  readonly hive: HiveServer2Engine;
  readonly trino: TrinoEngine;
  /** Where it is told nothing. */
  readonly unlessTold: 'byName' | 'byPlace';
}

interface OrcKind extends MadeKind {
  /** Of the mapping, where the plan asks. */
  readonly answer?: 'by-name' | 'by-place';
  /** Its one row by name, where files have names; of Hive and of Trino where they are told to. */
  readonly byName: Row;
  /** By place; of Trino where it is told nothing. */
  readonly byPlace: Row;
}

type Row = readonly (string | undefined)[];

const created = (columns: string): string =>
  `CREATE EXTERNAL TABLE @table (${columns}) STORED AS ORC LOCATION '@folder'`;

function kind(name: string, [columns, ...after]: readonly [string, ...string[]], outcome: Outcome): OrcKind {
  const statements = [created(columns), `INSERT INTO @table SELECT 'one', 'two'`, ...after];
  return { name, columns: [], rows: 1, statements, ...outcome };
}

type Outcome = Pick<OrcKind, 'answer' | 'byName' | 'byPlace'>;

/** The same files under columns of other names, or in another order. */
const anew = (columns: string): string[] => ['DROP TABLE @table', created(columns)];

const MOVED = ['b string, a string', ...anew('a string, b string')] as const;
const RENAMED = ['a string, b string', 'ALTER TABLE @table CHANGE a renamed string'] as const;
const moved = { byName: ['two', 'one'], byPlace: ['one', 'two'] };

const KINDS: readonly OrcKind[] = [
  kind('moved_by_name', MOVED, { ...moved, answer: 'by-name' }),
  kind('moved_by_place', MOVED, { ...moved, answer: 'by-place' }),
  kind('renamed', RENAMED, { answer: 'by-name', byName: [undefined, 'two'], byPlace: ['one', 'two'] }),
  kind('numbered', ['`_col0` string, `_col1` string', ...anew('a string, b string')], {
    byName: ['one', 'two'],
    byPlace: ['one', 'two'],
  }),
];

const BY_PLACE = 'orc.force.positional.evolution';

/** What is said of columns of ORC (`column-access.ts`), on files of a real Hive: where it finds them, and where Trino does. */
export function orcColumnsContract(database: string, open: () => HiveBesideTrino): void {
  const source = (name: string): string => `SELECT * FROM ${database}.${name}`;
  const target = (name: string): string => `SELECT * FROM raw_${database}.${name}`;
  const targetByName = (name: string): string =>
    `WITH SESSION ${open().addresses.trinoCatalog}.orc_use_column_names = true ${target(name)}`;
  let project: TestProject;

  beforeAll(async () => {
    const staging = { database: `staging_${database}`, folder: `/staging/${database}` };
    project = await makeConvertedLake(open().addresses, open().hive, { database, staging, kinds: KINDS });
  }, 120_000);

  it('the plan asks where files have other names in their places, and runs once somebody says how Hive finds them', async () => {
    expect((await project.lakelift('map', 'converted')).code).toBe(0);
    const { stdout } = await project.lakelift('plan', 'converted', '--json');
    const { items } = JSON.parse(stdout) as { items: { id: string; reason?: { code: string } }[] };
    const reasons = KINDS.map(({ name }) => items.find(({ id }) => id === `table:${database}.${name}`)?.reason?.code);
    expect(reasons).toEqual(KINDS.map(({ answer }) => (answer === undefined ? undefined : 'ORC_COLUMNS')));
    const path = join(project.root, 'mappings/converted.yaml');
    const document = parseDocument(readFileSync(path, 'utf8'));
    for (const { name, answer } of KINDS)
      if (answer !== undefined) document.setIn(['tables', `${database}.${name}`, 'orc'], answer);
    writeFileSync(path, document.toString());
    const { code, stdout: told, stderr } = await project.lakelift('run', 'converted', '--yes');
    expect({ code, output: code === 0 ? '' : told + stderr }).toEqual({ code: 0, output: '' });
  }, 120_000);

  it('Hive goes by name or by place as its version and settings tell, and by place where files have no names', async () => {
    const { hive, unlessTold } = open();
    const rows = () => Promise.all(KINDS.map(({ name }) => hive.query(source(name))));
    const expected = (way: 'byName' | 'byPlace') => KINDS.map((one) => [one[way]]);
    expect(await rows()).toEqual(expected(unlessTold));
    await hive.query(`SET ${BY_PLACE}=true`);
    expect(await rows()).toEqual(expected('byPlace'));
    await hive.query(`SET ${BY_PLACE}=false`);
    expect(await rows()).toEqual(expected('byName'));
  });

  it.for(KINDS)(
    '$name: Trino goes by place, and by name where its catalog is told to',
    async ({ name, ...expected }) => {
      const { trino } = open();
      expect(await trino.query(target(name))).toEqual([expected.byPlace]);
      if (expected.answer === undefined) await expect(trino.query(targetByName(name))).rejects.toThrow(/column names/);
      else expect(await trino.query(targetByName(name))).toEqual([expected.byName]);
    },
  );
}
