import { describe, expect, it } from 'vitest';
import { classOfKind, ColumnSearch, kindOfValues, type Scrutiny } from '../../../src/domain/rules/personal-values.ts';

const five = (...values: readonly string[]): string[] =>
  Array.from({ length: 10 }, (_, index) => values[index % values.length]!);
/** Different numbers of so many digits, the last of which is a right check digit. */
const luhn = (length: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => {
    const body = String(12_345 + index * 7).padEnd(length - 1, '3');
    const sum = [...body].reverse().reduce((total, digit, place) => {
      const number = place % 2 === 0 ? Number(digit) * 2 : Number(digit);
      return total + (number > 9 ? number - 9 : number);
    }, 0);
    return body + String((10 - (sum % 10)) % 10);
  });

describe('what the values of a column are', () => {
  // Numbers from the documents that define them, with right check digits.
  it.each([
    ['nir', ['1 85 05 78 006 084 91', '255082A16802597']],
    ['iban', ['FR14 2004 1010 0505 0001 3M02 606', 'DE89370400440532013000']],
    ['email', ['anne.martin@example.org', 'été@exemple.fr']],
    ['phone', ['06 12 34 56 78', '+33612345678', '0033.1.23.45.67.89']],
    ['phone', ['+33 (0)6 12 34 56 78', '06/12/34/56/78']],
    ['phone', ['06\u00a012\u00a034\u00a056\u00a078', '+33\u202f6\u202f12\u202f34\u202f56\u202f78']],
    ['vat', ['FR 40 303 265 045', 'FRK7399859412']],
  ] as const)('%s is told', (kind, values) => {
    const found = kindOfValues(five(values[0], values[1]));
    expect(found).toEqual({ kind, matching: 10, sampled: 10 });
  });

  it.each([
    ['rpps', 11],
    ['siren', 9],
    ['siret', 14],
  ] as const)('%s is told by five different ones, or by one and the name', (kind, length) => {
    expect(kindOfValues(luhn(length, 5))).toEqual({ kind, matching: 5, sampled: 5 });
    expect(kindOfValues(five(...luhn(length, 4)))).toBeUndefined();
    expect(kindOfValues(five(...luhn(length, 1)), `numero_${kind}`)?.kind).toBe(kind);
  });

  it.each([
    ['a wrong key', '185057800608437'],
    ['an IBAN with a wrong check', 'FR1520041010050500013M02606'],
    ['a SIRET with a wrong last digit', '73282932000075'],
    ['zeros', '00000000000000'],
    ['amounts', '1200.50'],
    ['days', '2024-01-02'],
    ['codes', 'A12345'],
    ['an account number', '06123456789'],
  ])('%s is nothing of the kind', (_what, value) => {
    expect(kindOfValues(five(value))).toBeUndefined();
  });

  it('needs most of the values, and some at least; empty ones do not count', () => {
    const phones = Array.from({ length: 8 }, () => '0612345678');
    expect(kindOfValues([...phones, 'inconnu', 'néant', '', undefined])).toMatchObject({ matching: 8, sampled: 10 });
    expect(kindOfValues([...phones, 'inconnu', 'néant', 'aucun'])).toBeUndefined();
    expect(kindOfValues(phones.slice(0, 4))).toBeUndefined();
    expect(kindOfValues([])).toBeUndefined();
  });

  it('is proposed as the class that it has in reports', () => {
    for (const kind of ['nir', 'iban', 'email', 'phone'] as const)
      expect(classOfKind(kind)).toEqual({ class: 'identifier', treat: `pseudonymise:${kind}` });
    expect(classOfKind('siret')).toEqual({ class: 'quasi-identifier' });
    expect(classOfKind('rpps')).toEqual({ class: 'identifier' });
  });

  it('tells a FINESS from a SIREN, which have the same check digit, by the name of the column', () => {
    const numbers = ['750712184', '690781810', '130786049', ...luhn(9, 2)];
    expect(kindOfValues(numbers, 'code_finess')?.kind).toBe('finess');
    expect(kindOfValues(numbers, 'etablissement')?.kind).toBe('siren');
    expect(classOfKind('finess')).toEqual({ class: 'public' });
  });
});

describe('what is left in a column', () => {
  const search = (scrutiny: Scrutiny, texts: readonly string[]) => {
    const column = new ColumnSearch(scrutiny);
    for (const text of texts) column.look(text);
    return Object.fromEntries(column.found());
  };

  it.each([
    ['a NIR with its key', 'vu le 185057800608491, rien à signaler', { nir: 1 }],
    ['a NIR as people write it', 'NIR 1 85 05 78 006 084 91.', { nir: 2 }],
    ['one of Corsica, in small letters', '2 55 08 2a 168 025 97', { nir: 2 }],
    ['a NIR without its key', 'dossier 1850578006084', { nir: 1 }],
    ['an IBAN in groups, and words after it', 'ES91 2100 0418 4502 0005 1332 dont acte', { iban: 1 }],
    ['a mail address', 'écrire à anne.martin@example.org', { email: 1 }],
    ['a telephone number', 'tél. 06 12 34 56 78', { phone: 1 }],
    ['a telephone number from abroad', '+33612345678', { phone: 1 }],
    ['one from abroad with its zero', 'tél. +33 (0)6 12 34 56 78.', { phone: 1 }],
    ['one with slashes', 'tél. 06/12/34/56/78, le soir', { phone: 1 }],
    ['one with blanks that do not break', '06\u00a012\u00a034\u00a056\u00a078', { phone: 1 }],
    ['one with narrow blanks', '06\u202f12\u202f34\u202f56\u202f78', { phone: 1 }],
    ['one in a struct', "{'id': 7, 'contact': {'tel': 0612345678}}", { phone: 1 }],
  ])('%s is found by one value', (_what, text, found) => {
    for (const scrutiny of ['any', 'people', 'likely-people'] as const)
      expect(search(scrutiny, [...five('rien', 'néant'), text])).toEqual(found);
  });

  it.each([
    ['a SIREN in groups', 'SIREN 732 829 320, à Paris', { siren: 1 }],
    ['one with points', 'SIREN 732.829.320.', { siren: 1 }],
    ['several, with commas alone', '732829320,303265045', { siren: 2, finess: 2 }],
    ['one that is written as a floating number', '732829320.0', { siren: 1, finess: 1 }],
    ['a SIRET', '732829320 00074', { siret: 1, siren: 1, finess: 1 }],
    ['a number of a company with its key', 'TVA FR40303265045', { vat: 1 }],
  ])('%s is found by one value of any kind, and is nobody’s', (_what, text, found) => {
    expect(search('any', [text])).toEqual(found);
    expect(search('people', five(text))).toEqual({});
    expect(search('likely-people', five(text))).toEqual({});
  });

  it.each([
    ['a key that is wrong', ['185057800608492']],
    ['amounts', ['732829320.50', '732829320.00', '732829.320', '0.732829320', '1850578006084.5', '0612345678.25']],
    ['folders by time', ['2024/06/12/10/30/00', '06/12/10/30/00/part-0', '/06/12/10/30/00']],
    ['versions, dates and codes', ['2024-01-02 10:20:30', '1.2.3', 'A12345', '75011']],
  ])('%s is nothing of the kind', (_what, texts) => {
    for (const scrutiny of ['any', 'people', 'likely-people'] as const) expect(search(scrutiny, texts)).toEqual({});
  });

  it.each([
    ['a NIR without its key', { nir: 1 }, ['1850578006084', '1701200000000', '1764068400000', '1764068400001']],
    ['ten bare digits', { phone: 1 }, ['0612345678', '1612345678', '2612345678', '3612345678']],
    ['a RPPS', { rpps: 1 }, ['10003456786', '10003456787', '10003456788']],
  ])('%s among numbers that are none may be so by chance', (_what, found, texts) => {
    expect(search('likely-people', texts)).toEqual({});
    expect(search('people', [...texts, '73282932000074'])).toEqual(found);
    expect(search('any', texts)).toEqual(found);
  });

  it('a check of one digit needs many values where chance counts', () => {
    const numbers = ['10003456786', '81000000000'];
    expect(search('likely-people', five(...numbers))).toEqual({});
    expect(search('likely-people', luhn(11, 5))).toEqual({ rpps: 5 });
    expect(search('likely-people', [...luhn(11, 5), '10003456787', '10003456788'])).toEqual({});
    expect(search('people', numbers)).toEqual({ rpps: 2 });
  });
});
