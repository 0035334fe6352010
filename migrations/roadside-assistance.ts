import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'roadside-assistance',
  title: { fr: 'Assistance', en: 'Assistance' },
  owner: 'assistance-data@example.org',
  wave: 4,
  source: { tables: ['assistance.*'] },
  purpose: 'Suivre les interventions des prestataires',
  legalBasis: 'art. 6.1.b',
  consumers: ['powerbi'],
});
