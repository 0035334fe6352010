import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/domain/privacy/dataset.ts';
import { departmentOf, departmentSql } from '../../../src/domain/privacy/department.ts';
import type { KnownColumn } from '../../../src/domain/privacy/plan-columns.ts';
import { planDataset } from '../../../src/domain/privacy/plan-dataset.ts';
import {
  canonical,
  hmacPads,
  PADS_TABLE,
  parseKey,
  nextPseudonym,
  pseudonym,
  pseudonymSql,
  schemeText,
  turnableVersions,
  turnedPseudonym,
  turnedPseudonymSql,
} from '../../../src/domain/privacy/pseudonym.ts';
import { parseIdentifiers, publishedPseudonym } from '../../../src/domain/privacy/identifiers.ts';
import { treatmentSql } from '../../../src/domain/privacy/treatment-sql.ts';
import { parseTreatment, PSEUDONYM_FIELDS } from '../../../src/domain/privacy/treatment.ts';
import { aDataset } from './a-dataset.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);
const NEXT_KEY = KEY.map((byte) => byte ^ 0xff);
const LAST_KEY = KEY.map((byte) => byte ^ 0x0f);
const SCHEME = { domain: 'rh', version: 1 };

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  const { blobValue } = await import('@duckdb/node-api');
  await connection.run(`CREATE TABLE ${PADS_TABLE} (version INTEGER, inner_pad BLOB, outer_pad BLOB)`);
  for (const [version, key] of [KEY, NEXT_KEY, LAST_KEY].entries()) {
    const { inner, outer } = hmacPads(key);
    const pads = [version + 1, blobValue(inner), blobValue(outer)];
    await connection.run(`INSERT INTO ${PADS_TABLE} VALUES ($1, $2, $3)`, pads);
  }
});
afterAll(() => connection.closeSync());

/** An expression over the column `v` for each of these texts. */
async function inSql(sql: string, values: readonly (string | null)[]): Promise<unknown[]> {
  const { listValue } = await import('@duckdb/node-api');
  const reader = await connection.runAndReadAll(
    `SELECT ${sql} FROM (SELECT unnest($1) AS v, generate_subscripts($1, 1) AS place) ORDER BY place`,
    [listValue([...values])],
  );
  return reader.getRowsJson().map(([value]) => value);
}

describe('A pseudonym', () => {
  // Computed by Python's hmac module: hmac.new(key, b'rh\0nir\0' + value, 'sha256').hexdigest()[:32].
  it.each([
    ['text', 'M00001', '019cb958a552a1cbe2e528179360e1aa'],
    ['nir', '1850578006084', '9f5a6a54f5b25f8ee5a431435e723f02'],
    ['nir', '185052A006084', '6d0ded8be497ce16fc9f5b037834b898'],
  ] as const)('is HMAC-SHA-256 of %s %s', (field, value, expected) => {
    expect(pseudonym(SCHEME, KEY, field, value)).toBe(`v1.${expected}`);
  });

  it('takes keys longer than a block of the hash', () => {
    expect(pseudonym({ domain: 'rh', version: 3 }, Buffer.alloc(100, 'k'), 'text', 'é')).toBe(
      'v3.ed9a410ad6a153fd11572c52feb05109',
    );
  });

  it.each([
    ['nir', ['1850578006084', ' 1 85 05 78 006 084 ', '185057800608491', '1-85-05-78-006-084']],
    ['nir', ['185052A006084', '1 85 05 2a 006 084', '185052a00608435']],
    ['iban', ['FR7630006000011234567890189', 'fr76 3000 6000 0112 3456 7890 189']],
    ['email', ['zoé.martin@example.org', ' ZOÉ.Martin@example.org']],
    [
      'phone',
      [
        '06/12/34/56/78',
        '06\u00a012\u202f34 56 78',
        '+33\u00a0(0)6/12/34/56/78',
        '0612345678',
        '06 12 34 56 78',
        '+33 6 12 34 56 78',
        '+33 (0)6.12.34.56.78',
        '0033612345678',
      ],
    ],
    ['text', ['M00001', ' M00001\t']],
    ['text', ['é', 'e\u0301']],
  ] as const)('is the same for one %s however it is written', (field, spellings) => {
    expect(new Set(spellings.map((value) => pseudonym(SCHEME, KEY, field, value))).size).toBe(1);
  });

  // 1 and a SIREN, as employers number those who have no NIR yet (NTT), and a NIR with a wrong key.
  it.each([
    ['two numbers of fifteen characters that differ at the end', '185057800608412', '185057800608413'],
    ['one that has letters', '1ABCDEFGHIJKL01', '1ABCDEFGHIJKL02'],
    ['a NIR and the same with a wrong key', '1850578006084', '185057800608492'],
  ])('is not the same for %s', async (_what, one, other) => {
    const values = [one, other].map((value) => pseudonym(SCHEME, KEY, 'nir', value));
    expect(new Set(values).size).toBe(2);
    expect(await inSql(pseudonymSql(SCHEME, 'nir', 'v'), [one, other])).toEqual(values);
  });

  it('differs by domain, also of one key, and by field, so that nothing joins by accident', async () => {
    const other = KEY.map((byte) => byte ^ 1);
    const all = [
      pseudonym(SCHEME, KEY, 'text', '1850578006084'),
      pseudonym(SCHEME, KEY, 'nir', '1850578006084'),
      pseudonym(SCHEME, other, 'nir', '1850578006084'),
      pseudonym({ ...SCHEME, domain: 'paie' }, KEY, 'nir', '1850578006084'),
    ];
    expect(new Set(all).size).toBe(4);
    const elsewhere = pseudonymSql({ ...SCHEME, domain: 'paie' }, 'nir', 'v');
    expect(await inSql(elsewhere, ['1850578006084'])).toEqual([all[3]]);
  });

  it.each(PSEUDONYM_FIELDS)('of %s is the same in SQL', async (field) => {
    const sample = [
      '',
      ' ',
      'é',
      'e\u0301',
      'Straße',
      'İ',
      '1850578006084',
      '1 85 05 78 006 084 91',
      '185052a006084',
      '185052a00608435',
      '185057800608492',
      '1ABCDEFGHIJKL01',
      '3 85 05 99 006 084 12',
      '06/12\u00a034\u202f56 78',
      '+33 6 12 34 56 78',
      'A@B.fr',
      'fr76 3000',
    ];
    const random = fc.sample(fc.string({ unit: 'grapheme', maxLength: 20 }), { numRuns: 300, seed: 7 });
    // Zero bytes end a text in some engines; no identifier has one.
    const values = [...sample, ...random].filter((value) => !value.includes('\0') && value.isWellFormed());
    const expected = values.map((value) => pseudonym(SCHEME, KEY, field, value));
    expect(await inSql(pseudonymSql(SCHEME, field, 'v'), values)).toEqual(expected);
    expect(await inSql(pseudonymSql(SCHEME, field, 'v'), [null])).toEqual([null]);
  });

  // Computed by Python's hmac module over b'pseudonym\0' and the pseudonym above.
  it('of a new version is made of the old one, without the value or the old key', async () => {
    const value = '185057800608491';
    const second = { domain: 'rh', version: 2, from: [1] };
    const third = { domain: 'rh', version: 3, from: [2, 1] };
    const first = pseudonym(SCHEME, KEY, 'nir', value);
    const next = nextPseudonym(second, NEXT_KEY, first);
    const last = nextPseudonym(third, LAST_KEY, next);
    expect([first, next, last]).toEqual([
      'v1.9f5a6a54f5b25f8ee5a431435e723f02',
      'v2.e3b2f80a033f25aa4214febb8792cff2',
      'v3.0972518564bc5bbaf503f708dceb1b11',
    ]);
    expect(await inSql(turnedPseudonymSql([2, 1], 'v'), [first, null])).toEqual([next, null]);
    // Of any version that it goes on from, one step for each since; what is of its own, or is none, stays.
    const standing = [first, next, last, 'M1', null];
    expect(await inSql(turnedPseudonymSql([3, 2, 1], 'v'), standing)).toEqual([last, last, last, 'M1', null]);
    const between = new Map([
      [3, LAST_KEY],
      [2, NEXT_KEY],
    ]);
    expect([first, next, last].map((one) => turnedPseudonym(third, between, one))).toEqual([last, last, last]);
    expect(turnableVersions(third, between)).toEqual([3, 2, 1]);
    expect(turnableVersions(third, new Map([[3, LAST_KEY]]))).toEqual([3, 2]);
    expect(turnableVersions({ ...third, from: undefined }, between)).toEqual([3]);
    // From raw, with all keys, it is the same: what was rotated joins what is built anew.
    expect(await inSql(pseudonymSql(second, 'nir', 'v'), [value, null])).toEqual([next, null]);
    expect(await inSql(pseudonymSql(third, 'nir', 'v'), [value])).toEqual([last]);
    const keys = new Map([KEY, NEXT_KEY, LAST_KEY].map((key, index) => [index + 1, key] as const));
    expect(publishedPseudonym(third, keys, { field: 'nir', value })).toBe(last);
    expect(publishedPseudonym(SCHEME, keys, { field: 'nir', value })).toBe(first);
    expect(schemeText(third)).toBe('hmac-sha256-128 rh v3 from v2 from v1');
  });

  it('does not change what is canonical already', () => {
    for (const field of PSEUDONYM_FIELDS)
      for (const value of ['1850578006084', 'FR7630006000011234567890189', 'a@b.fr', '0612345678'])
        expect(canonical(field, canonical(field, value))).toBe(canonical(field, value));
  });
});

describe('Identifiers of a person', () => {
  it('stand one a line, the kind first, blanks and empty lines aside', () => {
    expect(parseIdentifiers('nir 1 85 05 78 006 084\r\n\n  text: M00001 \n')).toEqual([
      { field: 'nir', value: '1 85 05 78 006 084' },
      { field: 'text', value: 'M00001' },
    ]);
  });

  it.each([
    ['numero 1850578006084', /^line 1 is not one of/],
    ['nir', /^line 1/],
    ['text M1\n1850578006084', /^line 2/],
    ['\n', /^there is no identifier$/],
  ])('are refused without being repeated: %j', (text, message) => {
    expect(() => parseIdentifiers(text)).toThrow(message);
    expect(() => parseIdentifiers(text)).not.toThrow(/1850578006084/);
  });
});

describe('A key', () => {
  const hex = 'a1'.repeat(32);
  const base64 = Buffer.from(hex, 'hex').toString('base64');
  it.each([hex, hex.toUpperCase(), `${hex}\n`, base64])('is read as openssl writes it: %s', (text) => {
    expect(Buffer.from(parseKey(text)).toString('hex')).toBe(hex);
  });

  it.each([
    ['a digit of it is lost', hex.slice(1)],
    ['it is cut off', base64.slice(0, -2)],
    ['it is too short', 'a1'.repeat(31)],
    ['it is a pass phrase', 'correct horse battery staple correct horse battery staple'],
    ['there is none', ''],
  ])('is refused, and not repeated, when %s', (_, text) => {
    let message = '';
    try {
      parseKey(text);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/^the key /);
    if (text !== '') expect(message).not.toContain(text);
  });
});

describe('The département of a postal code', () => {
  interface Commune {
    readonly codesPostaux?: readonly string[];
    readonly departement?: string;
    readonly collectivite?: string;
  }
  const data = createRequire(import.meta.url).resolve('@etalab/decoupage-administratif/data/communes.json');
  const departments = new Map<string, Set<string>>();
  for (const { codesPostaux = [], departement, collectivite } of JSON.parse(readFileSync(data, 'utf8')) as Commune[])
    for (const code of codesPostaux)
      if (departement !== undefined || collectivite !== undefined)
        departments.set(code, (departments.get(code) ?? new Set()).add((departement ?? collectivite)!));

  it('is right for every code of every commune, in SQL too', async () => {
    const codes = [...departments.keys()];
    expect(codes.length).toBeGreaterThan(6000);
    const found = codes.map(departmentOf);
    const wrong = codes.filter((code, index) => !departments.get(code)!.has(found[index]!));
    expect(wrong).toEqual([]);
    expect(await inSql(departmentSql('v'), codes)).toEqual(found);
  });

  it.each(['', '7501', '750111', 'ABCDE', '7501A', '٧٥٠١١'])('is unknown of %j', async (code) => {
    expect(departmentOf(code)).toBeUndefined();
    expect(await inSql(departmentSql('v'), [code])).toEqual([null]);
  });
});

describe('Treatments', () => {
  it.each([
    ['year', '1985-07-13', 1985],
    ['year', '1985-07-13 12:30:00', 1985],
    ['year', '13071985', 1985],
    ['year', '99991985', 1985],
    ['year', '13/07/1985', null],
    ['month', '1985-07-13', '1985-07'],
    ['month', '13071985', '1985-07'],
    ['month', '99071985', '1985-07'],
    ['month', '99991985', null],
    ['month', '1985-13-01', null],
    ['year-band:5', '1985-07-13', '1985-1989'],
    ['year-band:5', '1984-07-13', '1980-1984'],
    ['year-band:10', '99991985', '1980-1989'],
    ['year-band:10', 'unknown', null],
    ['band:10', '17', '10-19'],
    ['band:10', '20', '20-29'],
    ['band:10', '-3', '-10--1'],
    ['band:1000', '2499.99', '2000-2999'],
    ['band:10', 'many', null],
    ['mask:2', 'FR7630006000011234567890189', 'FR***'],
    ['mask:0', 'anything', '***'],
    ['mask:99', 'Martin', 'Mar***'],
    ['mask:3', 'Li\u00eatard', 'Li\u00ea***'],
    ['mask:2', 'Lee', 'L***'],
    ['mask:2', '\ud83d\ude00\ud83d\ude00\ud83d\ude00', '\ud83d\ude00***'],
    ['mask:1', 'A', '***'],
    ['mask:1', '', '***'],
    ['department', '20200', '2B'],
    ['keep', 'as it is', 'as it is'],
  ])('%s makes %s into %s', async (treat, value, expected) => {
    const [found] = await inSql(treatmentSql(parseTreatment(treat)!, 'v', undefined)!, [value]);
    expect(found).toEqual(expected);
    expect(await inSql(treatmentSql(parseTreatment(treat)!, 'v', undefined)!, [null])).toEqual([null]);
  });

  it.each(['', 'hash', 'pseudonymise:siren', 'band', 'band:0', 'band:-1', 'band:1.5', 'year:5', 'drop:1'])(
    '%j is none',
    (text) => {
      expect(parseTreatment(text)).toBeUndefined();
    },
  );
});

describe('What becomes of columns', () => {
  const dataset = (columns: Dataset['columns']) => aDataset({ from: 'a.b', columns });
  const plan = (known: Readonly<Record<string, KnownColumn>>, columns: Dataset['columns'] = {}) =>
    planDataset(dataset(columns), (name) => ({ name, columns: Object.keys(known), known })).output;

  it('keeps what says nothing of people, and leaves free text out', () => {
    expect(
      plan({ id: { class: 'technical' }, siret: { class: 'public' }, note: { class: 'free-text' } }).map(
        ({ name }) => name,
      ),
    ).toEqual(['id', 'siret']);
  });

  it('of a joined table that nobody has classed stop it as well, taken or not', () => {
    const join = { with: 'a.c', on: { id: 'id' }, where: [], columns: { town: {} }, kind: 'left' } as const;
    const known = { id: { class: 'technical' }, town: { class: 'public' } } as const;
    const columns = (name: string) => (name === 'a.c' ? ['id', 'town', 'brand_new'] : ['id', 'town']);
    const planned = (open: Readonly<Record<string, KnownColumn>>) =>
      planDataset({ ...dataset({ town: { treat: 'drop' } }), joins: [join] }, (name) => ({
        name,
        columns: columns(name),
        known: { ...known, ...open },
      }));
    expect(() => planned({})).toThrow('a.c.brand_new: nobody has classed it');
    expect(() => planned({ brand_new: { class: 'unclassified' } })).toThrow('a.c.brand_new: nobody has classed it');
    expect(planned({ brand_new: { class: 'free-text' } }).output.map(({ name }) => name)).toEqual(['id', 'town']);
  });

  it.each([
    ['unclassified', {}, 'nobody has classed it'],
    ['unclassified', { treat: 'drop' }, 'nobody has classed it'],
    ['identifier', {}, 'no treatment'],
    ['identifier', { treat: 'keep' }, 'does not hide'],
    ['identifier', { treat: 'year' }, 'does not hide'],
    ['identifier', { treat: 'mask:3' }, 'does not hide'],
    ['quasi-identifier', {}, 'no treatment'],
    ['quasi-identifier', { treat: 'band:1' }, 'band:1 keeps it as it is, which needs a reason'],
    ['sensitive', { treat: 'year-band:1' }, 'year-band:1 keeps it as it is, which needs a reason'],
    ['sensitive', { treat: 'keep' }, 'needs a reason'],
    ['free-text', { treat: 'keep' }, 'needs a reason'],
  ] as const)('refuses a column that is %s with %j', (kind, column, reason) => {
    expect(() => plan({ a: { class: kind }, b: { class: 'public' } }, { a: column })).toThrow(reason);
  });

  it('keeps personal values where somebody says why', () => {
    const because = 'art. 9.2.b: for the steering of absences';
    expect(plan({ a: { class: 'sensitive' } }, { a: { treat: 'keep', because } })).toMatchObject([
      { name: 'a', because },
    ]);
  });

  it('says which column has a treatment that is none, and which there are', () => {
    expect(() => plan({ a: { class: 'identifier', treat: 'hash' }, b: { class: 'public' } })).toThrow(
      /a: "hash" is no treatment \(there are keep, drop/,
    );
  });

  it('names everything that is open at once', () => {
    expect(() => plan({ a: { class: 'unclassified' }, b: { class: 'identifier' } }, { z: { treat: 'keep' } })).toThrow(
      /no column z; a: nobody.*; b: it is identifier/,
    );
  });

  it.each([
    ['text', { class: 'identifier', treat: 'pseudonymise' }, 'pseudonymise:text'],
    ['department', { class: 'quasi-identifier', treat: 'department' }, 'department'],
    ['mask', { class: 'quasi-identifier', treat: 'mask:4' }, 'mask:4'],
    ['number', { class: 'technical', type: 'decimal(10,2)' }, 'a decimal(10,2)'],
  ] as const)('refuses to keep rows by what is no date: a %s', (_what, known, reason) => {
    const retention = { period: 'P5Y', from: 'a' };
    const of = (one: KnownColumn, isPublished = false) =>
      planDataset({ ...dataset({}), retention }, (name) => ({ name, columns: ['a'], known: { a: one } }), {
        isPublished,
      });
    expect(() => of(known)).toThrow(`it is kept by the date in a, which is no date: ${reason}`);
    // What is published can be erased from all the same.
    expect(() => of(known, true)).not.toThrow();
    for (const treat of ['year', 'month', 'year-band:5', 'keep'])
      expect(() => of({ class: 'technical', treat, type: 'date' })).not.toThrow();
  });

  it('refuses to keep rows by a count, and not by the greatest date', () => {
    const summed = (measure: string) =>
      planDataset(
        { ...dataset({}), aggregate: { by: ['b'], measures: { m: measure } }, retention: { period: 'P5Y', from: 'm' } },
        (name) => ({ name, columns: ['a', 'b'], known: { a: { class: 'technical' }, b: { class: 'public' } } }),
      );
    expect(() => summed('count')).toThrow('which is no date: a count');
    expect(() => summed('max:a')).not.toThrow();
  });

  it.each(['dataset', 'pk', 'sk', 'lieu_pk', 'lieu_sk'])(
    'refuses %s of a dataset that is served, whose items have it as an attribute of their own',
    (name) => {
      const known: Readonly<Record<string, KnownColumn>> = { id: { class: 'public' }, [name]: { class: 'public' } };
      const key = { partition: '{id}', sort: 'x' };
      const planned = (serving?: Dataset['serving'], options = {}) =>
        planDataset(
          aDataset({ from: 'a.b', columns: {}, serving }),
          () => ({ name: 'a.b', columns: Object.keys(known), known }),
          options,
        );
      const serving = { key, indexes: { lieu: key } };
      expect(() => planned(serving)).toThrow(`items have an attribute ${name} of their own`);
      expect(planned().output).toHaveLength(2);
      // What stands can be erased from all the same.
      expect(planned(serving, { isPublished: true }).output).toHaveLength(2);
    },
  );

  it('refuses two columns of one name, and a dataset without any', () => {
    expect(() => plan({ a: { class: 'public' }, b: { class: 'public' } }, { a: { as: 'b' } })).toThrow(
      'two columns are called b',
    );
    expect(() => plan({ a: { class: 'free-text' } })).toThrow('no column is left');
  });
});
