import { defineMigration } from '../../src/domain/migration.ts';

/** Of all tables of one database. */
export const MIGRATION = defineMigration({
  id: 'test',
  title: { fr: '', en: '' },
  owner: '',
  wave: 1,
  source: { tables: ['rh.*'] },
  purpose: '',
  legalBasis: '',
  consumers: [],
});
