import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'pricing',
  title: { fr: 'Tarification', en: 'Pricing' },
  owner: 'tarification-data@example.org',
  wave: 3,
  source: { tables: ['tarification.*'], paths: ['/data/tarification/modeles'] },
  purpose: 'Construire et surveiller les tarifs',
  legalBasis: 'art. 6.1.f',
  consumers: ['dataiku'],
});
