import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'telematics',
  title: { fr: 'Assurance au kilomètre', en: 'Pay-as-you-drive' },
  owner: 'telematique-data@example.org',
  wave: 4,
  source: { tables: ['telematique.*'] },
  purpose: 'Tarifer selon l’usage du véhicule',
  legalBasis: 'art. 6.1.a',
  consumers: ['dataiku'],
});
