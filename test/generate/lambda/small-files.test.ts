import { expect, it } from 'vitest';
import type { Join } from '../../../src/domain/privacy/dataset.ts';
import { takesSmallFiles } from '../../../src/generate/names.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { blueprintOf } from '../blueprint.ts';

const { mapping } = await blueprintOf('absences');
const joined = (other: string, on: Readonly<Record<string, string>>): Join => ({
  ...{ with: other, kind: 'inner', on, where: [], columns: {} },
});
const WITHIN = { dsn_file: 'dsn_file', dsn_parent_line: 'dsn_line' };

it.each([
  ['rows of one table', aDataset({ from: 'rh.salaries' }), true],
  ['a table that joins', aDataset({ from: 'rh.salaries', joins: [joined('rh.arret_travail', { nir: 'nir' })] }), false],
  ['a dataset', aDataset({ from: 'arrets' }), false],
  ['sums', aDataset({ from: 'dsn_rh.contrat', aggregate: { by: [], measures: { n: 'count' } } }), false],
  ['a block', aDataset({ from: 'dsn_rh.contrat' }), true],
  ['blocks of one file', aDataset({ from: 'dsn_rh.contrat', joins: [joined('dsn_rh.individu', WITHIN)] }), true],
  [
    'blocks that meet across files',
    aDataset({ from: 'dsn_rh.contrat', joins: [joined('dsn_rh.individu', { r009: 'r019' })] }),
    false,
  ],
  ['a block and a table', aDataset({ from: 'dsn_rh.contrat', joins: [joined('rh.salaries', WITHIN)] }), false],
] as const)('of small files can be made: %s', (_, dataset, expected) => {
  expect(takesSmallFiles({ mapping }, dataset)).toBe(expected);
});
