import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'natural-catastrophes',
  title: { fr: 'Risques naturels', en: 'Natural catastrophes' },
  owner: 'catnat-data@example.org',
  wave: 3,
  source: { tables: ['catnat.*'] },
  purpose: 'Estimer l’exposition aux événements naturels',
  legalBasis: 'art. 6.1.f',
  consumers: ['dataiku'],
});
