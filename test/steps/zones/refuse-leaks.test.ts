import { describe, expect, it } from 'vitest';
import { DuckDbDatasetEngine } from '../../../src/adapters/duckdb/duckdb-dataset-engine.ts';
import type { PlannedColumn } from '../../../src/domain/privacy/dataset.ts';
import { parseTreatment } from '../../../src/domain/privacy/treatment.ts';
import type { BusinessKind } from '../../../src/domain/rules/personal-patterns.ts';
import { refuseLeaks } from '../../../src/steps/zones/refuse-leaks.ts';

const NIR = '185057800608491';

interface Case {
  readonly type?: string;
  readonly values: readonly unknown[];
  readonly column?: Partial<PlannedColumn>;
  readonly alsoPersonal?: readonly BusinessKind[];
}

/** What the gate says of a column that DuckDB read from lines of JSON. */
async function gate({ type = 'string', values, column, alsoPersonal = [] }: Case): Promise<string> {
  const content = Buffer.from(values.map((value) => JSON.stringify({ c: value })).join('\n'));
  const file = { name: 'f', sizeBytes: content.length, read: () => Promise.resolve(iterate(content)) };
  const table = {
    columns: [{ name: 'c', type, comment: undefined }],
    partitionKeys: [],
    serdeLibrary: 'org.apache.hive.hcatalog.data.JsonSerDe',
    parameters: {},
    folders: [{ values: [], files: [file] }],
  };
  const engine = new DuckDbDatasetEngine({ findTable: () => Promise.resolve(table) });
  const session = await engine.open([{ database: 'raw', name: 'people' }]);
  const planned: PlannedColumn = {
    source: 'c',
    name: 'c',
    class: 'technical',
    treatment: parseTreatment('keep')!,
    ...column,
  };
  try {
    await session.create('SELECT c FROM raw.people');
    await refuseLeaks(session, { name: 'people', columns: [planned], alsoPersonal });
    return 'clean';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await session.close();
  }
}

async function* iterate(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(content);
}

describe('the gate', () => {
  it.each([
    ['in a field of a struct', 'struct<id:int,dossier:struct<nir:string>>', { id: 1, dossier: { nir: NIR } }],
    ['in a list', 'array<string>', ['rien', NIR]],
    ['in a value of a map', 'map<string,string>', { nir: NIR }],
    ['in a key of a map', 'map<string,int>', { [NIR]: 1 }],
    ['in a list of structs', 'array<struct<nir:string>>', [{ nir: NIR }]],
    ['in a number', 'bigint', Number(NIR)],
    ['in a floating number', 'double', Number(NIR)],
    ['in the middle of a text', 'string', `assuré ${NIR}, vu ce jour`],
  ])('stops a number of a person %s, and does not repeat it', async (_where, type, value) => {
    const said = await gate({ type, values: [value] });
    expect(said).toBe('people still holds values of people in clear: c (1 nir)');
    expect(said).not.toContain(NIR);
  });

  it('says how many of which kind', async () => {
    const values = [NIR, 'anne@example.org et 06 12 34 56 78', 'anne@example.org', 'FR1420041010050500013M02606'];
    expect(await gate({ values })).toContain('c (1 nir, 1 iban, 2 email, 1 phone)');
  });

  it('lets through what is kept for a reason, what a treatment leaves nothing of, and what is nobody’s', async () => {
    const values = [NIR];
    expect(await gate({ values, column: { because: 'art. 6.1.c: décret' } })).toBe('clean');
    expect(await gate({ values, column: { treatment: parseTreatment('pseudonymise:nir')! } })).toBe('clean');
    expect(await gate({ values: ['732829320', '1701200000000', 'v1.0123456789abcdef0123456789abcdef'] })).toBe('clean');
  });

  it.each([
    ['a class', { class: 'quasi-identifier' }],
    ['free text that is masked', { class: 'free-text' }],
    ['a name', { source: 'commentaire' }],
    ['a name that it had', { source: 'nir_conjoint', name: 'c' }],
  ] as const)('takes one number of thirteen digits for somebody’s where %s says so', async (_what, column) => {
    const values = ['1850578006084', '1701200000000', '1764068400000', '1764068400001'];
    expect(await gate({ values, column })).toContain('c (1 nir)');
    expect(await gate({ values })).toBe('clean');
    expect(await gate({ values, column: { class: 'sensitive' } })).toBe('clean');
  });

  it('stops numbers of companies only where these are people', async () => {
    const values = ['73282932000074', '35600000000048', '35600000049008', '30326504500011', '33417522100012'];
    const kept = await gate({ values });
    const siret = await gate({ values, alsoPersonal: ['siret'] });
    expect(kept).toBe('clean');
    expect(siret).toContain('c (5 siret)');
  });
});
