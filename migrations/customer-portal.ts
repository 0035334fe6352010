import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'customer-portal',
  title: { fr: 'Espace client', en: 'Customer portal' },
  owner: 'digital-data@example.org',
  wave: 2,
  source: { tables: ['portail.*'], paths: ['/data/portail/pieces'] },
  purpose: 'Servir l’espace client et suivre son usage',
  legalBasis: 'art. 6.1.b',
  consumers: ['espace-client'],
});
