import { parseTableName } from '../../src/domain/names.ts';
import { PARQUET, sketchTable } from '../../src/sandbox/lake/lake-table.ts';
import { MemoryCatalog, MemoryFileSystem } from './plan/memory-source.ts';

/** A table of Avro whose schema is a file with these columns of text, while the metastore knows another one alone. */
export function avroTable(named: string, columns: readonly string[]) {
  const { database, table: name } = parseTableName(named)!;
  const sketch = sketchTable({ database, name, columns: ['a int'], format: PARQUET });
  const serde = { library: 'org.apache.hadoop.hive.serde2.avro.AvroSerDe', parameters: {} };
  const parameters = { 'avro.schema.url': 'hdfs://sandbox/r.avsc' };
  const catalog = new MemoryCatalog([{ ...sketch, parameters, storage: { ...sketch.storage, serde } }]);
  const source = new MemoryFileSystem();
  const fields = columns.map((column) => ({ name: column, type: 'string' }));
  source.addText('/r.avsc', JSON.stringify({ type: 'record', name: 'r', fields }));
  return { catalog, files: { source, clusterAuthorities: ['sandbox'] } };
}
