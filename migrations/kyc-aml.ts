import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'kyc-aml',
  title: { fr: 'Connaissance du client et blanchiment', en: 'Know your customer and AML' },
  owner: 'conformite-data@example.org',
  wave: 3,
  source: { tables: ['conformite.*', 'assurance.clients'] },
  purpose: 'Identifier les clients et surveiller les opérations',
  legalBasis: 'art. 6.1.c',
  consumers: ['outil-lcbft'],
});
