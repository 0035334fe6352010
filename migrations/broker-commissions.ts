import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'broker-commissions',
  title: { fr: 'Courtiers et commissions', en: 'Brokers and commissions' },
  owner: 'courtage-data@example.org',
  wave: 2,
  source: { tables: ['courtage.apporteurs', 'courtage.commissions', 'courtage.baremes_2019'] },
  purpose: 'Calculer et payer les commissions',
  legalBasis: 'art. 6.1.b',
  consumers: ['portail-partenaires', 'powerbi'],
});
