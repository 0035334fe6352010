import { describe, expect, it } from 'vitest';
import type { ColumnClass } from '../../../src/domain/mapping.ts';
import { personalValueProblems } from '../../../src/domain/rules/partition-value.ts';
import { isSuspect, pathNamesSomebody } from '../../../src/domain/rules/suspect-column.ts';

const NIR = '1850578006084';
const INSTANT = '1701200000000';

describe('a column in which one value is enough', () => {
  it.each([
    ['identifier', 'c', true],
    ['quasi-identifier', 'c', true],
    ['free-text', 'c', true],
    ['sensitive', 'c', false],
    ['technical', 'c', false],
    ['technical', 'Commentaire', true],
    ['technical', 'tel_mobile', true],
    ['public', 'siret', false],
  ] as const)('%s, called %s: %s', (kind, name, expected) => {
    expect(isSuspect(kind, [name])).toBe(expected);
  });
});

describe('numbers of thirteen or ten digits in names', () => {
  const problems = (name: string, kind: ColumnClass, value: string): string[] =>
    personalValueProblems([{ name, type: 'string', comment: undefined }], [value], { [name]: { class: kind } }).map(
      ({ code }) => code,
    );

  it('wait as values of a partition whose name tells of people and whose class does not', () => {
    expect(problems('nir', 'technical', NIR)).toEqual(['PERSONAL_PARTITION']);
    expect(problems('tel', 'unclassified', '0612345678')).toEqual(['PERSONAL_PARTITION']);
    expect(problems('medecin_rpps', 'public', '10003456786')).toEqual(['PERSONAL_PARTITION']);
    // Nothing that it could be, or said and hidden in reports.
    expect(problems('nir', 'technical', INSTANT)).toEqual([]);
    expect(problems('nir', 'identifier', NIR)).toEqual([]);
    expect(problems('lot', 'technical', NIR)).toEqual([]);
  });

  it('wait in paths where such a name stands before them', () => {
    expect(pathNamesSomebody(`annee=2024/nir=${NIR}/part-0`)).toBe(true);
    expect(pathNamesSomebody('tel=0612345678.csv')).toBe(true);
    expect(pathNamesSomebody(`lot=${NIR}/part-0`)).toBe(false);
    expect(pathNamesSomebody(`nir/${NIR}.csv`)).toBe(false);
    expect(pathNamesSomebody('a/06 12 34 56 78.txt')).toBe(true);
  });
});
