import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'disability',
  title: { fr: 'Prévoyance et invalidité', en: 'Disability benefits' },
  owner: 'prevoyance-data@example.org',
  wave: 3,
  source: { tables: ['prevoyance.*'] },
  purpose: 'Servir les rentes et prévoir leur durée',
  legalBasis: 'art. 6.1.b ; art. 9.2.h pour les données de santé',
  consumers: ['dataiku'],
});
