import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'claims-fraud',
  title: { fr: 'Détection de la fraude', en: 'Fraud detection' },
  owner: 'fraude-data@example.org',
  wave: 3,
  source: { tables: ['fraude.*', 'assurance.sinistres'] },
  purpose: 'Repérer les déclarations à contrôler',
  legalBasis: 'art. 6.1.f',
  consumers: ['dataiku'],
});
