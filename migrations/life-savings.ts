import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'life-savings',
  title: { fr: 'Épargne et assurance vie', en: 'Savings and life insurance' },
  owner: 'epargne-data@example.org',
  wave: 3,
  source: { tables: ['epargne.*'] },
  purpose: 'Suivre les encours et les arbitrages',
  legalBasis: 'art. 6.1.b',
  consumers: ['espace-client', 'powerbi'],
});
