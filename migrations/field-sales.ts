import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'field-sales',
  title: { fr: 'Application de la force de vente', en: 'Field sales application' },
  owner: 'reseau-data@example.org',
  wave: 2,
  source: { tables: ['commerce.prospects', 'commerce.visites', 'commerce.portefeuille'] },
  purpose: 'Préparer et suivre les visites des commerciaux',
  legalBasis: 'art. 6.1.f',
  consumers: ['dataiku', 'application-terrain'],
});
