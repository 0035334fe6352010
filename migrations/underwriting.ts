import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'underwriting',
  title: { fr: 'Souscription', en: 'Underwriting' },
  owner: 'souscription-data@example.org',
  wave: 3,
  source: { tables: ['souscription.*'] },
  purpose: 'Accepter ou refuser les risques proposés',
  legalBasis: 'art. 6.1.b',
  consumers: ['application-devis'],
});
