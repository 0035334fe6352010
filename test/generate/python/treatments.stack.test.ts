import { createHash } from 'node:crypto';
import { DuckDBInstance, listValue, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hmacPads, PADS_TABLE, parseKey } from '../../../src/domain/privacy/pseudonym.ts';
import { publishedPseudonym } from '../../../src/domain/privacy/identifiers.ts';
import { treatmentSql } from '../../../src/domain/privacy/treatment-sql.ts';
import { parseTreatment } from '../../../src/domain/privacy/treatment.ts';
import { runPython } from './run-python.ts';

const KEY_TEXT = 'a1'.repeat(32);
const SCHEME = { domain: 'rh', version: 2 };

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  const { blobValue } = await import('@duckdb/node-api');
  const { inner, outer } = hmacPads(parseKey(KEY_TEXT));
  await connection.run(`CREATE TABLE ${PADS_TABLE} (version INTEGER, inner_pad BLOB, outer_pad BLOB)`);
  await connection.run(`INSERT INTO ${PADS_TABLE} VALUES (2, $1, $2)`, [blobValue(inner), blobValue(outer)]);
});
afterAll(() => connection.closeSync());

async function bySql(form: string, values: readonly (string | null)[]): Promise<unknown[]> {
  const sql = treatmentSql(parseTreatment(form)!, 'v', SCHEME)!;
  const reader = await connection.runAndReadAll(
    `SELECT ${sql} FROM (SELECT unnest($1) AS v, generate_subscripts($1, 1) AS place) ORDER BY place`,
    [listValue([...values])],
  );
  return reader.getRowsJson().map(([value]) => value);
}

const TREATED = `
import json, sys
from lakelift_treatments import Pseudonyms, parse_key, treatment
form, values, key = json.load(sys.stdin)
treat = treatment(form, Pseudonyms("rh", 2, parse_key(key)))
print(json.dumps([treat(value) for value in values]))
`;

const byPython = (form: string, values: readonly (string | null)[]): Promise<unknown[]> =>
  runPython(TREATED, [form, values, KEY_TEXT]);

const ODD = [
  '',
  ' ',
  'é',
  'e\u0301',
  'Straße',
  'İ',
  '👩‍👩‍👧 née',
  '😀😀😀',
  'Lee',
  'Œuvre',
  '\u00a01850578006084\u00a0',
  '1850578006084',
  ' 1 85 05 78 006 084 91\r\n',
  '185052a006084',
  '1-85-05-2B-006.084',
  '185052a00608435',
  '185057800608492',
  '185057800608413',
  '1ABCDEFGHIJKL01',
  '06/12\u00a034\u202f56 78',
  '١٨٥٠٥٧٨٠٠٦٠٨٤',
  'fr76 3000 6000 0112 3456 7890 189',
  'ZOÉ.Martin@Example.ORG\n',
  '+33 (0)6.12.34.56.78',
  '0033 6 12 34 56 78',
  '75011',
  ' 75011 ',
  '\t75011',
  '\u202f75011',
  '20199',
  '20200',
  '97133',
  '97400',
  '98799',
  '94390',
  '75011\n',
  '1985-07-13',
  '1985-07-13\n',
  '1985-07-13 23:59:59.5',
  '1985-07-13T00:00:00Z',
  ' 1985-07-13',
  '1985-13-01',
  '0000-00-00',
  '13071985',
  '99991985',
  '99071985',
  '13071985\n',
  '13131985',
  '17',
  ' +17 ',
  '-3',
  '-10',
  '-0.0000000001',
  '2499.99',
  '9.9999999995',
  '9.9999999994',
  '1e3',
  '1.5E-05',
  '1e99',
  '.5',
  '5.',
  '.',
  '1_000',
  '1,5',
  '999999999999999999',
  '9999999999999999999',
  '999999999999999999.9999999999',
  '-999999999999999999',
  'NaN',
  'inf',
  '17\u00a0',
  // Not first: the binding takes the list's type from there.
  null,
] as const;

const FORMS = [
  ...['text', 'nir', 'iban', 'email', 'phone'].map((field) => `pseudonymise:${field}`),
  'pseudonymise',
  'keep',
  'department',
  'year',
  'month',
  'year-band:7',
  'band:1',
  'band:10',
  'band:999999999',
  'mask:0',
  'mask:3',
  'mask:99',
];

/** Texts near those that treatments read, and any others. Zero bytes end a text in some engines. */
const texts = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.stringMatching(/^[ \t]?[+-]?[0-9]{0,19}[.]?[0-9]{0,12}([eE][+-]?[0-9]{1,2})?$/),
    fc.stringMatching(/^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9:]{8})?$/),
    fc.stringMatching(/^[0-9]{8}$/),
    fc.stringMatching(/^(2[0-9]|9[78])[0-9]{3}$/),
    fc.stringMatching(/^[12][ .-]?[0-9]{2}[ .-]?[0-9]{2}[ .-]?(2[aAbB]|[0-9]{2})[0-9]{6,8}$/),
    fc.stringMatching(/^(\+|00)33 ?(\(0\))?[0-9 .]{9,12}$/),
  )
  .filter((text) => text.isWellFormed() && !text.includes('\0'));

describe('Treatments in Python', () => {
  it.each(FORMS)('give what the SQL of %s gives, for odd values and any others', async (form) => {
    const values = [...ODD, ...fc.sample(texts, { numRuns: 1000, seed: 11 })];
    const expected = await bySql(form, values);
    const found = await byPython(form, values);
    expect(found.length).toBe(values.length);
    const different = values.flatMap((value, index) =>
      Object.is(found[index], expected[index]) ? [] : [{ value, sql: expected[index], python: found[index] }],
    );
    expect(different).toEqual([]);
    expect(expected.some((value) => value !== null)).toBe(true);
  });

  it('go on from earlier keys as the SQL does, and refuse a version whose key nobody has named', async () => {
    const scheme = { domain: 'rh', version: 3, from: [2, 1] };
    const keys = new Map([1, 2, 3].map((version) => [version, Buffer.alloc(32, version)]));
    const field = 'nir';
    const value = ' 1 85 05 78 006 084 91';
    const expected = publishedPseudonym(scheme, keys, { field, value });
    const program = `
import json, sys
from lakelift_treatments import Pseudonyms, pseudonyms_of
scheme, value = json.load(sys.stdin)
key = lambda version: bytes([version]) * 32
made = Pseudonyms("rh", 3, key(3), [(2, key(2)), (1, key(1))]).of("nir", value)
try:
    pseudonyms_of(scheme, [{"version": 3, "file": "x"}])
except ValueError as error:
    print(json.dumps([made, str(error)]))
`;
    expect(await runPython(program, [scheme, value])).toEqual([
      expected,
      'nobody has said where the key of version 2, 1 stands',
    ]);
    expect(expected).toMatch(/^v3[.]/);
  });

  it('refuse one key for two versions, as lakelift does, however it is written', async () => {
    const program = `
import json, sys
from lakelift_treatments import Pseudonyms, parse_key
def refusal(texts):
    try:
        Pseudonyms("rh", 2, parse_key(texts[0]), [(1, parse_key(texts[1]))])
    except ValueError as error:
        return str(error)
print(json.dumps([refusal(texts) for texts in json.load(sys.stdin)]))
`;
    const key = 'a1'.repeat(32);
    const long = 'c3'.repeat(70);
    const digest = createHash('sha256').update(Buffer.from(long, 'hex')).digest('hex');
    const same = [key, key.toUpperCase(), Buffer.from(key, 'hex').toString('base64'), `${key}0000`];
    const found = await runPython<(string | null)[]>(program, [
      ...same.map((text) => [key, text]),
      [long, digest],
      [key, `${key}01`],
    ]);
    expect(found.at(-1)).toBeNull();
    for (const refusal of found.slice(0, -1)) {
      expect(refusal).toContain('PSEUDONYM_KEY_SHARED: versions 2 and 1 have the same key');
      for (const text of [...same, long]) expect(refusal).not.toContain(text);
    }
  });

  it('read values of other types as SQL casts them', async () => {
    const typed = [
      ["DATE '0985-07-13'", 'datetime.date(985, 7, 13)'],
      ["TIMESTAMP '1985-07-13 01:02:03'", 'datetime.datetime(1985, 7, 13, 1, 2, 3)'],
      ["TIMESTAMP '0985-07-13 01:02:03.450'", 'datetime.datetime(985, 7, 13, 1, 2, 3, 450000)'],
      ['12.50::DECIMAL(10, 2)', "decimal.Decimal('12.50')"],
      ['0.000000001::DECIMAL(10, 9)', "decimal.Decimal('0.000000001')"],
      ['-7::BIGINT', '-7'],
      ['true', 'True'],
      ['1e20::DOUBLE', '1e20'],
      ['0.00001::DOUBLE', '0.00001'],
      ['12::DOUBLE', '12.0'],
    ] as const;
    const sql = typed.map(([expression]) => `CAST(${expression} AS VARCHAR)`).join(', ');
    const [expected] = (await connection.runAndReadAll(`SELECT ${sql}`)).getRowsJson();
    const values = typed.map(([, expression]) => expression).join(', ');
    const program = `import datetime, decimal, json\nfrom lakelift_treatments import text_of\nprint(json.dumps([text_of(v) for v in [${values}]]))`;
    expect(await runPython(program, null)).toEqual(expected);
  });

  it('refuse what is no treatment, a column that is to go, and a pseudonym without its key', async () => {
    const program = `
import json, sys
from lakelift_treatments import treatment
def refusal(form):
    try:
        treatment(form)
    except ValueError as error:
        return str(error)
print(json.dumps([refusal(form) for form in json.load(sys.stdin)]))
`;
    const none = ['', 'hash', 'pseudonymise:siren', 'pseudonymise:', 'band', 'band:0', 'band:1.5', 'year:5', 'drop'];
    expect(await runPython(program, none)).toEqual(none.map((form) => `no treatment: ${form}`));
    expect(await runPython(program, ['pseudonymise:nir'])).toEqual(['a pseudonym needs a key']);
  });

  it('read keys as lakelift does, and repeat none', async () => {
    const base64 = Buffer.from(KEY_TEXT, 'hex').toString('base64');
    const program = `
import json, sys
from lakelift_treatments import Pseudonyms, parse_key
def read(text):
    try:
        key = parse_key(text)
        return [key.hex(), repr(Pseudonyms("rh", 1, key))]
    except ValueError as error:
        return str(error)
print(json.dumps([read(text) for text in json.load(sys.stdin)]))
`;
    const right = [KEY_TEXT, KEY_TEXT.toUpperCase(), `${KEY_TEXT}\n`, base64];
    expect(await runPython(program, right)).toEqual(right.map(() => [KEY_TEXT, 'Pseudonyms(version=1)']));
    const wrong = [KEY_TEXT.slice(1), base64.slice(0, -2), 'a1'.repeat(31), 'correct horse battery staple', ''];
    const refusals = wrong.map((text) => {
      expect(() => parseKey(text)).toThrow(RangeError);
      return expect.stringMatching(/^the key (is neither|has fewer)/) as string;
    });
    expect(await runPython(program, wrong)).toEqual(refusals);
  });
});
