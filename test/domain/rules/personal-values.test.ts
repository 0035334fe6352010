import { describe, expect, it } from 'vitest';
import { classOfKind, kindOfValues } from '../../../src/domain/rules/personal-values.ts';

const five = (...values: readonly string[]): string[] =>
  Array.from({ length: 10 }, (_, index) => values[index % values.length]!);

describe('what the values of a column are', () => {
  // Numbers from the documents that define them, with right check digits.
  it.each([
    ['nir', ['1 85 05 78 006 084 91', '255082A16802597']],
    ['iban', ['FR14 2004 1010 0505 0001 3M02 606', 'DE89370400440532013000']],
    ['siret', ['732 829 320 00074', '35600000000048']],
    ['email', ['anne.martin@example.org', 'été@exemple.fr']],
    ['phone', ['06 12 34 56 78', '+33612345678', '0033.1.23.45.67.89']],
  ] as const)('%s is told', (kind, values) => {
    const found = kindOfValues(five(values[0], values[1]));
    expect(found).toEqual({ kind, matching: 10, sampled: 10 });
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
    expect(classOfKind('nir')).toEqual({ class: 'identifier', treat: 'pseudonymise' });
    expect(classOfKind('siret')).toEqual({ class: 'quasi-identifier' });
  });
});
