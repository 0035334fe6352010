import { describe, expect, it } from 'vitest';
import { defineMigration } from '../../src/domain/migration.ts';
import type { QueryEngine } from '../../src/ports/query-engine.ts';
import { createLake } from '../../src/sandbox/lake/create-lake.ts';
import { classByValues } from '../../src/steps/class-by-values.ts';
import { proposeMapping } from '../../src/steps/map.ts';
import { avroTable } from './avro-table.ts';
import { MemoryCatalog, MemoryFileSystem } from './plan/memory-source.ts';

const lake = createLake();
const catalog = new MemoryCatalog(lake.tables, (table) => lake.partitions(table));
const migration = defineMigration({
  id: 'test',
  title: { fr: '', en: '' },
  owner: '',
  wave: 1,
  source: { tables: ['rh.dsn_salarie'], paths: [] },
  purpose: '',
  legalBasis: '',
  consumers: [],
});

const SIRETS = ['73282932000074', '35600000000048', '35600000049008', '30326504500011', '33417522100012'];

/** Answers as an engine would whose table has these columns. */
function engineOf(values: Readonly<Record<string, (row: number) => string>>): QueryEngine {
  return {
    name: 'duckdb',
    query: (sql: string) =>
      Promise.resolve(
        Array.from({ length: 5 }, (_, row) =>
          [...sql.matchAll(/cast\("(\w+)" /g)].map(([, column]) => values[column!]?.(row)),
        ),
      ),
  } as unknown as QueryEngine;
}

describe('a proposal that looked at values', () => {
  it('classes what the names leave open, and only that', async () => {
    const { mapping } = await proposeMapping(migration, catalog);
    const engine = engineOf({
      siret: (row) => SIRETS[row]!,
      // Already an identifier by its name, of a kind that it leaves open.
      matricule: () => '185057800608491',
      rang: (row) => String(732_829_320 + row),
    });
    const classed = await classByValues(mapping, {
      catalog,
      engine,
      files: { source: new MemoryFileSystem(), clusterAuthorities: ['sandbox'] },
    });
    const before = mapping.tables['rh.dsn_salarie']!.columns;
    expect(before['siret']).toEqual({ class: 'unclassified' });
    expect(classed.tables['rh.dsn_salarie']!.columns).toEqual({
      ...before,
      siret: { class: 'quasi-identifier' },
      matricule: { class: 'identifier', treat: 'pseudonymise:nir' },
    });
  });

  it('looks at the columns of the schema of an Avro table, where the metastore does not know them yet', async () => {
    const inAvro = avroTable('rh.dsn_salarie', ['siret']);
    const { mapping } = await proposeMapping(migration, inAvro.catalog, { files: inAvro.files });
    const engine = engineOf({ siret: (row) => SIRETS[row]! });
    const classed = await classByValues(mapping, { ...inAvro, engine });
    expect(classed.tables['rh.dsn_salarie']!.columns).toEqual({ siret: { class: 'quasi-identifier' } });
  });
});
