import type { Dataset } from '../../../src/domain/privacy/dataset.ts';

/** A dataset that asks for nothing but what a test says. */
export function aDataset(given: Pick<Dataset, 'from'> & Partial<Dataset>): Dataset {
  return {
    name: 'people',
    target: { zone: 'cleaned', database: 'cleaned_rh', table: 'people' },
    joins: [],
    where: [],
    columns: {},
    notAnonymous: 'read by nobody but a test',
    partitions: [],
    checks: [],
    consumers: [],
    legalBasis: [],
    ...given,
  };
}
