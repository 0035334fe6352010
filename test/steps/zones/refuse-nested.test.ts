import { describe, expect, it } from 'vitest';
import { DuckDbDatasetEngine } from '../../../src/adapters/duckdb/duckdb-dataset-engine.ts';
import type { DatasetColumn } from '../../../src/domain/privacy/dataset.ts';
import { buildDataset, type BuiltDataset } from '../../../src/steps/zones/build-dataset.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { smallMapping } from './small-lake.ts';

const TYPES = { id: 'int', noms: 'array<string>', pairs: 'map<string,int>', lieu: 'struct<ville:string>' };

/** A table of JSON lines with a list, a map and a struct. */
function build(columns: Readonly<Record<string, DatasetColumn>>): Promise<BuiltDataset> {
  const content = Buffer.from('{"id":1,"noms":["a"],"pairs":{"a":1},"lieu":{"ville":"Aix"}}\n');
  const table = {
    columns: Object.entries(TYPES).map(([name, type]) => ({ name, type, comment: undefined })),
    partitionKeys: [],
    serdeLibrary: 'org.apache.hive.hcatalog.data.JsonSerDe',
    parameters: {},
    folders: [
      { values: [], files: [{ name: 'f', sizeBytes: content.length, read: () => Promise.resolve(once(content)) }] },
    ],
  };
  const classes = Object.fromEntries(Object.keys(TYPES).map((name) => [name, { class: 'technical' } as const]));
  return buildDataset({
    dataset: aDataset({ from: 'rh.nested', columns }),
    mapping: { ...smallMapping({ 'rh.nested': { types: TYPES, columns: classes, lines: [] } }), paths: {} },
    made: new Map(),
    engine: new DuckDbDatasetEngine({ findTable: () => Promise.resolve(table) }),
    pseudonyms: undefined,
    signal: new AbortController().signal,
  });
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(content);
}

describe('lists, maps and structs', () => {
  it('are kept or dropped', async () => {
    const built = await build({ pairs: { treat: 'drop' } });
    expect(built.types.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id int',
      'noms array<string>',
      'lieu struct<ville:string>',
    ]);
    expect((await build({})).types.at(-2)).toEqual({ name: 'pairs', type: 'map<string,int>' });
  });

  it.each<[string, DatasetColumn]>([
    ['noms', { treat: 'mask:2' }],
    ['pairs', { treat: 'year' }],
    ['lieu', { treat: 'pseudonymise' }],
    ['noms', { type: 'int' }],
  ])('are not treated, nor read as something else: %s %j', async (column, asked) => {
    const refused: unknown = await build({ [column]: asked }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'DATASET_NESTED', kind: 'usage' });
    expect(String(refused)).toContain(column);
  });
});
