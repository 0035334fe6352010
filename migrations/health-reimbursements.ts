import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'health-reimbursements',
  title: { fr: 'Remboursements de soins', en: 'Healthcare reimbursements' },
  owner: 'sante-data@example.org',
  wave: 3,
  source: { tables: ['sante.*'] },
  purpose: 'Rembourser les soins et suivre leur coût',
  legalBasis: 'art. 6.1.b ; art. 9.2.h pour les données de santé',
  consumers: ['dataiku'],
});
