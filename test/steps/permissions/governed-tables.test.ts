import { expect, it } from 'vitest';
import { NO_DECISIONS } from '../../../src/domain/permissions/permission-review.ts';
import { drawReview } from '../../../src/steps/permissions/draw-review.ts';
import { generateGrants } from '../../../src/steps/permissions/generate-grants.ts';
import { governedTables } from '../../../src/steps/permissions/governed-tables.ts';
import { reviewContent } from '../../../src/steps/permissions/review-content.ts';
import { proposeMapping } from '../../../src/steps/map.ts';
import { MemoryFileSystem } from '../plan/memory-source.ts';
import { avroTable } from '../avro-table.ts';
import { MIGRATION } from '../small-migration.ts';

it('has the columns of the schema of an Avro table, which Hive shows whatever the metastore holds', async () => {
  const { catalog, files } = avroTable('rh.avro', ['matricule', 'nir']);
  const { mapping } = await proposeMapping(MIGRATION, catalog, { files });
  const { tables } = await governedTables(mapping, catalog, files);
  expect(tables.map(({ columns }) => columns.map(({ name }) => name))).toEqual([['matricule', 'nir']]);
  const review = drawReview([], tables, NO_DECISIONS);
  expect(reviewContent('absences', review, NO_DECISIONS)).toMatchObject({ doubts: undefined });
});

it('says of an Avro table whose schema cannot be read that its columns may be others', async () => {
  const { catalog, files } = avroTable('rh.avro', ['matricule']);
  const { mapping } = await proposeMapping(MIGRATION, catalog, { files });
  const { tables } = await governedTables(mapping, catalog, { ...files, source: new MemoryFileSystem() });
  expect(tables.map(({ columns }) => columns.map(({ name }) => name))).toEqual([['a']]);
  const review = drawReview([], tables, NO_DECISIONS);
  expect(reviewContent('absences', review, NO_DECISIONS)).toMatchObject({
    doubts: [expect.stringMatching(/^rh\.avro: AVRO_SCHEMA_URL: .*does not exist; .*those of the metastore/) as string],
  });
  // A mask of a column that the metastore does not know would be lost.
  expect(() => generateGrants('absences', review, NO_DECISIONS)).toThrow(/1 decisions are open.*\ntables\.rh\.avro: /);
});
