import { beforeEach, describe, expect, it } from 'vitest';
import { SqliteLedger } from '../../../src/adapters/ledger/sqlite-ledger.ts';
import type { TableMapping } from '../../../src/domain/mapping.ts';
import { formatTableName, hdfsPath, type RunId, type TableName } from '../../../src/domain/names.ts';
import type { PlanItem, TableItem } from '../../../src/domain/plan.ts';
import type { Reconciliation } from '../../../src/domain/reconciliation.ts';
import type { Column, Table } from '../../../src/domain/table.ts';
import { LakeliftError } from '../../../src/errors.ts';
import type { QueryEngine } from '../../../src/ports/query-engine.ts';
import type { ExportRequest, SourceExporter } from '../../../src/ports/source-exporter.ts';
import { folderOf, ORC, sketchPartition, sketchTable } from '../../../src/sandbox/lake/lake-table.ts';
import { convertTables, type ConvertRequest } from '../../../src/steps/convert/convert-tables.ts';
import { dropStaged } from '../../../src/steps/convert/drop-staged.ts';
import { proposeMapping } from '../../../src/steps/map.ts';
import { planUseCase } from '../../../src/steps/plan/plan-use-case.ts';
import { MemoryCatalog, MemoryFileSystem } from '../plan/memory-source.ts';
import { MIGRATION } from '../small-migration.ts';

const RUN = 'r1' as RunId;
const acid = (name: string, partitionKeys: string[] = []): Table => ({
  ...sketchTable({ database: 'rh', name, columns: ['a string'], partitionKeys, format: ORC }),
  parameters: { transactional: 'true' },
});

const AVRO = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat',
  serde: { library: 'org.apache.hadoop.hive.serde2.avro.AvroSerDe', parameters: {} },
};

/** Steps of the conversion over a cluster in memory, which exports one file per partition. */
describe('converting tables', () => {
  let tables: Table[];
  let catalog: MemoryCatalog;
  let files: MemoryFileSystem;
  let ledger: SqliteLedger;
  let exported: string[];
  let dropped: string[];
  let failure: LakeliftError | undefined;
  let stagedRows: string;
  /** Value of the first key in the partition that has rows. */
  let place: string;
  let onExport: () => void;

  beforeEach(() => {
    tables = [acid('one'), acid('parted', ['p string', 'm int'])];
    catalog = new MemoryCatalog(tables, partitionsOf);
    catalog.writeState = '1-3';
    files = new MemoryFileSystem();
    for (const table of tables) files.addDirectory(folderOf(table));
    ledger = new SqliteLedger('', MIGRATION.id);
    [exported, dropped, failure, stagedRows, onExport] = [[], [], undefined, '5', () => undefined];
    place = 'x/y';
  });

  /** The source has `m=01` and a partition without rows; what is exported spells it `m=1`. */
  function partitionsOf(table: Table) {
    if (table.partitionKeys.length === 0) return [];
    const isStaged = table.name.database === 'staging';
    const values = isStaged
      ? [[place, '1']]
      : [
          [place, '01'],
          ['empty', '2'],
        ];
    return values.map((each) => sketchPartition(table, each));
  }

  const exporter: SourceExporter = {
    staging: { database: 'staging', folder: hdfsPath('/staging') },
    keepsWallTime: async () => true,
    export: async ({ from, to, partitionKeys, stamp }: ExportRequest) => {
      exported.push(formatTableName(from));
      tables.push({ ...tables.find(({ name }) => name.table === from.table)!, name: to.name, parameters: stamp });
      if (failure !== undefined) throw failure;
      files.addFile(`${to.folder}/${partitionKeys.length === 0 ? '' : `p=${encodeURIComponent(place)}/m=1/`}000000_0`);
      onExport();
    },
    drop: async ({ database, table }: TableName) => {
      dropped.push(table);
      tables.splice(
        tables.findIndex(({ name }) => name.database === database && name.table === table),
        1,
      );
    },
    close: async () => {},
  };

  const engine: QueryEngine = {
    name: 'hive',
    query: async (sql) => {
      const rows = sql.includes('`staging`') ? stagedRows : '5';
      return sql.includes('GROUP BY') ? [[place, '1', rows]] : [[rows]];
    },
    close: async () => {},
  };

  async function drawPlan(change: Partial<TableMapping> = {}): Promise<string> {
    const { mapping } = await proposeMapping(MIGRATION, catalog);
    const converted = Object.entries(mapping.tables).map(([name, table]) => [
      name,
      { ...table, storage: 'convert', ...change },
    ]);
    const { hash } = await planUseCase({
      migration: MIGRATION,
      mapping: { ...mapping, tables: Object.fromEntries(converted) as typeof mapping.tables },
      zones: { raw: { bucket: 'acme-raw', prefix: '' }, cleaned: { bucket: 'acme-cleaned', prefix: '' } },
      source: files,
      catalog,
      writer: ledger.writePlan(),
      clusterAuthorities: ['sandbox'],
      exporter,
      progress: () => {},
      signal: new AbortController().signal,
    });
    return hash;
  }

  const request = (): ConvertRequest => ({
    ledger,
    runId: RUN,
    useCase: MIGRATION.id,
    source: files,
    catalog,
    engine,
    exporter,
    clusterAuthorities: ['sandbox'],
    progress: () => {},
    signal: new AbortController().signal,
  });
  const itemsOf = (scope: string): PlanItem[] => [...ledger.listItems({ scope })];
  const tableOf = (scope: string): TableItem => itemsOf(scope).find(({ kind }) => kind === 'table') as TableItem;
  async function convert(): Promise<void> {
    await drawPlan();
    await convertTables(request());
  }
  /** As if everything that is planned had been copied and registered. */
  function settleAll(status: 'verified' | 'failed' = 'verified'): void {
    for (const { id } of ledger.listItems({ verdict: 'copy' })) ledger.recordOutcome(RUN, { itemId: id, status });
  }
  const reconciled = (status: 'passed' | 'differences'): Reconciliation => {
    const rows = { check: 'rows', status, compared: 1, deviating: 0 } as const;
    return { scopes: [{ scope: 'rh.one', checks: [rows] }] } as unknown as Reconciliation;
  };

  it.each([
    ['xy', 'PROJECTION_WRITTEN', 'empty,xy'],
    ['x/y', 'PROJECTION_UNFIT', undefined],
  ])('computes the partitions that were exported, where they fit: %s', async (value, code, values) => {
    place = value;
    await drawPlan({ partitions: { offPath: 'refuse', missingFolder: 'refuse', projection: true } });
    await convertTables(request());
    const { definition, notes } = tableOf('rh.parted');
    expect(notes.map((note) => note.code)).toContain(code);
    expect(definition?.parameters['projection.p.values']).toBe(values);
  });

  it('exports the columns that the schema of an Avro table has by then, and nothing where the plan knew others', async () => {
    const columns: (readonly Column[])[] = [];
    const spied = {
      ...exporter,
      export: async (asked: ExportRequest) => (columns.push(asked.columns), exporter.export(asked)),
    };
    const schema = (...names: string[]): void =>
      files.addText(
        '/r.avsc',
        JSON.stringify({ type: 'record', name: 'r', fields: names.map((name) => ({ name, type: 'int' })) }),
      );
    const sketch = sketchTable({ database: 'rh', name: 'avro', columns: ['a int'], format: AVRO });
    tables.splice(0, 2, { ...sketch, parameters: { 'avro.schema.url': '/r.avsc' } });
    schema('a', 'added');
    await drawPlan({ target: { zone: 'cleaned', database: 'c', table: 't' } });
    schema('a', 'added', 'later');
    await convertTables({ ...request(), exporter: spied });
    expect(ledger.findOutcome(RUN, 'table:rh.avro')?.errorCode).toBe('SOURCE_CHANGED');
    schema('a', 'added');
    await convertTables({ ...request(), exporter: spied });
    expect(columns.map((names) => names.map(({ name }) => name))).toEqual([['a', 'added']]);
  });

  it('adds the staged files, partitions and folder to the plan, which stays the plan that was approved', async () => {
    const hash = await drawPlan();
    await convertTables(request());
    expect(ledger.findPlan()?.hash).toBe(hash);
    const { id } = ledger.findConversion('rh.parted')!;
    const location = `s3://acme-raw/rh/parted/${id}/`;
    expect(tableOf('rh.parted')).toMatchObject({ verdict: 'copy', definition: { storage: { location } } });
    expect(itemsOf('rh.parted').map((item) => item.id)).toEqual([
      `file:acme-raw/rh/parted/${id}/p=x%2Fy/m=1/000000_0`,
      'partition:rh.parted/p=empty/m=2',
      'partition:rh.parted/p=x%2Fy/m=1',
      'table:rh.parted',
    ]);
    expect(itemsOf('rh.parted')[0]).toMatchObject({ isStaged: true, partition: 'p=x%2Fy/m=1' });
    expect(itemsOf('rh.parted')[2]).toMatchObject({
      definition: { values: ['x/y', '1'], storage: { location: `${location}p=x%2Fy/m=1/` } },
    });
  });

  it('exports a table once for one state of its source, and again for another', async () => {
    await convert();
    await convert();
    expect(exported).toEqual(['rh.one', 'rh.parted']);
    const first = ledger.findConversion('rh.one')!;
    catalog.writeState = '1-4';
    await convert();
    expect(exported).toHaveLength(4);
    const second = ledger.findConversion('rh.one')!;
    expect(second.location).not.toBe(first.location);
    expect(dropped).toContain(first.staged.name.table);
  });

  it('goes on with the others when one cannot be exported, and drops what that left at the next attempt', async () => {
    failure = new LakeliftError('no containers', { kind: 'unavailable', code: 'HIVE_STATEMENT_FAILED', hint: 'wait' });
    await convert();
    expect(ledger.findOutcome(RUN, 'table:rh.one')).toMatchObject({
      status: 'failed',
      errorCode: 'HIVE_STATEMENT_FAILED',
    });
    expect(tableOf('rh.one').verdict).toBe('convert');
    const foreign = { ...acid('x'), name: { database: 'staging', table: 'test__rh__one__of_somebody_else' } };
    tables.push(foreign);
    failure = undefined;
    await convert();
    expect(dropped).toHaveLength(2);
    expect(tables).toContain(foreign);
    expect(tableOf('rh.one').verdict).toBe('copy');
  });

  it('takes nothing over whose rows Hive counts otherwise, unless the source was written meanwhile', async () => {
    stagedRows = '4';
    await convert();
    expect(ledger.findOutcome(RUN, 'table:rh.one')).toMatchObject({ errorCode: 'CONVERSION_ROWS_DIFFER' });
    expect(ledger.findConversion('rh.one')).toBeUndefined();
    onExport = () => void (catalog.writeState += '+');
    await convert();
    expect(ledger.findConversion('rh.one')).toMatchObject({ rows: '4', state: 'parquet of writes 1-3' });
  });

  it('refuses columns other than those that were approved', async () => {
    await drawPlan();
    tables[0] = { ...tables[0]!, storage: { ...tables[0]!.storage, columns: [{ name: 'b', type: 'string' }] } };
    await convertTables(request());
    expect(ledger.findOutcome(RUN, 'table:rh.one')).toMatchObject({ status: 'failed', errorCode: 'SOURCE_CHANGED' });
  });

  it('drops what is staged once all of it is proven, and not before', async () => {
    await convert();
    settleAll('failed');
    await dropStaged(request(), reconciled('passed'));
    expect(dropped).toEqual([]);
    settleAll();
    await dropStaged(request(), reconciled('passed'));
    expect(dropped).toHaveLength(2);
    expect(ledger.findConversion('rh.one')?.isDropped).toBe(true);
    await dropStaged(request(), reconciled('passed'));
    expect(dropped).toHaveLength(2);
  });

  it('forgets a conversion that is not like its source, or that lost a file with nothing left to copy it from', async () => {
    await convert();
    settleAll();
    await dropStaged(request(), reconciled('differences'));
    expect(ledger.findConversion('rh.one')).toBeUndefined();
    expect(ledger.findConversion('rh.parted')).toBeDefined();
    settleAll('failed');
    await dropStaged(request(), reconciled('passed'));
    expect(ledger.findConversion('rh.parted')).toBeUndefined();
  });
});
