import { expect, it } from 'vitest';
import { datasetFolder } from '../../../src/domain/privacy/dataset-folder.ts';

const target = { database: 'cleaned_rh', table: 'salaries' };

it.each(['lac/', 'lac', '/lac/'])('a dataset lies in one folder, however the prefix %s is spelled', (prefix) => {
  expect(datasetFolder(prefix, target)).toBe('lac/cleaned_rh/salaries/');
});

it('a dataset lies at the root of a bucket without prefix', () => {
  expect(datasetFolder('', target)).toBe('cleaned_rh/salaries/');
});
