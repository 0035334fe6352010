import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { DuckDbDatasetEngine } from '../../../src/adapters/duckdb/duckdb-dataset-engine.ts';
import type { LakeTable } from '../../../src/adapters/duckdb/lake-tables.ts';
import type { DatasetSession } from '../../../src/ports/dataset-engine.ts';

const HIVE = 'org.apache.hadoop.hive.serde2';
const JSON_SERDE = 'org.apache.hive.hcatalog.data.JsonSerDe';

interface Given {
  readonly serde: string;
  readonly content: Uint8Array | string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly columns?: Readonly<Record<string, string>>;
  readonly name?: string;
}

const sessions: DatasetSession[] = [];
afterAll(() => Promise.all(sessions.map((session) => session.close())));

const PLACE = { database: 'raw_rh', name: 't' };

/** The file of a table without those who are called A, and how many rows that were. */
async function without({ serde, content, parameters = {}, columns = { id: 'string', n: 'int' }, name = 'f' }: Given) {
  const bytes = Buffer.from(content);
  const location = `s3://raw/t/${name}`;
  const piece = async function* () {
    yield bytes;
  };
  const table: LakeTable = {
    columns: Object.entries(columns).map(([column, type]) => ({ name: column, type, comment: undefined })),
    ...{ partitionKeys: [], serdeLibrary: serde, parameters },
    folders: [
      { values: [], files: [{ name, location, sizeBytes: bytes.length, read: () => Promise.resolve(piece()) }] },
    ],
  };
  const engine = new DuckDbDatasetEngine({ findTable: () => Promise.resolve(table) });
  const session = await engine.open([PLACE]);
  sessions.push(session);
  const { rows, content: after } = await session.fileWithout(PLACE, { location, content: bytes }, `id = 'A'`);
  return { rows, content: Buffer.from(after) };
}

describe('Rows of a person go from', () => {
  it.each([
    ['delimited text', `${HIVE}.lazy.LazySimpleSerDe`, { 'field.delim': '|' }, 'A|1\nB|2\n\nA|3\r\nC', 'B|2\n\nC', 2],
    ['the last line of it', `${HIVE}.lazy.LazySimpleSerDe`, { 'field.delim': '|' }, 'B|2\nA|3', 'B|2\n', 1],
    [
      'text with a header',
      `${HIVE}.lazy.LazySimpleSerDe`,
      { 'field.delim': '|', 'skip.header.line.count': '2' },
      'A|1\nA|1\nB|2\nA|1\n',
      'A|1\nA|1\nB|2\n',
      1,
    ],
    ['CSV', `${HIVE}.OpenCSVSerde`, {}, '"A",1\n"B","x ""A"""\n\nA,3\n', '"B","x ""A"""\n\n', 2],
    [
      'JSON',
      JSON_SERDE,
      {},
      '{"id":"A"}\n\n {"ID":"B","n":2}\r\n{"Id":"A"}\n{"n":1}',
      '\n {"ID":"B","n":2}\r\n{"n":1}',
      2,
    ],
    ['all of a file', JSON_SERDE, {}, '{"id":"A"}\n', '', 1],
  ])('%s, and other lines keep their bytes', async (...[, serde, parameters, before, after, rows]) => {
    const columns = serde.endsWith('OpenCSVSerde') ? { id: 'string', n: 'string' } : undefined;
    const given = { serde, content: before, parameters, ...(columns && { columns }) };
    expect(await without(given)).toEqual({ rows, content: Buffer.from(after) });
    const packed = await without({ ...given, content: gzipSync(before), name: 'f.gz' });
    expect({ rows: packed.rows, content: gunzipSync(packed.content).toString() }).toEqual({ rows, content: after });
  });

  it('many lines, each in its place', async () => {
    const lines = Array.from({ length: 60_000 }, (_, at) => `{"id":"${at % 7 === 3 ? 'A' : `B${at}`}","n":${at}}`);
    const left = lines.filter((line) => !line.includes('"A"'));
    const { rows, content } = await without({ serde: JSON_SERDE, content: `${lines.join('\n')}\n` });
    expect(rows).toBe(lines.length - left.length);
    expect(content.toString() === `${left.join('\n')}\n`).toBe(true);
  });
});
