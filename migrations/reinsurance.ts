import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'reinsurance',
  title: { fr: 'Réassurance', en: 'Reinsurance' },
  owner: 'reassurance-data@example.org',
  wave: 3,
  source: { tables: ['reassurance.*'], paths: ['/data/reassurance/bordereaux'] },
  purpose: 'Suivre les traités et céder les primes',
  legalBasis: 'art. 6.1.b',
  consumers: ['powerbi'],
});
