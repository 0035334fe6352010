import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { COLUMN, FILE, GROUP, METADATA, SCHEMA, TYPE } from '../../../src/domain/parquet/format.ts';
import { MAGIC, parquetLayout } from '../../../src/domain/parquet/layout.ts';
import {
  changed,
  int32,
  neededStruct,
  neededStructs,
  numberOf,
  structField,
  structsField,
  writtenStruct,
  type ThriftStruct,
} from '../../../src/domain/parquet/thrift-struct.ts';

const folder = mkdtempSync(join(tmpdir(), 'lakelift-parquet-'));
afterAll(() => rmSync(folder, { recursive: true }));
const connection = await (await DuckDBInstance.create(':memory:')).connect();
let files = 0;

/** What DuckDB reads of a query in which `$file` stands for the file, as JSON. */
export async function read(file: Uint8Array, query = 'SELECT * FROM read_parquet($file)'): Promise<unknown[][]> {
  const path = join(folder, `read-${(files += 1)}.parquet`);
  writeFileSync(path, file);
  const reader = await connection.runAndReadAll(query.replaceAll('$file', `'${path}'`));
  rmSync(path);
  return reader.getRowsJson();
}

/** What DuckDB writes of a query. */
export async function written(query: string, options = ''): Promise<Uint8Array> {
  const path = join(folder, 'written.parquet');
  await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet${options})`);
  return readFileSync(path);
}

/** Runs a statement of settings. */
export async function run(statement: string): Promise<void> {
  await connection.run(statement);
}

/** A file of apache/parquet-testing. */
export function stored(name: string): Uint8Array {
  return readFileSync(join(import.meta.dirname, 'files', `${name}.parquet`));
}

export function withFooter(file: Uint8Array, change: (footer: ThriftStruct) => ThriftStruct): Uint8Array {
  const { footer, data } = parquetLayout(file);
  const bytes = writtenStruct(change(footer));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([data, bytes, length, MAGIC]);
}

type Change = (struct: ThriftStruct) => ThriftStruct;

/** Changes what the footer says of each chunk. */
export function withChunks(file: Uint8Array, change: Change): Uint8Array {
  return withColumns(file, (column) => {
    const metadata = change(neededStruct(column, COLUMN.metadata));
    return changed(column, [[COLUMN.metadata, structField(metadata)]]);
  });
}

export function withColumns(file: Uint8Array, change: Change): Uint8Array {
  return withGroups(file, (group) =>
    changed(group, [[GROUP.columns, structsField(neededStructs(group, GROUP.columns).map(change))]]),
  );
}

export function withGroups(file: Uint8Array, change: Change): Uint8Array {
  return withFooter(file, (footer) =>
    changed(footer, [[FILE.groups, structsField(neededStructs(footer, FILE.groups).map(change))]]),
  );
}

const WIDTHS: Readonly<Record<number, number>> = {
  [TYPE.int32]: 4,
  [TYPE.int64]: 8,
  [TYPE.int96]: 12,
  [TYPE.float]: 4,
  [TYPE.double]: 8,
};

/**
 * The same file with a schema in which values mean nothing: numbers are FIXED_LEN_BYTE_ARRAY of as many bytes, and no column has an annotation, so that
 * DuckDB reads the bytes as they are. BOOLEAN stays. Only of encodings that do not depend on the type (PLAIN, dictionaries, BYTE_STREAM_SPLIT).
 */
export function physicalView(file: Uint8Array): Uint8Array {
  return retyped(file, ({ type, width }) =>
    type in WIDTHS ? { type: TYPE.fixed, width: WIDTHS[type] } : { type, width },
  );
}

export interface Physical {
  readonly type: number;
  readonly width: number | undefined;
}

/** The same bytes as values of other types; the columns lose their annotations and statistics. */
export function retyped(file: Uint8Array, anew: (type: Physical) => Physical): Uint8Array {
  return withFooter(file, (footer) => {
    const schema = neededStructs(footer, FILE.schema).map((element) => retypedElement(element, anew));
    const types = schema.flatMap((element) => numberOf(element, SCHEMA.type) ?? []);
    const groups = neededStructs(footer, FILE.groups).map((group) => {
      const columns = neededStructs(group, GROUP.columns).map((column, at) => {
        const metadata = without(neededStruct(column, COLUMN.metadata), METADATA.statistics);
        return changed(column, [
          [COLUMN.metadata, structField(changed(metadata, [[METADATA.type, int32(types[at]!)]]))],
        ]);
      });
      return changed(group, [[GROUP.columns, structsField(columns)]]);
    });
    return changed(footer, [
      [FILE.schema, structsField(schema)],
      [FILE.groups, structsField(groups)],
    ]);
  });
}

function retypedElement(element: ThriftStruct, anew: (type: Physical) => Physical): ThriftStruct {
  const type = numberOf(element, SCHEMA.type);
  if (type === undefined) return element;
  const target = anew({ type, width: numberOf(element, SCHEMA.typeLength) });
  const kept = [...element].filter(([id]) => id === SCHEMA.repetition || id === SCHEMA.name);
  return changed(new Map(kept), [
    [SCHEMA.type, int32(target.type)],
    ...(target.width === undefined ? [] : [[SCHEMA.typeLength, int32(target.width)] as const]),
  ]);
}

function without(struct: ThriftStruct, id: number): ThriftStruct {
  return new Map([...struct].filter(([one]) => one !== id));
}
