import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'supplier-invoices',
  title: { fr: 'Factures des fournisseurs', en: 'Supplier invoices' },
  owner: 'finance-data@example.org',
  wave: 4,
  source: { tables: ['finance.factures'], paths: ['/data/finance/releves'] },
  purpose: 'Payer et rapprocher les factures',
  legalBasis: 'art. 6.1.c',
  consumers: ['powerbi'],
});
