import { ERASURE_SCHEMA, type ErasureRecord } from '../../src/domain/privacy/erasure.ts';
import type { ErasureProof } from '../../src/report/erasure-content.ts';

/** The record of an erasure with all that one can hold. */
export const erasure: ErasureRecord = {
  schema: ERASURE_SCHEMA,
  useCase: 'absences',
  begunAt: '2026-11-26T08:00:00.000Z',
  endedAt: '2026-11-26T08:02:00.000Z',
  by: 'rh@poste',
  pseudonyms: 'hmac-sha256-128 rh v2 from v1',
  isDone: false,
  kinds: { nir: 2, iban: 0 },
  datasets: [
    {
      ...{ name: 'salaries', table: 'cleaned_rh.salaries', rowsBefore: 12_800, rowsErased: 2, rowsAfter: 12_798 },
      ...{ notSearched: ['commentaire'], k: 5, smallestClass: 4 },
    },
    {
      ...{ name: 'arrets', table: 'cleaned_rh.arrets_small_files', rowsBefore: 4, rowsErased: 0, rowsAfter: 4 },
      notSearched: [],
    },
  ],
  served: [
    {
      ...{ kind: 'serving-files', location: 's3://cleaned/_serving/absences/items/000000000001/' },
      ...{ itemsBefore: 40, itemsErased: 1, itemsAfter: 39 },
    },
    { kind: 'serving-table', location: 'lakelift-absences-serving-000000000001', itemsErased: 1 },
  ],
  toBuildAgain: ['absences_par_departement'],
  raw: [
    { table: 'rh.salaries', rows: 1, objects: [{ location: 's3://raw/rh/salaries/<0>', rows: 1 }] },
    { table: 'rh.codes', objects: [], reason: 'NO_IDENTIFIER_COLUMN' },
    { table: 'raw_rh.anciens', objects: [], reason: 'GLUE_DENIED' },
  ],
  pathsNotSearched: ['/data/rh/<notes>'],
  publishedNotErased: [
    {
      ...{ kind: 'small-files', table: 'cleaned_rh.arrets_small_files' },
      ...{ location: 's3://cleaned/cleaned_rh/arrets_small_files/', objects: 1 },
    },
    { kind: 'serving-files', location: 's3://cleaned/_serving/absences/', objects: 3 },
    { kind: 'serving-tables', location: 'lakelift-absences-serving-*', reason: 'NO_DYNAMODB' },
    { kind: 'undeclared-table', table: 'cleaned_rh.<vieux>', location: 's3://x/', reason: 'NO_PSEUDONYMS' },
  ],
};

export const proof: ErasureProof = {
  sha256: '5f'.repeat(32),
  location: 's3://raw/_audit/absences/erasures/2026-11-26T08-00-00-000Z.json',
  toolVersion: '0.1.0',
};
