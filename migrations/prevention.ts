import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'prevention',
  title: { fr: 'Prévention', en: 'Prevention' },
  owner: 'prevention-data@example.org',
  wave: 4,
  source: { tables: ['prevention.*'] },
  purpose: 'Prévenir les sinistres chez les assurés équipés',
  legalBasis: 'art. 6.1.a',
  consumers: ['dataiku'],
});
