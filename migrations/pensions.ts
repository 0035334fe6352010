import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'pensions',
  title: { fr: 'Retraite supplémentaire', en: 'Supplementary pensions' },
  owner: 'retraite-data@example.org',
  wave: 2,
  source: { tables: ['retraite.*'] },
  purpose: 'Tenir les comptes de points des affiliés',
  legalBasis: 'art. 6.1.b',
  consumers: ['espace-client'],
});
