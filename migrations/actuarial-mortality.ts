import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'actuarial-mortality',
  title: { fr: 'Tables de mortalité et engagements', en: 'Mortality tables and liabilities' },
  owner: 'actuariat-data@example.org',
  wave: 2,
  source: { tables: ['actuariat.tables_mortalite', 'actuariat.engagements'] },
  purpose: 'Évaluer les engagements viagers',
  legalBasis: 'art. 6.1.c',
  consumers: ['dataiku'],
});
