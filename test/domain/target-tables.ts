import { STAMP, type TargetPartition, type TargetStorage, type TargetTable } from '../../src/domain/target-table.ts';

export const storage: TargetStorage = {
  columns: [
    { name: 'nir', type: 'string', comment: 'numéro' },
    { name: 'montant', type: 'decimal(10,2)' },
  ],
  location: 's3://raw/rh/salarie/',
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  serdeLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
  serdeParameters: { 'serialization.format': '1' },
  isCompressed: false,
  bucketCount: -1,
  bucketColumns: [],
  sortColumns: [],
};

export const table: TargetTable = {
  database: 'raw_rh',
  name: 'salarie',
  type: 'EXTERNAL_TABLE',
  description: 'Salariés',
  owner: 'hive',
  partitionKeys: [{ name: 'annee', type: 'int' }],
  storage,
  parameters: {
    EXTERNAL: 'TRUE',
    classification: 'parquet',
    [STAMP.useCase]: 'absences',
    [STAMP.source]: 'rh.salarie',
    [STAMP.sourceLocation]: 'hdfs://nn/rh/salarie',
  },
};

export function partition(value: string, changes: Partial<TargetStorage> = {}): TargetPartition {
  return {
    values: [value],
    storage: { ...storage, location: `s3://raw/rh/salarie/annee=${value}/`, ...changes },
    parameters: {},
  };
}
