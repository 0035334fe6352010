import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'web-analytics',
  title: { fr: 'Audience des sites', en: 'Web analytics' },
  owner: 'digital-data@example.org',
  wave: 4,
  source: { tables: ['web.*'] },
  purpose: 'Mesurer l’audience et mener les visiteurs au devis',
  legalBasis: 'art. 6.1.a',
  consumers: ['dataiku'],
});
