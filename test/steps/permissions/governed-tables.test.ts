import { expect, it } from 'vitest';
import { governedTables } from '../../../src/steps/permissions/governed-tables.ts';
import { proposeMapping } from '../../../src/steps/map.ts';
import { avroTable } from '../avro-table.ts';
import { MIGRATION } from '../small-migration.ts';

it('has the columns of the schema of an Avro table, which Hive shows whatever the metastore holds', async () => {
  const { catalog, files } = avroTable('rh.avro', ['matricule', 'nir']);
  const { mapping } = await proposeMapping(MIGRATION, catalog, { files });
  const { tables } = await governedTables(mapping, catalog, files);
  expect(tables.map(({ columns }) => columns.map(({ name }) => name))).toEqual([['matricule', 'nir']]);
});
