import { beforeEach, describe, expect, it } from 'vitest';
import type { Mapping, TableMapping } from '../../../src/domain/mapping.ts';
import { defineMigration, type Migration } from '../../../src/domain/migration.ts';
import type { Partition, Table } from '../../../src/domain/table.ts';
import type { SourceStatistics } from '../../../src/domain/column-statistics.ts';
import type { FileItem, PartitionItem, TableItem } from '../../../src/domain/plan.ts';
import { LakeliftError } from '../../../src/errors.ts';
import {
  folderOf,
  ORC,
  PARQUET,
  sketchPartition,
  sketchTable,
  textFormat,
} from '../../../src/sandbox/lake/lake-table.ts';
import { proposeMapping } from '../../../src/steps/map.ts';
import { planUseCase } from '../../../src/steps/plan/plan-use-case.ts';
import type { Scratch } from '../../../src/ports/scratch.ts';
import { MemoryPlanWriter } from './memory-plan-writer.ts';
import { MemoryCatalog, MemoryFileSystem } from './memory-source.ts';

const PLAIN = sketchTable({ database: 'rh', name: 'plain', columns: ['a string', 'n int'], format: textFormat({}) });
const PARTED = sketchTable({
  database: 'rh',
  name: 'parted',
  columns: ['a string'],
  partitionKeys: ['p string'],
  format: PARQUET,
});
const plainFolder = folderOf(PLAIN);
const partedFolder = folderOf(PARTED);
const denied = new LakeliftError('Permission denied', { kind: 'denied', code: 'HDFS_DENIED' });

describe('planning a use case', () => {
  let files: MemoryFileSystem;
  let tables: Table[];
  let partitions: Partition[];
  let writer: MemoryPlanWriter;
  let statistics: Map<string, SourceStatistics[]>;
  let analysedAtSeconds: Map<string, number>;
  let elsewhere: string[];

  beforeEach(() => {
    files = new MemoryFileSystem();
    tables = [PLAIN, PARTED];
    partitions = [];
    statistics = new Map();
    analysedAtSeconds = new Map();
    elsewhere = [];
    writer = new MemoryPlanWriter();
    files.addDirectory(plainFolder);
    files.addDirectory(partedFolder);
  });

  async function plan(
    source: Partial<Migration['source']>,
    {
      change = (mapping: Mapping) => mapping,
      prefix = '',
      scratch,
    }: { change?: (mapping: Mapping) => Mapping; prefix?: string; scratch?: () => Scratch } = {},
  ): Promise<MemoryPlanWriter> {
    const migration = defineMigration({
      id: 'test',
      title: { fr: '', en: '' },
      owner: '',
      wave: 1,
      source,
      purpose: '',
      legalBasis: '',
      consumers: [],
    });
    const catalog = new MemoryCatalog(tables, () => partitions);
    catalog.statistics = statistics;
    catalog.analysedAtSeconds = analysedAtSeconds;
    catalog.elsewhere = elsewhere;
    const { mapping } = await proposeMapping(migration, catalog);
    writer = new MemoryPlanWriter(scratch);
    await planUseCase({
      migration,
      mapping: change(mapping),
      zones: { raw: { bucket: 'acme-raw', prefix } },
      source: files,
      catalog,
      writer,
      clusterAuthorities: ['sandbox'],
      progress: () => {},
      signal: new AbortController().signal,
    });
    return writer;
  }

  const changing =
    (table: string, change: Partial<TableMapping>) =>
    (mapping: Mapping): Mapping => ({
      ...mapping,
      tables: { ...mapping.tables, [table]: { ...mapping.tables[table]!, ...change } },
    });

  it('names the tables that another catalog holds in databases of the use case', async () => {
    elsewhere = ['@spark#rh.events', '@spark#compta.x'];
    await plan({ tables: ['rh.plain'] });
    expect(writer.items.get('table:@spark#rh.events')).toMatchObject({
      verdict: 'skip',
      reason: { code: 'OTHER_CATALOG' },
    });
    expect(writer.ids('table')).not.toContain('table:@spark#compta.x');
  });

  it('says of a database that another catalog alone has where it stands, and names its tables', async () => {
    elsewhere = ['@spark#compta.x', '@spark#compta.y'];
    await plan({ tables: ['compta.x'] });
    const { reason } = writer.items.get('table:compta.x') as TableItem;
    expect(reason).toMatchObject({
      code: 'SOURCE_TABLE_NOT_FOUND',
      hint: expect.stringContaining('"paths"') as string,
    });
    expect(reason?.text).toContain('another catalog of the metastore has one, with 2 tables such as @spark#compta.x');
    expect(writer.items.get('table:@spark#compta.y')).toMatchObject({ reason: { code: 'OTHER_CATALOG' } });
  });

  const ACCURATE = '{"BASIC_STATS":"true","COLUMN_STATS":{"a":"true","n":"true"}}';
  const counted = (sizeBytes: number) => ({
    COLUMN_STATS_ACCURATE: ACCURATE,
    totalSize: String(sizeBytes),
    transient_lastDdlTime: '7',
  });
  const known: SourceStatistics[] = [
    { column: 'a', values: { kind: 'string', longestBytes: 3, averageBytes: 2, nulls: 0, distinct: 2 } },
    { column: 'n', values: { kind: 'long', least: 1, greatest: 9, nulls: 0, distinct: 2 } },
  ];

  it('takes the statistics of a table over while its files are those that Hive counted', async () => {
    files.addFile(`${plainFolder}/000000_0`, 10);
    statistics.set('rh.plain', known);
    tables = [{ ...PLAIN, parameters: { ...PLAIN.parameters, ...counted(10) } }];
    await plan({ tables: ['rh.plain'] });
    const { statistics: planned } = writer.items.get('table:rh.plain') as TableItem;
    expect(planned).toEqual([
      { ...known[0], type: 'string', analyzedAtSeconds: 7 },
      { ...known[1], type: 'int', analyzedAtSeconds: 7 },
    ]);
    files.addFile(`${plainFolder}/000001_0`, 1);
    await plan({ tables: ['rh.plain'] });
    const stale = writer.items.get('table:rh.plain') as TableItem;
    expect(stale.statistics).toBeUndefined();
    expect(stale.notes.map(({ code }) => code)).toContain('STATISTICS_STALE');
  });

  describe('of a table of Hive 1, which dates its statistics and vouches for none', () => {
    /** When every file here was written. */
    const WRITTEN = 1_717_200_000;
    const old = { COLUMN_STATS_ACCURATE: 'true', totalSize: '10', transient_lastDdlTime: String(WRITTEN - 5) };
    const planned = async (changed: Partial<typeof old> = {}) => {
      tables = [{ ...PLAIN, parameters: { ...PLAIN.parameters, ...old, ...changed } }];
      await plan({ tables: ['rh.plain'] });
      const { statistics: own, notes } = writer.items.get('table:rh.plain') as TableItem;
      return { columns: own?.map(({ column }) => column), codes: notes.map(({ code }) => code) };
    };
    beforeEach(() => {
      files.addFile(`${plainFolder}/000000_0`, 10);
      statistics.set('rh.plain', known);
      analysedAtSeconds.set('rh.plain', WRITTEN + 1);
    });

    it('takes over those that were computed after the last change', async () => {
      expect((await planned()).columns).toEqual(['a', 'n']);
    });

    it.each<[string, () => void, Partial<typeof old>]>([
      ['a file was written in the same second', () => analysedAtSeconds.set('rh.plain', WRITTEN), {}],
      ['nobody knows when', () => analysedAtSeconds.clear(), {}],
      ['the table was altered', () => undefined, { transient_lastDdlTime: String(WRITTEN + 2) }],
      ['its files have another size', () => undefined, { totalSize: '11' }],
      ['a folder changed', () => files.addDirectory(`${plainFolder}/1`, (WRITTEN + 2) * 1000), {}],
    ])('leaves them out, and says so, where %s', async (_, change, changed) => {
      change();
      const { columns, codes } = await planned(changed);
      expect(columns).toBeUndefined();
      expect(codes).toContain('STATISTICS_STALE');
    });

    it('says nothing of tables that nobody analysed', async () => {
      statistics.clear();
      expect((await planned({ totalSize: '11' })).codes).not.toContain('STATISTICS_STALE');
    });

    it('does the same by partition', async () => {
      partitions = ['1', '2'].map((value) => ({ ...sketchPartition(PARTED, [value]), parameters: old }));
      for (const value of ['1', '2']) {
        files.addFile(`${partedFolder}/p=${value}/000000_0`, 10);
        statistics.set(`rh.parted/p=${value}`, known);
      }
      analysedAtSeconds.set('rh.parted/p=2', WRITTEN + 1);
      await plan({ tables: ['rh.parted'] });
      const own = ['1', '2'].map(
        (value) => (writer.items.get(`partition:rh.parted/p=${value}`) as PartitionItem).statistics?.length,
      );
      expect(own).toEqual([undefined, 1]);
    });
  });

  it('takes those of each partition over, whether it looks like its table or not', async () => {
    partitions = ['1', '2', '3', '4'].map((value) => {
      const partition = sketchPartition(PARTED, [value]);
      files.addFile(`${partedFolder}/p=${value}/000000_0`, 10);
      return { ...partition, parameters: value === '3' ? {} : counted(value === '4' ? 11 : 10) };
    });
    partitions[1] = { ...partitions[1]!, storage: { ...partitions[1]!.storage, isCompressed: true } };
    for (const value of ['1', '2', '3', '4']) statistics.set(`rh.parted/p=${value}`, known);
    await plan({ tables: ['rh.parted'] });
    const planned = ['1', '2', '3', '4'].map(
      (value) => (writer.items.get(`partition:rh.parted/p=${value}`) as PartitionItem).statistics,
    );
    const own = [{ ...known[0], type: 'string', analyzedAtSeconds: 7 }];
    expect(planned).toEqual([own, own, undefined, undefined]);
    expect((writer.items.get('table:rh.parted') as TableItem).partitionsWithStatistics).toBe(2);
  });

  it('gives every file the key of its own path below the table', async () => {
    const names = ['000000_0', 'é 50%+1#?.csv', 'sub/1/x'];
    for (const name of names) files.addFile(`${plainFolder}/${name}`);
    await plan({ tables: ['rh.plain'] }, { prefix: 'zone/a' });
    expect(writer.ids('file')).toEqual(names.map((name) => `file:acme-raw/zone/a/rh/plain/${name}`).sort());
    const table = writer.items.get('table:rh.plain') as TableItem;
    expect(table).toMatchObject({
      verdict: 'copy',
      definition: { storage: { location: 's3://acme-raw/zone/a/rh/plain/' } },
    });
    expect(table.notes.map(({ code }) => code)).toEqual(['NESTED_DIRECTORIES']);
  });

  it('copies empty files and leaves hidden, unfinished and linked ones out by name', async () => {
    files.addFile(`${plainFolder}/empty`, 0);
    files.addFile(`${plainFolder}/_SUCCESS`, 0);
    files.addFile(`${plainFolder}/.hive-staging_1/x`);
    files.addFile(`${plainFolder}/new.csv._COPYING_`);
    files.addLink(`${plainFolder}/link`, '/elsewhere');
    await plan({ tables: ['rh.plain'] });
    expect(writer.ids('file')).toEqual(['file:acme-raw/rh/plain/empty']);
    expect(writer.ids('path').map((id) => [id.slice(id.lastIndexOf('/') + 1), writer.verdictOf(id)])).toEqual([
      ['.hive-staging_1', 'skip TRANSIENT'],
      ['_SUCCESS', 'skip HIDDEN'],
      ['link', 'refuse SYMLINK'],
      ['new.csv._COPYING_', 'refuse UNFINISHED_UPLOAD'],
    ]);
  });

  it('plans two tables that lie in one folder, each with its own copy', async () => {
    tables = [PLAIN, { ...PLAIN, name: { database: 'rh', table: 'again' } }];
    files.addFile(`${plainFolder}/f`);
    files.addFile(`${plainFolder}/_SUCCESS`);
    await plan({ tables: ['rh.*'] });
    expect(writer.ids('file')).toEqual(['file:acme-raw/rh/again/f', 'file:acme-raw/rh/plain/f']);
    expect(writer.ids('path')).toHaveLength(2);
  });

  it('refuses a key of more than 1024 bytes and copies the rest', async () => {
    files.addFile(
      `${plainFolder}/${'é'.repeat(120)}/${'é'.repeat(120)}/${'é'.repeat(120)}/${'é'.repeat(120)}/${'é'.repeat(120)}`,
    );
    files.addFile(`${plainFolder}/short`);
    await plan({ tables: ['rh.plain'] });
    const verdicts = writer.ids('file').map((id) => writer.verdictOf(id));
    expect(verdicts.sort()).toEqual(['copy', 'refuse KEY_TOO_LONG']);
  });

  it('plans many partitions alike, whether what is known of them lies in memory or in a file', async () => {
    const folders = [
      (n: number) => `${partedFolder}/p=${n}`,
      (n: number) => `${partedFolder}/autre/${n % 7}`,
      (n: number) => `/archives/${n % 11}`,
      (n: number) => `${partedFolder}/p=${n + 1}`,
      (n: number) => `${partedFolder}/p=${n - 1}/dedans`,
    ];
    partitions = Array.from({ length: 6000 }, (_, n) => {
      const folder = folders[n % 6 === 0 ? (n / 6) % folders.length : 0]!(n);
      return { ...sketchPartition(PARTED, [String(n)], folder), parameters: n % 3 === 0 ? { own: String(n % 2) } : {} };
    });
    files.addFile(`${partedFolder}/p=1/f`);
    for (const n of [0, 1, 2, 3, 4, 5, 6]) files.addFile(`${partedFolder}/autre/${n}/f`);
    for (let n = 0; n < 11; n++) files.addFile(`/archives/${n}/f`);
    files.addFile(`${partedFolder}/nobodys/f`);
    const inMemory = { newMap: <Value>() => new Map<string, Value>(), close: () => undefined };
    const expected = await plan({ tables: ['rh.parted'] }, { scratch: () => inMemory });
    const found = await plan({ tables: ['rh.parted'] });
    const sorted = ({ items }: MemoryPlanWriter) => [...items.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(sorted(found)).toEqual(sorted(expected));
    const codes = new Set(sorted(found).map(({ reason }) => reason?.code));
    for (const code of ['PARTITION_NESTED', 'PARTITION_SHARED_FOLDER', 'PARTITION_RELOCATED', 'PARTITION_FOLDER_NAME'])
      expect(codes).toContain(code);
  });

  it('ends when the source lists a partition twice: one would hide behind the other', async () => {
    partitions = ['1', '2', '1'].map((value) => sketchPartition(PARTED, [value]));
    await expect(plan({ tables: ['rh.parted'] })).rejects.toMatchObject({ code: 'PARTITION_LISTED_TWICE' });
  });

  it('keeps partition folders as they are and accounts for folders that no partition claims', async () => {
    partitions = [sketchPartition(PARTED, ['a:b']), sketchPartition(PARTED, ['é'], `${partedFolder}/P=é`)];
    files.addFile(`${partedFolder}/p=a%3Ab/f`);
    files.addFile(`${partedFolder}/P=é/f`);
    files.addFile(`${partedFolder}/p=dropped/f`);
    files.addFile(`${partedFolder}/stray`);
    await plan({ tables: ['rh.parted'] });
    expect(writer.ids('file')).toEqual(['file:acme-raw/rh/parted/P=é/f', 'file:acme-raw/rh/parted/p=a%3Ab/f']);
    expect(writer.items.get('file:acme-raw/rh/parted/p=a%3Ab/f') as FileItem).toMatchObject({ partition: 'p=a%3Ab' });
    expect(writer.items.get('partition:rh.parted/p=a%3Ab')).toMatchObject({
      verdict: 'copy',
      definition: { values: ['a:b'], storage: { location: 's3://acme-raw/rh/parted/p=a%3Ab/' } },
    });
    expect(writer.verdictOf('partition:rh.parted/p=é')).toBe('copy PARTITION_FOLDER_CASE');
    expect(writer.verdictOf(`path:rh.parted:${partedFolder}/p=dropped`)).toBe('skip NOT_IN_A_PARTITION');
    expect(writer.verdictOf(`path:rh.parted:${partedFolder}/stray`)).toBe('skip NOT_IN_A_PARTITION');
  });

  it('moves a partition from outside the table to the folder of its name', async () => {
    partitions = [sketchPartition(PARTED, ['1'], '/archives/un')];
    files.addFile('/archives/un/f');
    await plan({ tables: ['rh.parted'] });
    expect(writer.ids('file')).toEqual(['file:acme-raw/rh/parted/p=1/f']);
    expect(writer.verdictOf('partition:rh.parted/p=1')).toBe('copy PARTITION_RELOCATED');
    await plan(
      { tables: ['rh.parted'] },
      { change: changing('rh.parted', { partitions: { offPath: 'refuse', missingFolder: 'skip' } }) },
    );
    expect(writer.ids('file')).toEqual([]);
    expect(writer.verdictOf('partition:rh.parted/p=1')).toBe('refuse PARTITION_OFF_PATH');
  });

  it.each([
    ['register-empty', 'copy FOLDER_MISSING'],
    ['skip', 'skip FOLDER_MISSING'],
    ['refuse', 'refuse FOLDER_MISSING'],
  ] as const)('a partition whose folder is missing: %s gives %s', async (missingFolder, expected) => {
    partitions = [sketchPartition(PARTED, ['1'])];
    await plan(
      { tables: ['rh.parted'] },
      { change: changing('rh.parted', { partitions: { offPath: 'relocate', missingFolder } }) },
    );
    expect(writer.verdictOf('partition:rh.parted/p=1')).toBe(expected);
    expect(writer.items.get('partition:rh.parted/p=1')).toHaveProperty(
      missingFolder === 'register-empty' ? 'definition' : 'verdict',
    );
  });

  it('copies a folder that two partitions share once, and registers both at it', async () => {
    partitions = [
      sketchPartition(PARTED, ['1'], `${partedFolder}/both`),
      sketchPartition(PARTED, ['2'], `${partedFolder}/both`),
    ];
    files.addFile(`${partedFolder}/both/f`);
    await plan({ tables: ['rh.parted'] });
    expect(writer.ids('file')).toEqual(['file:acme-raw/rh/parted/both/f']);
    for (const name of ['p=1', 'p=2']) {
      expect(writer.items.get(`partition:rh.parted/${name}`)).toMatchObject({
        verdict: 'copy',
        definition: { storage: { location: 's3://acme-raw/rh/parted/both/' } },
      });
    }
  });

  it('walks a folder once, however many partitions share it, and tells each of them what came of it', async () => {
    const folder = `${partedFolder}/p=000`;
    const values = Array.from({ length: 600 }, (_, index) => String(index).padStart(3, '0'));
    partitions = values.map((value) => sketchPartition(PARTED, [value], folder));
    const verdicts = (): Set<string> => new Set(writer.ids('partition').map((id) => writer.verdictOf(id)));
    const listed = async (): Promise<number> => {
      files.listed.length = 0;
      await plan({ tables: ['rh.parted'] });
      return files.listed.filter((path) => path.startsWith(folder)).length;
    };
    expect(await listed()).toBe(1);
    expect(verdicts()).toEqual(new Set(['copy FOLDER_MISSING']));
    files.addFile(`${folder}/sub/f`);
    expect(await listed()).toBe(2);
    expect(verdicts()).toEqual(new Set(['copy', 'copy PARTITION_SHARED_FOLDER']));
    files.fail(`${folder}/sub`, denied);
    expect(await listed()).toBe(2);
    expect(verdicts()).toEqual(new Set(['refuse CANNOT_LIST_ALL']));
    files.fail(folder, denied);
    expect(await listed()).toBe(1);
    expect(verdicts()).toEqual(new Set(['refuse CANNOT_LIST']));
  });

  it('proposes partition projection for many partitions, writes it where the mapping asks for it, and says when it does not fit', async () => {
    const partition = (value: string, folder?: string): Partition => sketchPartition(PARTED, [value], folder);
    partitions = Array.from({ length: 1000 }, (_, index) => partition(String(index)));
    for (const one of partitions) files.addDirectory(folderOf(one));
    const tableOf = (): TableItem => writer.items.get('table:rh.parted') as TableItem;
    const change = changing('rh.parted', {
      partitions: { offPath: 'relocate', missingFolder: 'skip', projection: true },
    });
    await plan({ tables: ['rh.parted'] });
    expect(tableOf().notes.map(({ code }) => code)).toEqual(['PROJECTION_FITS']);
    expect(tableOf().definition?.parameters['projection.enabled']).toBeUndefined();
    await plan({ tables: ['rh.parted'] }, { change });
    expect(tableOf().notes.map(({ code }) => code)).toEqual(['PROJECTION_WRITTEN']);
    expect(tableOf().definition?.parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.p.type': 'integer',
      'projection.p.range': '0,999',
    });
    partitions = [partition('1'), partition('2', `${partedFolder}/two`)];
    await plan({ tables: ['rh.parted'] }, { change });
    expect(tableOf().notes.map(({ code }) => code)).toContain('PROJECTION_UNFIT');
    expect(tableOf().definition?.parameters['projection.enabled']).toBeUndefined();
  });

  it('computes no partitions where one is stored otherwise than its table, in whatever order they are listed', async () => {
    const text = textFormat({ 'field.delim': ',' });
    const parted = sketchTable({
      database: 'rh',
      name: 'parted',
      columns: ['a string'],
      partitionKeys: ['p string'],
      format: text,
    });
    tables = [parted];
    const own = (value: string, storage: Partial<Partition['storage']>): Partition => {
      const partition = sketchPartition(parted, [value]);
      return { ...partition, storage: { ...partition.storage, ...storage } };
    };
    const why = async (...different: Partition[]): Promise<string | undefined> => {
      partitions = [sketchPartition(parted, ['1']), ...different];
      for (const one of partitions) files.addDirectory(folderOf(one));
      const rules = { offPath: 'relocate', missingFolder: 'skip', otherFormat: 'register', projection: true } as const;
      await plan({ tables: ['rh.parted'] }, { change: changing('rh.parted', { partitions: rules }) });
      const { definition, notes } = writer.items.get('table:rh.parted') as TableItem;
      const unfit = notes.find(({ code }) => code === 'PROJECTION_UNFIT');
      expect(definition?.parameters['projection.enabled']).toBe(unfit === undefined ? 'true' : undefined);
      return unfit?.text.replace(/^.*left out: /, '');
    };
    const semicolons = own('2', { serde: textFormat({ 'field.delim': ';' }).serde });
    expect(await why()).toBeUndefined();
    expect(await why(semicolons)).toMatch(/^partition p=2 has the SerDe parameter field.delim of its own/);
    expect(await why(own('2', ORC))).toMatch(/^partition p=2 has a file format/);
    expect(await why(own('2', { columns: [] }), own('3', ORC))).toMatch(/^partition p=2 has columns/);
    expect(await why(own('2', { columns: [...parted.storage.columns, { name: 'b', type: 'int' }] }))).toBeUndefined();
  });

  it('refuses what lies on another cluster or store, and says which setting would allow it', async () => {
    partitions = [sketchPartition(PARTED, ['1']), sketchPartition(PARTED, ['2'])];
    partitions[1] = { ...partitions[1]!, storage: { ...partitions[1]!.storage, location: 'hdfs://other:8020/x' } };
    tables = [{ ...PLAIN, storage: { ...PLAIN.storage, location: 's3a://bucket/x' } }, PARTED];
    await plan({ tables: ['rh.*'] });
    expect(writer.verdictOf('table:rh.plain')).toBe('refuse LOCATION_SCHEME');
    expect(writer.verdictOf('partition:rh.parted/p=2')).toBe('refuse LOCATION_OTHER_CLUSTER');
    expect(writer.items.get('partition:rh.parted/p=2')?.reason?.hint).toContain('source.hdfs.authorities');
    expect(writer.verdictOf('table:rh.parted')).toBe('copy');
  });

  it('notes partitions that differ from their table', async () => {
    const other = sketchPartition(PARTED, ['1']);
    partitions = [{ ...other, storage: { ...other.storage, ...ORC, columns: [{ name: 'a', type: 'int' }] } }];
    files.addDirectory(`${partedFolder}/p=1`);
    await plan({ tables: ['rh.parted'] });
    expect(writer.verdictOf('partition:rh.parted/p=1')).toBe('needs-decision PARTITION_OTHER_FORMAT');
    const rules = { offPath: 'relocate', missingFolder: 'refuse', otherFormat: 'register' } as const;
    await plan({ tables: ['rh.parted'] }, { change: changing('rh.parted', { partitions: rules }) });
    expect(writer.verdictOf('partition:rh.parted/p=1')).toBe('copy PARTITION_OTHER_COLUMNS');
    const { notes } = writer.items.get('table:rh.parted') as TableItem;
    expect(notes.map(({ code }) => code)).toEqual(['PARTITIONS_OTHER_COLUMNS', 'PARTITIONS_OTHER_FORMAT']);
  });

  it('notes NULL in a partition key, text or not', async () => {
    const typed = {
      ...PARTED,
      partitionKeys: [
        { name: 'p', type: 'string' },
        { name: 'n', type: 'int' },
      ],
    };
    tables = [typed];
    const codes = () => (writer.items.get('table:rh.parted') as TableItem).notes.map(({ code }) => code);
    partitions = [sketchPartition(typed, ['__HIVE_DEFAULT_PARTITION__', '1'])];
    await plan({ tables: ['rh.parted'] });
    expect(codes()).toEqual(['DEFAULT_PARTITION_TEXT']);
    partitions = [sketchPartition(typed, ['a', '1'])];
    await plan({ tables: ['rh.parted'] });
    expect(codes()).toEqual([]);
    partitions = [sketchPartition(typed, ['a', '__HIVE_DEFAULT_PARTITION__'])];
    await plan({ tables: ['rh.parted'] });
    expect(codes()).toEqual(['DEFAULT_PARTITION_TYPED']);
    const indexed = (index: readonly string[]) =>
      changing('rh.parted', { partitions: { offPath: 'relocate', missingFolder: 'register-empty', index } });
    await plan({ tables: ['rh.parted'] }, { change: indexed(['p']) });
    expect(writer.verdictOf('table:rh.parted')).toBe('copy');
    await plan({ tables: ['rh.parted'] }, { change: indexed(['p', 'n']) });
    expect(writer.verdictOf('table:rh.parted')).toBe('needs-decision PARTITION_INDEX');
    partitions = [sketchPartition(typed, ['a\u0001', '1'])];
    await plan({ tables: ['rh.parted'] }, { change: indexed(['p']) });
    expect(writer.verdictOf('table:rh.parted')).toBe('needs-decision PARTITION_INDEX');
    await plan({ tables: ['rh.parted'] }, { change: indexed(['n']) });
    expect(writer.verdictOf('table:rh.parted')).toBe('copy');
  });

  it('refuses partitions that lie in folders by value, whose table says nothing of it any more', async () => {
    const [plain, listed] = ['1', '2'].map((value) => sketchPartition(PARTED, [value]));
    const storage = { ...listed!.storage, skewedColumns: ['a'], isStoredAsSubDirectories: true };
    partitions = [plain!, { ...listed!, storage }];
    await plan({ tables: ['rh.parted'] });
    expect(writer.verdictOf('partition:rh.parted/p=2')).toBe('refuse LIST_BUCKETING');
    expect(writer.verdictOf('partition:rh.parted/p=1')).not.toContain('LIST_BUCKETING');
    expect(writer.verdictOf('table:rh.parted')).toBe('copy');
  });

  it('asks about text in a compression that Athena does not read, table by table and partition by partition', async () => {
    const parted = { ...PARTED, storage: { ...PARTED.storage, ...textFormat({}) } };
    tables = [PLAIN, parted];
    partitions = [sketchPartition(parted, ['1']), sketchPartition(parted, ['2'])];
    files.addFile(`${plainFolder}/a.gz`);
    files.addFile(`${plainFolder}/b.deflate`);
    files.addFile(`${partedFolder}/p=1/a.gz`, 2 ** 30);
    files.addFile(`${partedFolder}/p=1/a.bz2`, 2 ** 30);
    files.addFile(`${partedFolder}/p=2/a.deflate`);
    await plan({ tables: ['rh.*'] });
    expect(writer.verdictOf('table:rh.plain')).toBe('needs-decision CODEC_UNSUPPORTED');
    expect(writer.verdictOf('partition:rh.parted/p=1')).toBe('copy');
    expect(writer.verdictOf('partition:rh.parted/p=2')).toBe('needs-decision CODEC_UNSUPPORTED');
    // No byte of them moves before somebody decides.
    const held = writer.ids('file').filter((id) => writer.verdictOf(id) === 'needs-decision CODEC_UNSUPPORTED');
    expect(held.map((id) => id.slice(id.lastIndexOf('/') + 1))).toEqual(['a.deflate', 'a.gz', 'b.deflate']);
    expect(writer.ids('file').filter((id) => writer.verdictOf(id) === 'copy')).toHaveLength(2);
    expect((writer.items.get('table:rh.parted') as TableItem).notes).toMatchObject([
      { code: 'CODEC_NOT_SPLITTABLE', text: expect.stringMatching(/^1 /) as string },
    ]);
  });

  it.each(['xz', 'br', '4mc', 'zip', 'lz'])(
    'asks about text in .%s, which no more than the cluster reads',
    async (suffix) => {
      tables = [{ ...PLAIN, storage: { ...PLAIN.storage, ...textFormat({}) } }];
      files.addFile(`${plainFolder}/a.${suffix}`);
      await plan({ tables: ['rh.*'] });
      expect(writer.verdictOf('table:rh.plain')).toBe('needs-decision CODEC_UNSUPPORTED');
      expect((writer.items.get('table:rh.plain') as TableItem).reason?.hint).toContain('unpacked first');
    },
  );

  it('asks of every partition that shares a folder what it asks of the first: none is registered without its files', async () => {
    const parted = { ...PARTED, storage: { ...PARTED.storage, ...textFormat({}) } };
    tables = [parted];
    const folder = `${partedFolder}/p=1`;
    partitions = [sketchPartition(parted, ['1']), sketchPartition(parted, ['2'], folder)];
    files.addFile(`${folder}/a.deflate`);
    await plan({ tables: ['rh.*'] });
    for (const name of ['p=1', 'p=2'])
      expect(writer.verdictOf(`partition:rh.parted/${name}`)).toBe('needs-decision CODEC_UNSUPPORTED');
    expect(writer.ids('file').map((id) => writer.verdictOf(id))).toEqual(['needs-decision CODEC_UNSUPPORTED']);
  });

  it('asks so too where the first of them is stopped before its files are looked at', async () => {
    partitions = ['a@example.org', 'b'].map((value) => sketchPartition(PARTED, [value], `${partedFolder}/both`));
    files.addFile(`${partedFolder}/both/f`);
    await plan({ tables: ['rh.parted'] });
    for (const id of writer.ids('partition')) expect(writer.verdictOf(id)).toBe('needs-decision PERSONAL_PARTITION');
    expect(writer.ids('partition')).toHaveLength(2);
    expect(JSON.stringify([...writer.items.values()].map(({ reason }) => reason))).not.toContain('a@example');
  });

  it('leaves the partition of a file with a verdict of its own out, with that code, and copies its other files', async () => {
    const personal = 'anne.martin@example.org.parquet';
    const [asked, refused] = [`${partedFolder}/p=1`, `${partedFolder}/p=3`];
    const below = Array.from({ length: 5 }, () => 'é'.repeat(120)).join('/');
    partitions = [
      ...['1', '2', '3'].map((value) => sketchPartition(PARTED, [value])),
      sketchPartition(PARTED, ['4'], asked),
    ];
    for (const folder of [asked, `${partedFolder}/p=2`, refused]) files.addFile(`${folder}/f`);
    files.addFile(`${asked}/${personal}`);
    files.addFile(`${refused}/${below}`);
    const verdicts = () => Object.fromEntries([...writer.items.keys()].map((id) => [id, writer.verdictOf(id)]));
    const ofFiles = {
      'file:acme-raw/rh/parted/p=1/f': 'copy',
      'file:acme-raw/rh/parted/p=2/f': 'copy',
      'file:acme-raw/rh/parted/p=3/f': 'copy',
      [`file:acme-raw/rh/parted/p=3/${below}`]: 'refuse KEY_TOO_LONG',
    };
    await plan({ tables: ['rh.parted'] });
    expect(verdicts()).toEqual({
      ...ofFiles,
      [`file:acme-raw/rh/parted/p=1/${personal}`]: 'needs-decision PERSONAL_NAME',
      'table:rh.parted': 'copy',
      'partition:rh.parted/p=1': 'needs-decision PERSONAL_NAME',
      'partition:rh.parted/p=2': 'copy',
      'partition:rh.parted/p=3': 'refuse KEY_TOO_LONG',
      'partition:rh.parted/p=4': 'needs-decision PERSONAL_NAME',
    });
    const { reason, definition } = writer.items.get('partition:rh.parted/p=1') as PartitionItem;
    expect(reason?.text).toMatch(/^1 of its files is left out/);
    expect(reason?.hint).toContain('names: mask');
    expect([JSON.stringify(reason).includes('anne.martin'), definition]).toEqual([false, undefined]);

    await plan({ tables: ['rh.parted'] }, { change: changing('rh.parted', { names: 'mask' }) });
    expect(verdicts()).toMatchObject({
      ...ofFiles,
      'partition:rh.parted/p=1': 'copy',
      'partition:rh.parted/p=3': 'refuse KEY_TOO_LONG',
      'partition:rh.parted/p=4': 'copy PARTITION_SHARED_FOLDER',
    });

    // Athena would compute the partition, and read what is there of it.
    const projected = { offPath: 'relocate', missingFolder: 'skip', projection: true } as const;
    await plan({ tables: ['rh.parted'] }, { change: changing('rh.parted', { partitions: projected }) });
    expect(verdicts()).toMatchObject({
      'file:acme-raw/rh/parted/p=1/f': 'needs-decision PERSONAL_NAME',
      'file:acme-raw/rh/parted/p=2/f': 'copy',
      'file:acme-raw/rh/parted/p=3/f': 'refuse KEY_TOO_LONG',
      'table:rh.parted': 'copy',
    });
  });

  it('takes the ends of names for codecs in text only, and leaves the index of an LZO file out', async () => {
    tables = [{ ...PLAIN, storage: { ...PLAIN.storage, ...PARQUET } }];
    files.addFile(`${plainFolder}/b.deflate`);
    files.addFile(`${plainFolder}/a.lzo`);
    files.addFile(`${plainFolder}/a.lzo.index`);
    await plan({ tables: ['rh.plain'] });
    expect(writer.verdictOf('table:rh.plain')).toBe('copy');
    expect(writer.verdictOf(`path:rh.plain:${plainFolder}/a.lzo.index`)).toBe('skip LZO_INDEX');
  });

  describe('an Avro table whose schema is a file', () => {
    const library = 'org.apache.hadoop.hive.serde2.avro.AvroSerDe';
    const inputFormat = 'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat';
    const schema = { type: 'record', name: 'r', fields: [{ name: 'Nom', type: ['null', 'string'] }] };
    const planWith = async (url: string): Promise<TableItem> => {
      const parameters = { 'avro.schema.url': url };
      tables = [
        { ...PLAIN, parameters, storage: { ...PLAIN.storage, inputFormat, serde: { library, parameters: {} } } },
      ];
      await plan({ tables: ['rh.plain'] });
      return writer.items.get('table:rh.plain') as TableItem;
    };

    it.each(['hdfs://sandbox/schemas/r.avsc', '/schemas/r.avsc'])(
      'has it written into the definition: %s',
      async (url) => {
        files.addText('/schemas/r.avsc', JSON.stringify(schema, undefined, 2));
        const { definition, notes } = await planWith(url);
        expect(notes.map(({ code }) => code)).toEqual(
          expect.arrayContaining(['AVRO_SCHEMA_INLINED', 'COLUMNS_NOT_MAPPED', 'COLUMNS_VANISHED']),
        );
        expect(definition).toMatchObject({
          storage: {
            columns: [{ name: 'nom', type: 'string' }],
            serdeParameters: { 'avro.schema.literal': JSON.stringify(schema) },
          },
        });
        expect(JSON.stringify(definition)).not.toContain('avro.schema.url');
      },
    );

    it.each([
      ['hdfs://sandbox/schemas/gone.avsc', 'AVRO_SCHEMA_URL'],
      ['hdfs://other:8020/schemas/r.avsc', 'AVRO_SCHEMA_URL'],
      ['https://registry.example/r', 'AVRO_SCHEMA_URL'],
      ['schemas/r.avsc', 'AVRO_SCHEMA_URL'],
      ['/schemas', 'AVRO_SCHEMA_URL'],
      ['/schemas/odd.avsc', 'AVRO_SCHEMA_UNREADABLE'],
    ])('that cannot be read needs a decision: %s', async (url, code) => {
      files.addText('/schemas/odd.avsc', '{');
      expect((await planWith(url)).reason).toMatchObject({
        code,
        hint: expect.stringContaining('avro.schema.literal') as string,
      });
    });
  });

  it('refuses a table that the source does not know and suggests one it does; the plan goes on', async () => {
    await plan({ tables: ['rh.plian', 'hr.plain', 'rh.plain'] });
    expect(writer.verdictOf('table:rh.plian')).toBe('refuse SOURCE_TABLE_NOT_FOUND');
    expect(writer.items.get('table:rh.plian')?.reason?.hint).toContain('rh.plain');
    expect(writer.items.get('table:hr.plain')?.reason?.text).toContain('no database "hr"');
    expect(writer.verdictOf('table:rh.plain')).toBe('copy');
  });

  it('refuses a table whose folder may not be listed; the plan goes on', async () => {
    files.fail(plainFolder, denied);
    await plan({ tables: ['rh.*'] });
    expect(writer.verdictOf('table:rh.plain')).toBe('refuse CANNOT_READ_TABLE');
    expect(writer.verdictOf('table:rh.parted')).toBe('copy');
  });

  it('refuses a table of which one directory may not be listed, rather than register it with rows missing', async () => {
    files.addFile(`${plainFolder}/1/f`);
    files.addFile(`${plainFolder}/2/f`);
    files.fail(`${plainFolder}/2`, denied);
    await plan({ tables: ['rh.plain'] });
    expect(writer.verdictOf('table:rh.plain')).toBe('refuse CANNOT_LIST_ALL');
    expect(writer.ids('file').map((id) => writer.verdictOf(id))).toEqual(['refuse CANNOT_LIST_ALL']);
    expect(writer.verdictOf(`path:rh.plain:${plainFolder}/2`)).toBe('refuse CANNOT_LIST');
  });

  it('throws when the cluster cannot be reached, and leaves no plan', async () => {
    files.fail(plainFolder, new LakeliftError('connection refused', { kind: 'unavailable', code: 'HDFS_UNAVAILABLE' }));
    await expect(plan({ tables: ['rh.*'] })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(writer.isAbandoned).toBe(true);
  });

  it('follows the decisions of the mapping', async () => {
    tables = [
      PLAIN,
      PARTED,
      sketchTable({
        database: 'rh',
        name: 'v',
        type: 'VIRTUAL_VIEW',
        columns: ['a int'],
        format: ORC,
        viewText: 'SELECT rand() r',
      }),
    ];
    await plan({ tables: ['rh.*'] });
    expect(writer.verdictOf('view:rh.v')).toBe('needs-decision VIEW_NOT_TRANSLATED');
    await plan({ tables: ['rh.*'] }, { change: changing('rh.v', { skip: 'rebuilt by hand' }) });
    expect(writer.items.get('view:rh.v')).toMatchObject({ verdict: 'skip', reason: { text: 'rebuilt by hand' } });
    await plan({ tables: ['rh.plain'] }, { change: (mapping) => ({ ...mapping, tables: {} }) });
    expect(writer.verdictOf('table:rh.plain')).toBe('needs-decision TABLE_NOT_MAPPED');
  });

  it('refuses two tables that the mapping sends to one', async () => {
    const target = { zone: 'raw', database: 'raw_rh', table: 'parted' } as const;
    await plan({ tables: ['rh.*'] }, { change: changing('rh.plain', { target }) });
    expect(writer.verdictOf('table:rh.plain')).toBe('refuse TARGET_TABLE_COLLISION');
    expect(writer.verdictOf('table:rh.parted')).toBe('refuse TARGET_TABLE_COLLISION');
  });

  it('throws before anything moves when two files claim one key', async () => {
    files.addFile('/data/a/f');
    files.addFile('/data/b/f');
    const target = { zone: 'raw', prefix: 'data' } as const;
    const change = (mapping: Mapping) => ({ ...mapping, paths: { '/data/a': { target }, '/data/b': { target } } });
    await expect(plan({ paths: ['/data/a', '/data/b'] }, { change })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'PLAN_COLLISION',
    });
    expect(writer.isAbandoned).toBe(true);
  });

  it('throws when a zone of the mapping has no bucket', async () => {
    const change = changing('rh.plain', { target: { zone: 'cleaned', database: 'd', table: 't' } });
    await expect(plan({ tables: ['rh.plain'] }, { change })).rejects.toMatchObject({
      kind: 'usage',
      code: 'ZONE_NOT_CONFIGURED',
    });
  });

  it('plans plain directories, where an underscore hides nothing', async () => {
    files.addFile('/data/rh/dsn/2024/_recu.csv');
    files.addFile('/data/rh/dsn/2024/a.dsn');
    await plan({ paths: ['/data/rh/dsn', '/data/nowhere'] }, { prefix: 'z' });
    expect(writer.ids('file')).toEqual([
      'file:acme-raw/z/data/rh/dsn/2024/_recu.csv',
      'file:acme-raw/z/data/rh/dsn/2024/a.dsn',
    ]);
    expect(writer.verdictOf('path:/data/rh/dsn')).toBe('copy');
    expect(writer.verdictOf('path:/data/nowhere')).toBe('refuse SOURCE_PATH_NOT_FOUND');
  });

  it('gives the same hash for the same inventory and another for a changed one', async () => {
    for (let index = 0; index < 40; index++) files.addFile(`${plainFolder}/${index % 7}/${index}`, index);
    const hashes: string[] = [];
    for (let round = 0; round < 3; round++) hashes.push((await plan({ tables: ['rh.*'] })).finish().hash);
    expect(new Set(hashes).size).toBe(1);
    files.addFile(`${plainFolder}/0/0`, 99);
    expect((await plan({ tables: ['rh.*'] })).finish().hash).not.toBe(hashes[0]);
  });

  it('lets names that tell a person wait until somebody says that they may go', async () => {
    const nir = '185057800608491';
    // An instant in milliseconds has the form of a NIR without key, and any ten digits that of a telephone number.
    const passing = ['part-1701200000000', `${nir.slice(0, 13)}.pdf`, '0612345678.csv'];
    const names = [`dossier ${nir}.pdf`, 'anne.martin@example.org.csv', '06 12 34 56 78.txt', ...passing];
    for (const name of names) {
      files.addFile(`/data/x/${name}`);
      files.addFile(`${plainFolder}/${name}`);
    }
    partitions = [sketchPartition(PARTED, [nir]), sketchPartition(PARTED, ['2024'])];
    for (const { storage } of partitions) files.addFile(`${storage.location!.replace('hdfs://sandbox', '')}/f`);
    const source = { tables: ['rh.*'], paths: ['/data/x'] };
    await plan(source);
    const undecided = () =>
      [...writer.items.values()].flatMap(({ id, verdict, reason }) =>
        verdict === 'needs-decision' ? [`${reason!.code} ${id}`] : [],
      );
    expect(undecided().sort()).toEqual([
      'PERSONAL_NAME file:acme-raw/data/x/06 12 34 56 78.txt',
      'PERSONAL_NAME file:acme-raw/data/x/anne.martin@example.org.csv',
      `PERSONAL_NAME file:acme-raw/data/x/dossier ${nir}.pdf`,
      'PERSONAL_NAME file:acme-raw/rh/plain/06 12 34 56 78.txt',
      'PERSONAL_NAME file:acme-raw/rh/plain/anne.martin@example.org.csv',
      `PERSONAL_NAME file:acme-raw/rh/plain/dossier ${nir}.pdf`,
      `PERSONAL_PARTITION partition:rh.parted/p=${nir}`,
    ]);
    for (const { reason } of writer.items.values()) expect(JSON.stringify(reason ?? '')).not.toContain(nir);

    await plan(source, {
      change: ({ tables: all, paths, ...mapping }) => ({
        ...mapping,
        tables: {
          'rh.plain': { ...all['rh.plain']!, names: 'mask' },
          'rh.parted': { ...all['rh.parted']!, columns: { p: { class: 'identifier' } } },
        },
        paths: { '/data/x': { ...paths['/data/x']!, names: 'mask' } },
      }),
    });
    expect(undecided()).toEqual([]);
  });
});
