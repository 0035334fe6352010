import { beforeEach, describe, expect, it } from 'vitest';
import type { TableMapping } from '../../../src/domain/mapping.ts';
import { hdfsPath } from '../../../src/domain/names.ts';
import type { TableItem } from '../../../src/domain/plan.ts';
import { conversionGap } from '../../../src/domain/rules/converted-table.ts';
import type { Table } from '../../../src/domain/table.ts';
import { STAMP, type TargetTable } from '../../../src/domain/target-table.ts';
import { folderOf, ORC, sketchPartition, sketchTable, textFormat } from '../../../src/sandbox/lake/lake-table.ts';
import { proposeMapping } from '../../../src/steps/map.ts';
import { planUseCase } from '../../../src/steps/plan/plan-use-case.ts';
import { MemoryPlanWriter } from './memory-plan-writer.ts';
import { MemoryCatalog, MemoryFileSystem } from './memory-source.ts';
import { MIGRATION } from '../small-migration.ts';

const TRANSACTIONAL = { transactional: 'true', 'orc.compress': 'ZLIB', comment: 'Salariés' };
const ACID: Table = {
  ...sketchTable({ database: 'rh', name: 'acid', columns: ['a string', 'n tinyint'], format: ORC }),
  parameters: TRANSACTIONAL,
};
const PLAIN = sketchTable({ database: 'rh', name: 'plain', columns: ['a string'], format: textFormat({}) });
const convert = { storage: 'convert' } as const;

describe('planning a table that is converted', () => {
  let files: MemoryFileSystem;
  let catalog: MemoryCatalog;

  beforeEach(() => {
    files = new MemoryFileSystem();
    for (const table of [ACID, PLAIN]) files.addDirectory(folderOf(table));
    catalog = new MemoryCatalog([ACID, PLAIN]);
    catalog.writeState = '1-3';
  });

  async function plan(
    change: Partial<TableMapping>,
    {
      hasHiveServer2 = true,
      hasStaging = true,
      standing,
    }: { hasHiveServer2?: boolean; hasStaging?: boolean; standing?: TargetTable } = {},
  ): Promise<Map<string, TableItem>> {
    const { mapping } = await proposeMapping(MIGRATION, catalog);
    const tables = Object.fromEntries(
      Object.entries(mapping.tables).map(([name, table]) => [name, { ...table, ...change }]),
    );
    const writer = new MemoryPlanWriter();
    await planUseCase({
      migration: MIGRATION,
      mapping: { ...mapping, tables },
      zones: { raw: { bucket: 'acme-raw', prefix: '' }, cleaned: { bucket: 'acme-cleaned', prefix: 'c' } },
      source: files,
      catalog,
      ...(standing === undefined
        ? {}
        : { targetCatalog: { findTable: async () => ({ table: standing, version: '1' }) } }),
      writer,
      clusterAuthorities: ['sandbox'],
      conversionGap: conversionGap({ hasHiveServer2, hasStaging }),
      exporter: {
        staging: { database: 'staging', folder: hdfsPath('/staging') },
        keepsWallTime: async (format) => format === 'orc',
      },
      progress: () => {},
      signal: new AbortController().signal,
    });
    return new Map([...writer.items.values()].map((item) => [item.scope, item as TableItem]));
  }

  const codeOf = (items: Map<string, TableItem>, scope: string): string =>
    `${items.get(scope)!.verdict} ${items.get(scope)!.reason?.code}`;
  const stateOf = async (change: Partial<TableMapping>, scope: string): Promise<string | undefined> =>
    (await plan(change)).get(scope)?.conversion?.state;

  it('says what will be made of it: a plain table of the chosen format, without what only Hive needs', async () => {
    const item = (await plan({ ...convert, convert: { format: 'avro' } })).get('rh.acid')!;
    expect(codeOf(new Map([['rh.acid', item]]), 'rh.acid')).toBe('convert CONVERTED');
    expect(item.definition).toMatchObject({
      description: 'Salariés',
      storage: { serdeLibrary: 'org.apache.hadoop.hive.serde2.avro.AvroSerDe', location: 's3://acme-raw/rh/acid/' },
    });
    expect(item.definition?.storage.columns.map(({ type }) => type)).toEqual(['string', 'int']);
    expect(Object.keys(item.definition!.parameters)).not.toEqual(
      expect.arrayContaining(['transactional', 'orc.compress']),
    );
    expect(item.conversion).toMatchObject({ format: 'avro', state: 'avro of writes 1-3' });
  });

  it('is refused with what to do where the cluster cannot export', async () => {
    expect(codeOf(await plan(convert, { hasHiveServer2: false }), 'rh.acid')).toBe(
      'refuse CONVERSION_NEEDS_HIVESERVER2',
    );
    const items = await plan(convert, { hasStaging: false });
    expect(codeOf(items, 'rh.acid')).toBe('refuse CONVERSION_NEEDS_STAGING');
    expect(items.get('rh.acid')?.reason?.hint).toContain('source.hive.staging');
  });

  it('is refused where another use case exports it already, and not where this one did', async () => {
    const own = (await plan(convert)).get('rh.acid')!.definition!;
    expect(codeOf(await plan(convert, { standing: own }), 'rh.acid')).toBe('convert CONVERTED');
    const others = { ...own, parameters: { ...own.parameters, [STAMP.useCase]: 'payroll' } };
    const item = (await plan(convert, { standing: others })).get('rh.acid')!;
    expect(item).toMatchObject({ verdict: 'refuse', reason: { code: 'CONVERTED_ELSEWHERE' } });
    expect(item.reason?.text).toContain('payroll');
  });

  it('has the index and the projection that its mapping asks for, and no index over what is no key', async () => {
    const parted = { ...ACID, partitionKeys: [{ name: 'p', type: 'string' }] };
    catalog = new MemoryCatalog([parted]);
    const rules = { offPath: 'relocate', missingFolder: 'skip' } as const;
    const planned = (await plan({ ...convert, partitions: { ...rules, index: ['p'], projection: true } })).get(
      'rh.acid',
    )!;
    expect(planned).toMatchObject({ verdict: 'convert', partitionIndex: ['p'], conversion: { isProjected: true } });
    const plain = (await plan(convert)).get('rh.acid')!;
    expect([plain.partitionIndex, plain.conversion?.isProjected]).toEqual([undefined, undefined]);
    const unfit = { ...convert, partitions: { ...rules, index: ['a'] } };
    expect(codeOf(await plan(unfit), 'rh.acid')).toBe('needs-decision PARTITION_INDEX');
  });

  it('goes into raw only where its bytes could not', async () => {
    expect(codeOf(await plan(convert), 'rh.plain')).toBe('refuse CONVERSION_INTO_RAW');
    const target = { zone: 'cleaned', database: 'c', table: 't' } as const;
    const one = (await plan({ ...convert, target })).get('rh.plain')!;
    // Both are mapped to one table here, which the plan refuses first.
    expect(one.reason?.code).toBe('TARGET_TABLE_COLLISION');
    catalog = new MemoryCatalog([PLAIN]);
    const cleaned = (await plan({ ...convert, target })).get('rh.plain')!;
    expect(cleaned.definition?.storage.location).toBe('s3://acme-cleaned/c/rh/plain/');
  });

  it('waits for another format where its timestamps would come out as other times', async () => {
    const times = { ...ACID, storage: { ...ACID.storage, columns: [{ name: 'vu', type: 'array<timestamp>' }] } };
    catalog = new MemoryCatalog([times]);
    const { reason } = (await plan(convert)).get('rh.acid')!;
    expect(reason?.code).toBe('CONVERSION_ZONE');
    expect(reason?.text).toContain('vu');
    expect(codeOf(await plan({ ...convert, convert: { format: 'orc' } }), 'rh.acid')).toBe('convert CONVERTED');
  });

  it.each([
    ['parquet', ['a b int'], 'a b (a blank, or one of ,;{}()= in its name)', 'format: orc }'],
    ['avro', ['1a int'], '1a (a name of', 'format: parquet }" or "convert: { format: orc }'],
    ['avro', ['s array<struct<b.c:int>>'], 's (in its field b.c, a name of', 'format: orc }'],
    ['avro', ['m map<int,string>'], 'm (a map whose keys are no strings)', 'format: parquet }'],
    ['orc', ['nul void'], 'nul (a type without values', 'map that one and set "skip"'],
    ['orc', ['a.b int', 'c int'], 'a.b (a dot or colon in its name)', 'map that one and set "skip"'],
  ] as const)('waits where Hive could not write it as %s: %j', async (format, texts, fault, hint) => {
    const columns = texts.map((text) => {
      const place = text.lastIndexOf(' ');
      return { name: text.slice(0, place), type: text.slice(place + 1) };
    });
    catalog = new MemoryCatalog([{ ...ACID, storage: { ...ACID.storage, columns } }]);
    const { verdict, reason } = (await plan({ ...convert, convert: { format } })).get('rh.acid')!;
    expect([verdict, reason?.code]).toEqual(['needs-decision', 'CONVERSION_COLUMNS']);
    expect(reason?.text).toContain(`Hive cannot write ${format} of ${fault}`);
    expect(reason?.hint).toContain(hint);
  });

  it('takes what Hive writes: letters of any script in Avro, blanks in ORC', async () => {
    const named = (name: string): Table => ({
      ...ACID,
      storage: { ...ACID.storage, columns: [{ name, type: 'map<string,int>' }] },
    });
    catalog = new MemoryCatalog([named('été_2')]);
    expect(codeOf(await plan({ ...convert, convert: { format: 'avro' } }), 'rh.acid')).toBe('convert CONVERTED');
    catalog = new MemoryCatalog([named('a b')]);
    expect(codeOf(await plan({ ...convert, convert: { format: 'orc' } }), 'rh.acid')).toBe('convert CONVERTED');
  });

  it('is refused where a partition lies on another cluster, whose files nobody could watch', async () => {
    const parted = sketchTable({
      database: 'rh',
      name: 'p',
      columns: ['a string'],
      partitionKeys: ['p string'],
      format: ORC,
    });
    const partition = sketchPartition(parted, ['1']);
    const elsewhere = { ...partition, storage: { ...partition.storage, location: 'hdfs://other/w/p' } };
    catalog = new MemoryCatalog([parted], () => [elsewhere]);
    const target = { zone: 'cleaned', database: 'c', table: 't' } as const;
    const item = (await plan({ ...convert, target })).get('rh.p')!;
    expect(item).toMatchObject({
      verdict: 'refuse',
      reason: { text: expect.stringContaining('partition p=1') as string },
    });
  });

  it.each([
    ['its files are watched', {}],
    ['its writes are', TRANSACTIONAL],
  ])(
    'is refused where HiveServer2 reads a partition as empty whose table is skewed no more; %s',
    async (_, parameters) => {
      const keys = { columns: ['a string'], partitionKeys: ['p string'] };
      const parted = { ...sketchTable({ database: 'rh', name: 'p', ...keys, format: ORC }), parameters };
      const [plain, partition] = [sketchPartition(parted, ['0']), sketchPartition(parted, ['1'])];
      const bucketed = { ...partition.storage, skewedColumns: ['a'], isStoredAsSubDirectories: true };
      catalog = new MemoryCatalog([parted], () => [plain, { ...partition, storage: bucketed }]);
      catalog.writeState = '1-3';
      const target = { zone: 'cleaned', database: 'c', table: 't' } as const;
      const { verdict, reason } = (await plan({ ...convert, target })).get('rh.p')!;
      expect([verdict, reason?.text]).toEqual(['refuse', expect.stringMatching(/^partition p=1: list bucketing on a/)]);
      expect(reason?.hint).toContain('mapred.input.dir.recursive');
    },
  );

  describe('of Avro, whose schema has moved on since the metastore was told', () => {
    const schema = (...names: string[]): string =>
      JSON.stringify({ type: 'record', name: 'r', fields: names.map((name) => ({ name, type: 'long' })) });
    const avro: Table = {
      ...PLAIN,
      parameters: { 'avro.schema.url': '/schemas/r.avsc' },
      storage: {
        ...PLAIN.storage,
        inputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat',
        serde: { library: 'org.apache.hadoop.hive.serde2.avro.AvroSerDe', parameters: {} },
        columns: [{ name: 'a', type: 'bigint' }],
      },
    };
    const target = { zone: 'cleaned', database: 'c', table: 't' } as const;
    const columnsOf = (item: TableItem): string[] =>
      item.definition!.storage.columns.map(({ name, type }) => `${name} ${type}`);

    it('has the columns of the schema, and names those that the mapping does not class', async () => {
      catalog = new MemoryCatalog([avro]);
      files.addText('/schemas/r.avsc', schema('A', 'ajout'));
      const item = (await plan({ ...convert, target })).get('rh.plain')!;
      expect(columnsOf(item)).toEqual(['a bigint', 'ajout bigint']);
      expect(item.definition?.storage.serdeParameters).toEqual({ 'serialization.format': '1' });
      expect(item.notes).toMatchObject([{ code: 'COLUMNS_NOT_MAPPED', text: /ajout$/ }]);
      const before = item.conversion?.shape;
      files.addText('/schemas/r.avsc', schema('A'));
      expect((await plan({ ...convert, target })).get('rh.plain')?.conversion?.shape).not.toBe(before);
      expect(codeOf(await plan(convert), 'rh.plain')).toBe('refuse CONVERSION_INTO_RAW');
    });

    it('waits where the schema cannot be read: a column could be left behind', async () => {
      catalog = new MemoryCatalog([avro]);
      expect(codeOf(await plan({ ...convert, target }), 'rh.plain')).toBe('needs-decision AVRO_SCHEMA_URL');
    });
  });

  it('has a state of its rows: the writes that count, else its files; its columns apart', async () => {
    const writes = await stateOf(convert, 'rh.acid');
    files.addFile(`${folderOf(ACID)}/delta_1_1/bucket_0`, 5);
    expect(await stateOf(convert, 'rh.acid')).toBe(writes);
    catalog.writeState = '1-4';
    expect(await stateOf(convert, 'rh.acid')).not.toBe(writes);
    catalog.writeState = undefined;
    const before = await stateOf(convert, 'rh.acid');
    expect(before).toMatch(/^parquet of files [0-9a-f]{32}$/);
    expect(await stateOf(convert, 'rh.acid')).toBe(before);
    files.addFile(`${folderOf(ACID)}/delta_2_2/bucket_0`, 5);
    expect(await stateOf(convert, 'rh.acid')).not.toBe(before);
  });
});
