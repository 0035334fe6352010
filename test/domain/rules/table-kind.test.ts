import { describe, expect, it } from 'vitest';
import { rulingOnKind } from '../../../src/domain/rules/table-kind.ts';
import type { StorageDescriptor, Table } from '../../../src/domain/table.ts';
import { ORC, sketchTable } from '../../../src/sandbox/lake/lake-table.ts';

function table(changes: Partial<Table>, storage: Partial<StorageDescriptor> = {}): Table {
  const plain = sketchTable({ database: 'rh', name: 't', columns: ['a int'], format: ORC });
  return { ...plain, ...changes, storage: { ...plain.storage, ...storage } };
}

describe('the kind of a table', () => {
  it('a plain table, bucketed or not, is taken over', () => {
    expect(rulingOnKind(table({}))).toBeUndefined();
    expect(rulingOnKind(table({}, { bucketCount: 4, bucketColumns: ['a'] }))).toBeUndefined();
    expect(rulingOnKind(table({ parameters: { transactional: 'false' } }))).toBeUndefined();
    expect(rulingOnKind(table({ parameters: { 'spark.sql.sources.provider': 'orc' } }))).toBeUndefined();
  });

  it.each<[string, Partial<Table>, Partial<StorageDescriptor>, string]>([
    ['a full ACID table', { parameters: { transactional: 'TRUE' } }, {}, 'needs-decision ACID'],
    [
      'an insert-only table',
      { parameters: { transactional: 'true', transactional_properties: 'insert_only' } },
      {},
      'needs-decision ACID_INSERT_ONLY',
    ],
    ['a materialised view', { type: 'MATERIALIZED_VIEW' }, {}, 'needs-decision MATERIALIZED_VIEW'],
    ['an index', { type: 'INDEX_TABLE' }, {}, 'needs-decision INDEX_TABLE'],
    [
      'an HBase table',
      { parameters: { storage_handler: 'org.apache.hadoop.hive.hbase.HBaseStorageHandler' } },
      {},
      'needs-decision STORAGE_HANDLER',
    ],
    ['an Iceberg table', { parameters: { table_type: 'ICEBERG' } }, {}, 'needs-decision LAKE_FORMAT'],
    ['a Delta table', { parameters: { 'spark.sql.sources.provider': 'delta' } }, {}, 'needs-decision LAKE_FORMAT'],
    [
      'a Hudi table',
      {},
      { inputFormat: 'org.apache.hudi.hadoop.HoodieParquetInputFormat' },
      'needs-decision LAKE_FORMAT',
    ],
    [
      "a table of Spark's CSV source",
      { parameters: { 'spark.sql.sources.provider': 'csv' } },
      { columns: [{ name: 'col', type: 'array<string>' }] },
      'needs-decision SPARK_SCHEMA',
    ],
    ['a list-bucketed table', {}, { isStoredAsSubDirectories: true, skewedColumns: ['a'] }, 'refuse LIST_BUCKETING'],
  ])('%s is not taken over as plain files', (_, changes, storage, expected) => {
    const [verdict, code] = expected.split(' ');
    const ruling = rulingOnKind(table(changes, storage));
    expect(ruling).toMatchObject({ verdict, reason: { code } });
    expect(ruling?.reason.hint).toBeTruthy();
  });
});
