import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'finance-ledger',
  title: { fr: 'Comptabilité générale', en: 'General ledger' },
  owner: 'finance-data@example.org',
  wave: 2,
  source: { tables: ['finance.ecritures', 'finance.plan_comptable', 'finance.mv_balance'] },
  purpose: 'Contrôler et clôturer les comptes',
  legalBasis: 'art. 6.1.c',
  consumers: ['powerbi'],
});
