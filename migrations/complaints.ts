import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'complaints',
  title: { fr: 'Réclamations', en: 'Complaints' },
  owner: 'reclamations-data@example.org',
  wave: 2,
  source: { tables: ['reclamation.*'] },
  purpose: 'Répondre aux réclamations dans les délais de l’ACPR',
  legalBasis: 'art. 6.1.c',
  consumers: ['powerbi'],
});
