import { foreignLocation } from '../../domain/cluster.ts';
import { parseLocation } from '../../domain/location.ts';
import {
  avroSchemaSource,
  readAvroSchema,
  unusable,
  withAvroColumns,
  type AvroSchema,
} from '../../domain/rules/avro-schema.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import type { Table } from '../../domain/table.ts';
import { reasonOf, type PlanContext } from './plan-context.ts';

/** Where schemas are read that are files of the cluster. */
export type SchemaFiles = Pick<PlanContext, 'source' | 'clusterAuthorities'> & {
  readonly signal?: AbortSignal | undefined;
};

/** A schema beyond this is a mistake: Glue takes 512,000 bytes. */
const MAX_SCHEMA_BYTES = 16 * 1024 * 1024;

/** The schema of an Avro table that keeps it outside its columns, read from HDFS where it is a file; undefined for any other table. */
export async function findAvroSchema(context: SchemaFiles, table: Table): Promise<AvroSchema | undefined> {
  const source = avroSchemaSource(table);
  if (source === undefined) return undefined;
  if (source.kind === 'literal') return readAvroSchema(source.text);
  const location = parseLocation(source.url);
  const foreign = foreignLocation(location, context.clusterAuthorities);
  if (foreign !== undefined) {
    return unusable('AVRO_SCHEMA_URL', `its Avro schema is not a file of this cluster: ${source.url}`);
  }
  try {
    const entry = await context.source.findEntry(location.path, context.signal);
    if (entry?.kind !== 'file') return unusable('AVRO_SCHEMA_URL', `its Avro schema ${source.url} does not exist`);
    return await readFile(context, entry.file, source.url);
  } catch (error) {
    const reason = reasonOf(error, 'AVRO_SCHEMA_URL');
    if (reason === undefined) throw error;
    return unusable(reason.code, `its Avro schema cannot be read: ${reason.text}`, reason.hint);
  }
}

/** The table with the columns that Hive shows of it: those of its schema where it is one of Avro and the schema can be read. */
export async function asHiveShows(files: SchemaFiles, table: Table): Promise<Table> {
  return withAvroColumns(table, await findAvroSchema(files, table));
}

async function readFile({ source, signal }: SchemaFiles, file: SourceFile, url: string): Promise<AvroSchema> {
  const { sizeBytes } = file;
  if (sizeBytes > MAX_SCHEMA_BYTES)
    return unusable('AVRO_SCHEMA_URL', `its Avro schema has ${sizeBytes} bytes: ${url}`);
  const bytes = new Uint8Array(sizeBytes);
  if (sizeBytes > 0) await source.readRange(file, { offset: 0, length: sizeBytes }, bytes, signal);
  return readAvroSchema(new TextDecoder().decode(bytes), url);
}
