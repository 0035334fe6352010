import { describe, expect, it } from 'vitest';
import { proposeColumn } from '../../src/domain/rules/column-class.ts';
import { createLake } from '../../src/sandbox/lake/create-lake.ts';
import { proposeMapping } from '../../src/steps/map.ts';
import { avroTable } from './avro-table.ts';
import { MemoryCatalog } from './plan/memory-source.ts';
import { MIGRATION } from './small-migration.ts';

function propose(tables: readonly string[], paths: readonly string[] = []) {
  const lake = createLake();
  const catalog = new MemoryCatalog(lake.tables, (table) => lake.partitions(table));
  return proposeMapping({ ...MIGRATION, source: { ...MIGRATION.source, tables, paths } }, catalog);
}

describe('the proposal of a mapping', () => {
  it('lists columns in the order of the table, partition keys last, classed only where the name leaves no doubt', async () => {
    const { mapping } = await propose(['rh.arret_travail']);
    expect(
      Object.entries(mapping.tables['rh.arret_travail']!.columns).map(([name, column]) => `${name} ${column.class}`),
    ).toEqual([
      'matricule identifier',
      'nir identifier',
      'date_debut unclassified',
      'date_fin unclassified',
      'motif_arret sensitive',
      'subrogation unclassified',
      'medecin_rpps identifier',
      'commentaire free-text',
      'annee unclassified',
      'mois unclassified',
    ]);
  });

  it.each([
    ['nir_assure', 'pseudonymise:nir'],
    ['ntt', 'pseudonymise:nir'],
    ['num_secu', 'pseudonymise:nir'],
    ['iban_beneficiaire', 'pseudonymise:iban'],
    ['courriel', 'pseudonymise:email'],
    ['mail_pro', 'pseudonymise:email'],
    ['tel_mobile', 'pseudonymise:phone'],
    ['matricule', 'pseudonymise'],
    ['medecin_rpps', undefined],
    ['bic', undefined],
  ])('reads %s as somebody’s, and proposes %s', (name, treat) => {
    expect(proposeColumn(name)).toEqual({ class: 'identifier', ...(treat !== undefined && { treat }) });
  });

  it('leaves numbers of companies open', () => {
    expect(['siret', 'siren', 'num_tva'].map((name) => proposeColumn(name).class)).toEqual(
      Array(3).fill('unclassified'),
    );
  });

  it('expands wildcards, each table once, and folds case', async () => {
    const { mapping, missing } = await propose(['RH.*', 'rh.salaries', 'commerce.v*']);
    expect(Object.keys(mapping.tables)).toEqual([
      'commerce.visites',
      'rh.absences_prevues',
      'rh.arret_travail',
      'rh.dsn_salarie',
      'rh.salaries',
    ]);
    expect(missing).toEqual([]);
  });

  it('sends tables to a raw database of their own name and paths to their own prefix', async () => {
    const { mapping } = await propose(['rh.salaries'], ['/data/rh/dsn']);
    expect(mapping.tables['rh.salaries']!.target).toEqual({ zone: 'raw', database: 'raw_rh', table: 'salaries' });
    expect(mapping.paths).toEqual({ '/data/rh/dsn': { target: { zone: 'raw', prefix: 'data/rh/dsn' } } });
  });

  it('has the columns of the schema of an Avro table, where the metastore does not know them yet', async () => {
    const { catalog, files } = avroTable('rh.avro', ['a', 'nir']);
    const { mapping } = await proposeMapping(MIGRATION, catalog, { files });
    expect(mapping.tables['rh.avro']?.columns).toMatchObject({ a: {}, nir: { class: 'identifier' } });
  });

  it('maps no table that the source does not know, and says which it may have meant', async () => {
    const { mapping, missing } = await propose(['rh.salarie', 'finance.*']);
    expect(mapping.tables).toEqual({});
    expect(missing.map(({ pattern, reason }) => [pattern, reason.code])).toEqual([
      ['rh.salarie', 'SOURCE_TABLE_NOT_FOUND'],
      ['finance.*', 'SOURCE_TABLE_NOT_FOUND'],
    ]);
    expect(missing[0]?.reason.hint).toContain('rh.salaries');
  });
});
