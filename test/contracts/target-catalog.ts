import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ColumnStatistics, ValueStatistics } from '../../src/domain/column-statistics.ts';
import type { TargetPartition, TargetStorage, TargetTable } from '../../src/domain/target-table.ts';
import { isLakeliftError } from '../../src/errors.ts';
import type { TargetCatalog } from '../../src/ports/target-catalog.ts';

interface CatalogWorld {
  readonly catalog: TargetCatalog;
  close(): Promise<void>;
}

/** What the real service checks and some that only speak its protocol do not; those tests are then left out. */
interface CatalogChecks {
  /** A stale version is refused. */
  readonly versions: boolean;
  /** Limits, duplicate columns, number of partition values. */
  readonly rules: boolean;
  /** Statistics of columns are kept; else asking for them is refused. */
  readonly statistics: boolean;
}

/** What every target catalog must do, shown on the sandbox and on a real server alike. */
export function describeTargetCatalog(checks: CatalogChecks, open: () => Promise<CatalogWorld>): void {
  let world: CatalogWorld;
  let catalog: TargetCatalog;
  const database = `Contract_${randomUUID().replaceAll('-', '')}`;

  beforeAll(async () => {
    world = await open();
    catalog = world.catalog;
    await catalog.createDatabase(database, 'Gestion des absences');
  });
  afterAll(async () => {
    catalog.close();
    await world.close();
  });

  const storage: TargetStorage = {
    columns: [
      { name: 'nir', type: 'string', comment: 'numéro de sécurité sociale' },
      { name: 'jours', type: 'decimal(10,2)' },
      { name: 'detail', type: 'array<struct<code:string,Libelle:string>>' },
    ],
    location: 's3://raw/rh/arret travail/',
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    serdeLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
    serdeParameters: { 'field.delim': '\u0001', 'serialization.null.format': '\\N' },
    isCompressed: false,
    bucketCount: 4,
    bucketColumns: ['nir'],
    sortColumns: [
      { column: 'nir', order: 'asc' },
      { column: 'jours', order: 'desc' },
    ],
  };
  const tableNamed = (name: string, changes: Partial<TargetTable> = {}): TargetTable => ({
    database: database.toLowerCase(),
    name,
    type: 'EXTERNAL_TABLE',
    description: 'Arrêts de travail',
    owner: 'rh-data',
    partitionKeys: [
      { name: 'annee', type: 'int', comment: 'année' },
      { name: 'dep', type: 'string' },
    ],
    storage,
    parameters: { classification: 'csv', 'lakelift.source': 'rh.arret_travail' },
    ...changes,
  });
  const partition = (annee: number, dep: string): TargetPartition => ({
    values: [String(annee), dep],
    storage: { ...storage, location: `s3://raw/rh/arret travail/annee=${annee}/dep=${dep}/` },
    parameters: { 'lakelift.run-id': 'r1' },
  });
  const kindOf = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => new Error('it succeeded'),
      (thrown: unknown) => thrown,
    );
    if (!isLakeliftError(error)) throw error;
    expect(error.hint).toBeTruthy();
    return error.kind;
  };
  const valuesOf = async (name: string) =>
    (await Array.fromAsync(catalog.listPartitions({ database, name }))).map(({ values }) => values);

  describe('databases', () => {
    it('finds them whatever the case of the name', async () => {
      expect(await catalog.hasDatabase(database)).toBe(true);
      expect(await catalog.hasDatabase(database.toUpperCase())).toBe(true);
      expect(await catalog.hasDatabase('lakelift_no_such_database')).toBe(false);
    });

    it('says conflict of one that exists', async () => {
      expect(await kindOf(catalog.createDatabase(database, ''))).toBe('conflict');
    });
  });

  describe('tables', () => {
    it('gives back exactly what was created', async () => {
      const table = tableNamed('exact');
      await catalog.createTable(table);
      expect((await catalog.findTable({ database, name: 'EXACT' }))?.table).toEqual(table);
    });

    it('keeps tables without partition keys, and views with their text', async () => {
      const plain = tableNamed('plain', { partitionKeys: [], description: undefined, owner: undefined });
      await catalog.createTable(plain);
      expect((await catalog.findTable(plain))?.table).toEqual(plain);
      const view = tableNamed('view_one', {
        type: 'VIRTUAL_VIEW',
        partitionKeys: [],
        storage: {
          columns: [{ name: 'n', type: 'bigint' }],
          location: undefined,
          inputFormat: undefined,
          outputFormat: undefined,
          serdeLibrary: undefined,
          serdeParameters: {},
          isCompressed: false,
          bucketCount: -1,
          bucketColumns: [],
          sortColumns: [],
        },
        viewOriginalText: '/* Presto View: eyJ9 */',
        viewExpandedText: '/* Presto View */',
      });
      await catalog.createTable(view);
      expect((await catalog.findTable(view))?.table).toEqual(view);
    });

    it('finds nothing where nothing is', async () => {
      expect(await catalog.findTable({ database, name: 'nothing' })).toBeUndefined();
      expect(await catalog.findTable({ database: 'lakelift_no_such_database', name: 'nothing' })).toBeUndefined();
    });

    it('lists every table once, more than fit into one call, and none of a database that does not exist', async () => {
      const listed = `${database}_listed`;
      await catalog.createDatabase(listed, '');
      expect(await Array.fromAsync(catalog.listTables(listed))).toEqual([]);
      const tables = Array.from({ length: 120 }, (_, n) => tableNamed(`t${n}`, { database: listed.toLowerCase() }));
      for (const table of tables) await catalog.createTable(table);
      const byName = (all: readonly TargetTable[]) => all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const found = await Array.fromAsync(catalog.listTables(listed.toUpperCase()));
      expect(byName(found)).toEqual(byName(tables));
      expect(await Array.fromAsync(catalog.listTables('lakelift_no_such_database'))).toEqual([]);
    });

    it('says conflict of a table that exists, and not-found of a database that does not', async () => {
      await catalog.createTable(tableNamed('twice'));
      expect(await kindOf(catalog.createTable(tableNamed('twice')))).toBe('conflict');
      const elsewhere = tableNamed('elsewhere', { database: 'lakelift_no_such_database' });
      expect(await kindOf(catalog.createTable(elsewhere))).toBe('not-found');
    });

    it('replaces a table at the version that was read', async () => {
      await catalog.createTable(tableNamed('updated'));
      const { version } = (await catalog.findTable({ database, name: 'updated' }))!;
      const wanted = tableNamed('updated', { description: 'changed', parameters: { a: 'b' } });
      await catalog.updateTable(wanted, version);
      const after = (await catalog.findTable(wanted))!;
      expect(after.table).toEqual(wanted);
      expect(after.version).not.toBe(version);
    });

    it('says not-found when the table to replace is gone', async () => {
      expect(await kindOf(catalog.updateTable(tableNamed('gone'), undefined))).toBe('not-found');
    });

    if (checks.versions)
      it('says conflict when the table changed since it was read', async () => {
        await catalog.createTable(tableNamed('stale'));
        const { version } = (await catalog.findTable({ database, name: 'stale' }))!;
        await catalog.updateTable(tableNamed('stale', { description: 'theirs' }), version);
        const ours = tableNamed('stale', { description: 'ours' });
        expect(await kindOf(catalog.updateTable(ours, version))).toBe('conflict');
        expect((await catalog.findTable(ours))?.table.description).toBe('theirs');
      });

    if (checks.rules)
      it('says usage of a table that breaks a rule of the catalog', async () => {
        const columns = [...storage.columns, { name: 'DEP', type: 'string' }];
        const broken = tableNamed('broken', { storage: { ...storage, columns } });
        expect(await kindOf(catalog.createTable(broken))).toBe('usage');
      });
  });

  describe('partitions', () => {
    it('creates more than fit into one call, and lists every one exactly once', async () => {
      await catalog.createTable(tableNamed('many'));
      const partitions = Array.from({ length: 2345 }, (_, n) => partition(1900 + (n % 100), `dép ${n}/=%`));
      const results = await catalog.createPartitions({ database, name: 'many' }, partitions);
      expect(results.map(({ values }) => values)).toEqual(partitions.map(({ values }) => values));
      expect(results.filter(({ error }) => error !== undefined)).toEqual([]);
      const listed = await valuesOf('many');
      const sorted = (all: (readonly string[])[]) => all.map((values) => JSON.stringify(values)).sort();
      expect(sorted(listed)).toEqual(sorted(partitions.map(({ values }) => values)));
    });

    it('gives back location, formats and parameters of a partition', async () => {
      await catalog.createTable(tableNamed('one_partition'));
      const wanted = partition(2024, '2A');
      await catalog.createPartitions({ database, name: 'one_partition' }, [wanted]);
      const [found] = await Array.fromAsync(catalog.listPartitions({ database, name: 'one_partition' }));
      expect({ ...found, storage: { ...found!.storage, columns: [] } }).toEqual({
        ...wanted,
        storage: { ...wanted.storage, columns: [] },
      });
    });

    it('says of each partition whether it was made, in their order', async () => {
      const ref = { database, name: 'some' };
      await catalog.createTable(tableNamed('some'));
      await catalog.createPartitions(ref, [partition(2023, '75')]);
      const results = await catalog.createPartitions(ref, [
        partition(2022, '75'),
        partition(2023, '75'),
        partition(2024, '75'),
      ]);
      expect(results.map(({ error }) => error?.code)).toEqual([undefined, 'GLUE_ALREADY_EXISTS', undefined]);
      expect(await valuesOf('some')).toHaveLength(3);
    });

    it('replaces partitions, and says not-found of those that are not there', async () => {
      const ref = { database, name: 'replaced' };
      await catalog.createTable(tableNamed('replaced'));
      await catalog.createPartitions(ref, [partition(2023, '75'), partition(2024, '75')]);
      const wanted = { ...partition(2023, '75'), parameters: { moved: 'yes' } };
      const results = await catalog.updatePartitions(ref, [partition(1999, '75'), wanted]);
      expect(results.map(({ error }) => error?.code)).toEqual(['GLUE_NOT_FOUND', undefined]);
      const listed = await Array.fromAsync(catalog.listPartitions(ref));
      const parameters = listed.map((found) => [found.values[0], found.parameters]).sort();
      expect(parameters).toEqual([
        ['2023', { moved: 'yes' }],
        ['2024', { 'lakelift.run-id': 'r1' }],
      ]);
    });

    it('lists nothing for a table without partitions, and says not-found where there is no table', async () => {
      await catalog.createTable(tableNamed('bare'));
      expect(await valuesOf('bare')).toEqual([]);
      expect(await catalog.createPartitions({ database, name: 'bare' }, [])).toEqual([]);
      expect(await kindOf(valuesOf('nothing'))).toBe('not-found');
      expect(await kindOf(catalog.createPartitions({ database, name: 'nothing' }, [partition(1, '1')]))).toBe(
        'not-found',
      );
    });

    if (checks.rules)
      it('says usage of values that do not fit the partition keys, and makes the others', async () => {
        const ref = { database, name: 'misfit' };
        await catalog.createTable(tableNamed('misfit'));
        const misfit = { ...partition(2024, '75'), values: ['2024'] };
        const results = await catalog.createPartitions(ref, [misfit, partition(2024, '75')]);
        expect(results.map(({ error }) => error?.code)).toEqual(['GLUE_INVALID', undefined]);
      });

    it('stops when asked to, with the reason given', async () => {
      const work = catalog.hasDatabase(database, AbortSignal.abort(new Error('stop')));
      await expect(work).rejects.toSatisfy((error) => !isLakeliftError(error));
    });
  });

  describe('statistics of columns', () => {
    const rows: readonly Row[] = [
      ['yes', 'boolean', { kind: 'boolean', trues: 3, falses: 2, nulls: 1 }],
      ['n', 'bigint', { kind: 'long', least: -(2 ** 53) + 1, greatest: 2 ** 53 - 1, nulls: 0, distinct: 9 }],
      ['ratio', 'double', { kind: 'double', least: -0.1, greatest: 1e300, nulls: 0, distinct: 9 }],
      [
        'jours',
        'decimal(38,2)',
        {
          kind: 'decimal',
          least: { unscaled: `-${'9'.repeat(38)}`, scale: 2 },
          greatest: { unscaled: '128', scale: 2 },
          nulls: 7,
          distinct: 2,
        },
      ],
      ['debut', 'date', { kind: 'date', least: -141_428, greatest: 19_782, nulls: 0, distinct: 12 }],
      ['nir', 'string', { kind: 'string', longestBytes: 13, averageBytes: 12.75, nulls: 2, distinct: 40 }],
      ['scan', 'binary', { kind: 'binary', longestBytes: 70_000, averageBytes: 0.5, nulls: 2 }],
      ...Array.from({ length: 30 }, (_, n): Row => [
        `c${n}`,
        'int',
        { kind: 'long', least: n, greatest: n, nulls: 0, distinct: 1 },
      ]),
    ];
    const columns: ColumnStatistics[] = rows.map(([column, type, values]) => ({
      column,
      type,
      values,
      analyzedAtSeconds: 1_717_200_000,
    }));
    const names = columns.map(({ column }) => column);
    const analysed = (name: string): TargetTable =>
      tableNamed(name, {
        storage: {
          ...storage,
          columns: columns.map(({ column, type }) => ({ name: column, type })),
          bucketCount: 0,
          bucketColumns: [],
          sortColumns: [],
        },
      });

    if (!checks.statistics)
      it('are refused as a whole where the catalog has none, so that nobody takes silence for none', async () => {
        await catalog.createTable(analysed('without'));
        const table = { database, name: 'without' };
        expect(['unavailable', 'unsupported']).toContain(await kindOf(catalog.findStatistics({ table }, names)));
        expect(['unavailable', 'unsupported']).toContain(await kindOf(catalog.putStatistics({ table }, columns)));
      });

    if (checks.statistics)
      it('come back as they were put, more than fit into one call, of a table and of each partition apart', async () => {
        const ref = { database, name: 'analysed' };
        await catalog.createTable(analysed('analysed'));
        await catalog.createPartitions(ref, [partition(2023, '75'), partition(2024, '75')]);
        const owners = [{ table: ref }, { table: ref, partition: ['2024', '75'] }];
        for (const owner of owners) {
          expect(await catalog.findStatistics(owner, names)).toEqual([]);
          await catalog.putStatistics(owner, columns);
          expect(await catalog.findStatistics(owner, names)).toEqual(columns);
        }
        expect(await catalog.findStatistics({ table: ref, partition: ['2023', '75'] }, names)).toEqual([]);
      });

    if (checks.statistics)
      it('are replaced column by column, and refused of columns and partitions that are not there', async () => {
        const table = { database, name: 'replaced_statistics' };
        await catalog.createTable(analysed('replaced_statistics'));
        await catalog.putStatistics({ table }, columns.slice(0, 2));
        const changed = {
          ...columns[1]!,
          values: { kind: 'long', least: 1, greatest: 2, nulls: 3, distinct: 2 },
        } as const;
        await catalog.putStatistics({ table }, [changed]);
        expect(await catalog.findStatistics({ table }, names)).toEqual([columns[0], changed]);
        expect(await kindOf(catalog.putStatistics({ table }, [{ ...changed, column: 'no_such' }]))).toBe('usage');
        const partitionOwner = { table, partition: ['1999', '75'] };
        expect(await kindOf(catalog.putStatistics(partitionOwner, [changed]))).toBe('not-found');
        expect(await kindOf(catalog.findStatistics({ table: { database, name: 'nothing' } }, names))).toBe('not-found');
      });
  });
}

type Row = readonly [column: string, type: string, values: ValueStatistics];
