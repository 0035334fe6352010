import type { LakeTables } from '../../../src/adapters/duckdb/lake-tables.ts';
import type { TableMapping } from '../../../src/domain/mapping.ts';

export interface SmallTable {
  /** Hive types by column; the last ones may be partition keys of no folder: none here. */
  readonly types: Readonly<Record<string, string>>;
  readonly columns: TableMapping['columns'];
  /** Fields between bars, `\N` for NULL. */
  readonly lines: readonly string[];
}

/** Tables of raw as text files, in memory; `db.table` at the source is `raw_db.table`. */
export function smallLake(tables: Readonly<Record<string, SmallTable>>): LakeTables {
  return {
    findTable: (database, name) => {
      const found = tables[`${database.replace('raw_', '')}.${name}`];
      if (found === undefined) return Promise.resolve(undefined);
      const body = Buffer.from(found.lines.map((line) => `${line}\n`).join(''));
      return Promise.resolve({
        columns: Object.entries(found.types).map(([column, type]) => ({ name: column, type })),
        partitionKeys: [],
        serdeLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
        parameters: { 'field.delim': '|' },
        folders: [
          { values: [], files: [{ name: '0', sizeBytes: body.length, read: () => Promise.resolve(once(body)) }] },
        ],
      });
    },
  };
}

export function smallMapping(tables: Readonly<Record<string, SmallTable>>): { tables: Record<string, TableMapping> } {
  const mapped = Object.entries(tables).map(([name, { columns }]): [string, TableMapping] => {
    const [database = '', table = ''] = name.split('.');
    return [
      name,
      {
        target: { zone: 'raw', database: `raw_${database}`, table },
        storage: 'keep',
        partitions: { offPath: 'relocate', missingFolder: 'register-empty' },
        columns,
        reconcile: { level: 'rows' },
      },
    ];
  });
  return { tables: Object.fromEntries(mapped) };
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(body);
}
