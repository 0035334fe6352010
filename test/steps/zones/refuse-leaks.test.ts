import { describe, expect, it } from 'vitest';
import { DuckDbDatasetEngine } from '../../../src/adapters/duckdb/duckdb-dataset-engine.ts';
import type { PlannedColumn } from '../../../src/domain/privacy/dataset.ts';
import { parseTreatment } from '../../../src/domain/privacy/treatment.ts';
import { refuseLeaks } from '../../../src/steps/zones/refuse-leaks.ts';

const NIR = '185057800608491';
const BY_CHANCE = 'order numbers, of which one in ten is valid';

interface Case {
  readonly type?: string;
  readonly values: readonly unknown[];
  readonly column?: Partial<PlannedColumn>;
  readonly validByChance?: string;
}

/** What the gate says of a column that DuckDB read from lines of JSON. */
async function gate({ type = 'string', values, column, validByChance }: Case): Promise<string> {
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
    await refuseLeaks(session, { name: 'people', columns: [planned], validByChance });
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
    expect(said).toBe('people still holds identifiers in clear: c (1 nir)');
    expect(said).not.toContain(NIR);
  });

  it('says how many of which kind', async () => {
    const values = [NIR, 'anne@example.org et 06 12 34 56 78', 'anne@example.org', 'FR1420041010050500013M02606'];
    expect(await gate({ values })).toContain('c (1 nir, 1 iban, 2 email, 1 phone)');
  });

  it.each([
    ['a NIR without its key', '1850578006084', '1 nir'],
    ['a NIR with its key', NIR, '1 nir'],
    ['an IBAN', 'FR1420041010050500013M02606', '1 iban'],
    ['a mail address', 'anne@example.org', '1 email'],
    ['a telephone number', '06 12 34 56 78', '1 phone'],
    ['ten bare digits', '0612345678', '1 phone'],
    ['a RPPS', '10003456786', '1 rpps'],
    ['a SIREN, which may be a FINESS', '732829320', '1 siren, 1 finess'],
    ['a SIRET', '73282932000074', '1 siret'],
    ['a VAT number', 'FR40303265045', '1 vat'],
    ['a FINESS of Corsica', '2A0000154', '1 finess'],
  ])('stops %s alone among others, in a column that nobody declared clear', async (_what, value, found) => {
    const others = ['1701200000001', '1612345678', '10003456787', '732829321', '73282932000075', '2A0000155'];
    const said = await gate({ values: [...others, value] });
    expect(said).toBe(`people still holds identifiers in clear: c (${found})`);
    expect(await gate({ values: [...others, value], column: { because: 'art. 6.1.c: décret' } })).toBe('clean');
    expect(await gate({ values: others })).toBe('clean');
  });

  it.each([
    ['double', 732829320],
    ['bigint', 732829320],
    ['decimal(9,0)', 732829320],
  ])('stops a SIREN that is a %s', async (type, value) => {
    expect(await gate({ type, values: [value] })).toContain('c (1 siren, 1 finess)');
  });

  it.each([
    ['double', [732829320.5, 0.73282932]],
    ['decimal(12,2)', ['732829320.00', '732829320.50']],
    ['decimal(12,9)', ['0.732829320', '123.732829320']],
    ['string', ['732829320.00', '732829.320', '-732829320.5', 'soit 732 829 320.50 euros']],
    ['timestamp', ['2024-01-02 10:20:30.732829']],
    ['date', ['2024-01-02']],
  ])('takes no %s for anybody’s', async (type, values) => {
    expect(await gate({ type, values })).toBe('clean');
  });

  it('lets through what is kept for a reason, what a treatment leaves nothing of, what is counted, and what is nobody’s', async () => {
    const values = [NIR];
    expect(await gate({ values, column: { because: 'art. 6.1.c: décret' } })).toBe('clean');
    expect(await gate({ values, column: { treatment: parseTreatment('pseudonymise:nir')! } })).toBe('clean');
    expect(await gate({ values, column: { measure: { kind: 'count', column: undefined } } })).toBe('clean');
    expect(await gate({ values, column: { measure: { kind: 'max', column: 'c' } } })).toContain('c (1 nir)');
    expect(await gate({ values: ['732829321', '1701200000000', 'v1.0123456789abcdef0123456789abcdef'] })).toBe('clean');
  });

  it('lets numbers of companies, and what chance makes, stay in a public column, and no number or address of a person', async () => {
    const column = { class: 'public' } as const;
    const others = ['1612345678', '1701200000000', '1764068400000', '1764068400001'];
    const chance = ['732829320', '73282932000074', 'FR40303265045', '2A0000154', '1850578006084', '10003456786'];
    expect(await gate({ values: [...others, ...chance], column })).toBe('clean');
    for (const [value, kind] of [
      [NIR, 'nir'],
      ['FR1420041010050500013M02606', 'iban'],
      ['anne@example.org', 'email'],
      ['0612345678', 'phone'],
    ] as const)
      expect(await gate({ values: [value], column })).toContain(`c (1 ${kind})`);
  });

  describe('where the use case says that numbers are valid by chance', () => {
    it.each([
      ['a class', { class: 'quasi-identifier' }],
      ['free text that is masked', { class: 'free-text' }],
      ['a name', { source: 'commentaire' }],
      ['a name that it had', { source: 'nir_conjoint', name: 'c' }],
    ] as const)('takes one number of thirteen digits for somebody’s where %s says so', async (_what, column) => {
      const values = ['1850578006084', '1701200000000', '1764068400000', '1764068400001'];
      expect(await gate({ values, column, validByChance: BY_CHANCE })).toContain('c (1 nir)');
      expect(await gate({ values, validByChance: BY_CHANCE })).toBe('clean');
      expect(await gate({ values, column: { class: 'sensitive' }, validByChance: BY_CHANCE })).toBe('clean');
      expect(await gate({ values })).toContain('c (1 nir)');
    });

    it('lets numbers of companies pass, and stops what chance does not make', async () => {
      const values = ['73282932000074', '35600000000048', '35600000049008', '30326504500011', '33417522100012'];
      expect(await gate({ values, validByChance: BY_CHANCE })).toBe('clean');
      expect(await gate({ values })).toContain('c (5 siret)');
      expect(await gate({ values: [NIR], validByChance: BY_CHANCE })).toContain('c (1 nir)');
    });
  });
});
