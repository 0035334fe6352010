import { expect, it } from 'vitest';
import type { UseCaseId } from '../../../src/domain/names.ts';
import type { ErasedDataset, FoundDataset } from '../../../src/steps/zones/erase-person.ts';
import { NOTHING, recordOf } from '../../../src/steps/zones/record-of-erasure.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';

const ERASED: ErasedDataset = {
  ...{ rowsBefore: 3, rowsErased: 1, notSearched: [], smallestClass: undefined, written: undefined },
};
const found = (name: string, from: string, erased?: ErasedDataset): FoundDataset => ({
  ...{ dataset: aDataset({ name, from }), standing: undefined as never, erased },
});

it('names all that is to be built again: also what is made of a dataset that has no pseudonyms itself', () => {
  const datasets = [
    found('salaries', 'rh.salaries', ERASED),
    found('par_service', 'salaries'),
    found('par_region', 'par_service'),
    found('communes', 'rh.communes'),
  ];
  const erasure = {
    ...{ identifiers: [], scheme: { domain: 'rh', version: 1, keys: new Map() }, by: 'a test' },
    ...{ records: { useCase: 'absences' as UseCaseId }, place: () => undefined as never },
  };
  const { toBuildAgain } = recordOf(erasure, { ...NOTHING, datasets }, undefined);
  expect(toBuildAgain).toEqual(['par_service', 'par_region']);
});
