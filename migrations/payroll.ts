import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'payroll',
  title: { fr: 'Paie', en: 'Payroll' },
  owner: 'rh-data@example.org',
  wave: 1,
  source: { tables: ['paie.*'] },
  purpose: 'Payer les salaires et les déclarer',
  legalBasis: 'art. 6.1.c',
  consumers: ['powerbi'],
});
