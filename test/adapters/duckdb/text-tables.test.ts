import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DuckDbSession } from '../../../src/adapters/duckdb/duckdb-session.ts';
import type { LakeTable } from '../../../src/adapters/duckdb/lake-tables.ts';

const HCATALOG = 'org.apache.hive.hcatalog.data.JsonSerDe';
const OPENX = 'org.openx.data.jsonserde.JsonSerDe';
const DELIMITED = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe';
const CSV = 'org.apache.hadoop.hive.serde2.OpenCSVSerde';

interface Given {
  readonly serde: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Rows of a table whose files have these bytes, each in pieces of seven. */
async function rowsOf({ serde, columns, files, parameters = {} }: Given): Promise<unknown[][]> {
  const table: LakeTable = {
    columns: Object.entries(columns).map(([name, type]) => ({
      name,
      type,
      comment: undefined,
    })),
    partitionKeys: [],
    serdeLibrary: serde,
    parameters,
    folders: [
      {
        values: [],
        files: Object.entries(files).map(([name, content]) => {
          const bytes = Buffer.from(content);
          const pieces = async function* () {
            for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
          };
          return {
            name,
            sizeBytes: bytes.length,
            read: () => Promise.resolve(pieces()),
          };
        }),
      },
    ],
  };
  const session = await DuckDbSession.open({
    findTable: () => Promise.resolve(table),
  });
  try {
    return await session.guarded('a query', async () => {
      await session.bring({ database: 'd', table: 't' });
      const texts = Object.keys(columns).map((name) => `CAST("${name}" AS VARCHAR)`);
      return (await session.connection.runAndReadAll(`SELECT ${texts.join(', ')} FROM d.t`)).getRowsJson();
    });
  } finally {
    await session.close();
  }
}

const json = (lines: string, columns: Given['columns'], more: Partial<Given> = {}): Promise<unknown[][]> =>
  rowsOf({ serde: HCATALOG, columns, files: { 'a.json': lines }, ...more });

describe('JSON', () => {
  it('has keys in any case, at every depth but in maps, and of two for one column the last', async () => {
    const columns = {
      id: 'int',
      place: 'struct<city:string,at:array<struct<level:int>>>',
      pairs: 'map<string,int>',
    };
    const lines = [
      '{"ID":1,"Place":{"CITY":"Évry","At":[{"Level":1},{"LEVEL":2}]},"pairs":{"A":1,"a":2,"A":3}}',
      ' { "id" : 1 , "Id" : 2 , "id" : 3 , "place" : { } , "more" : [ "id" , { "id" : 9 } ] } ',
      '{"\\u0049d":4,"pairs":{},"place":{"at":[]}}',
      '{"_col0":5,"_col7":1}',
    ];
    expect(await json(lines.join('\n'), columns)).toEqual([
      ['1', `{'city': Évry, 'at': [{'level': 1}, {'level': 2}]}`, '{A=3, a=2}'],
      ['3', `{'city': NULL, 'at': NULL}`, null],
      ['4', `{'city': NULL, 'at': []}`, '{}'],
      ['5', null, null],
    ]);
  });

  it('has texts of numbers as they stand, decimals digit by digit, whole numbers up to the point, and true for true alone', async () => {
    const columns = {
      t: 'string',
      d: 'decimal(10,2)',
      w: 'bigint',
      f: 'double',
      b: 'boolean',
      c: 'varchar(3)',
    };
    const lines = [
      '{"t":4.50,"d":1.005,"w":9223372036854775807,"f":1e20,"b":true,"c":1.250}',
      '{"t":1e3,"d":"-1e1","w":-1.9,"f":-0.0,"b":"TRUE","c":false}',
      '{"t":"{\\"a\\":1}","d":null,"w":"+7","f":"1.5","b":1,"c":"été:,"}',
      '{"t":true,"b":"oui"}',
    ];
    expect(await json(`\r\n${lines.join('\r\n')}`, columns)).toEqual([
      ['4.50', '1.01', '9223372036854775807', '1e+20', 'true', '1.2'],
      ['1e3', '-10.00', '-1', '-0.0', 'true', 'fal'],
      ['{"a":1}', null, '7', '1.5', 'false', 'été'],
      ['true', null, null, null, 'false', null],
    ]);
  });

  it.each([
    ['Martin', 'is no object of JSON'],
    ['["Martin"]', 'is no object of JSON'],
    ['{"nom":"Martin"', 'is no object of JSON'],
    ['{"nom":"Martin"} {}', 'is no object of JSON'],
    ['{"nom":["Martin"]}', 'where string is declared'],
    ['{"rang":"Martin"}', 'no whole number'],
    ['{"rang":true}', 'no whole number'],
    ['{"taux":"Infinity"}', 'no number'],
    ['{"ou":"Martin"}', 'where a list, map or structure is declared'],
    ['{"jour":"Martin"}', 'not of the type of its column'],
    ['{"rang":3000000000}', 'not of the type of its column'],
  ])('refuses %j without a word of it', async (line, said) => {
    const columns = {
      nom: 'string',
      rang: 'int',
      taux: 'double',
      ou: 'struct<a:int>',
      jour: 'date',
    };
    const error = await json(`{"nom":"x"}\n${line}\n`, columns).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'DUCKDB_UNREADABLE' });
    expect(String(error)).toContain(said);
    expect(String(error)).not.toMatch(/Martin|3000000000/);
  });

  it.each([HCATALOG, CSV, DELIMITED])('refuses footer lines, which it would make rows of: %s', async (serde) => {
    const table = { serde, columns: { id: 'string' }, files: { 'a.txt': '{"id":"1"}\n{}\n' } };
    await expect(rowsOf({ ...table, parameters: { 'skip.footer.line.count': '1' } })).rejects.toMatchObject({
      code: 'DUCKDB_UNSUPPORTED',
      message: expect.stringContaining('footer lines') as string,
    });
    expect(await rowsOf({ ...table, parameters: { 'skip.footer.line.count': '0' } })).toHaveLength(2);
  });

  it('refuses keys that openx gives to other columns, and bytes that are not UTF-8', async () => {
    const settings = {
      'mapping.id': 'Ident',
      'case.insensitive': 'FALSE',
      'dots.in.keys': 'true',
    };
    for (const [name, value] of Object.entries(settings))
      await expect(json('{}', { id: 'int' }, { serde: OPENX, parameters: { [name]: value } })).rejects.toMatchObject({
        code: 'DUCKDB_UNSUPPORTED',
        message: expect.stringContaining(name) as string,
      });
    const others = {
      'case.insensitive': 'true',
      'ignore.malformed.json': 'true',
    };
    expect(await json('{"ID":1}', { id: 'int' }, { serde: OPENX, parameters: others })).toEqual([['1']]);
    const files = { 'a.json': Buffer.from('{"id":"\xe9"}', 'latin1') };
    await expect(json('', { id: 'string' }, { files })).rejects.toMatchObject({
      code: 'DUCKDB_UNSUPPORTED',
    });
  });
});

describe('text that is packed', () => {
  const columns = { id: 'string', nom: 'string' };
  const TEXTS: Readonly<Record<string, string>> = {
    [DELIMITED]: '1\u0001Éloïse\n2\u0001Zoé\n',
    [CSV]: '"1","Éloïse"\n2,Zoé\n',
    [HCATALOG]: '{"ID":"1","nom":"Éloïse"}\n{"id":2,"Nom":"Zoé"}\n',
  };
  const rows = [
    ['1', 'Éloïse'],
    ['2', 'Zoé'],
  ];

  it.each(Object.entries(TEXTS))('with gzip is read beside what is not: %s', async (serde, text) => {
    const parts = Buffer.concat([gzipSync(text.slice(0, 5)), gzipSync(text.slice(5))]);
    const files = { a: text, 'b.gz': gzipSync(text), 'c.gz': parts };
    expect(await rowsOf({ serde, columns, files })).toEqual([...rows, ...rows, ...rows]);
  });

  it.each(Object.entries(TEXTS))(
    'with something else, cut off or not packed at all is refused: %s',
    async (serde, text) => {
      const cut = gzipSync(text).subarray(0, -9);
      for (const content of [cut, text])
        await expect(rowsOf({ serde, columns, files: { 'a.gz': content } })).rejects.toMatchObject({
          code: 'DUCKDB_UNREADABLE',
        });
      for (const suffix of ['bz2', 'lz4', 'zst', 'lzo_deflate', 'deflate'])
        await expect(rowsOf({ serde, columns, files: { [`a.${suffix}`]: text } })).rejects.toMatchObject({
          code: 'DUCKDB_UNSUPPORTED',
        });
    },
  );
});
