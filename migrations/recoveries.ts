import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'recoveries',
  title: { fr: 'Recours contre tiers', en: 'Recoveries' },
  owner: 'recours-data@example.org',
  wave: 4,
  source: { tables: ['recours.*'] },
  purpose: 'Récupérer les indemnités dues par des tiers',
  legalBasis: 'art. 6.1.b',
  consumers: ['application-sinistres'],
});
