import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'contracts-360',
  title: { fr: 'Vue complète du contrat', en: 'Contract overview' },
  owner: 'contrats-data@example.org',
  wave: 2,
  source: { tables: ['contrat.*', 'assurance.contrats', 'assurance.clients'] },
  purpose: 'Donner aux conseillers une vue de chaque contrat',
  legalBasis: 'art. 6.1.b',
  consumers: ['powerbi', 'dataiku'],
});
