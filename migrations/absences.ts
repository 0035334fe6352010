import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'absences',
  title: { fr: 'Gestion et pilotage des absences', en: 'Absence management' },
  owner: 'rh-data@example.org',
  wave: 1,
  source: { tables: ['rh.*'], paths: ['/data/rh/dsn'] },
  purpose: 'Pilotage des absences',
  legalBasis: 'art. 6.1.f ; art. 9.2.b pour les données de santé',
  consumers: ['dataiku'],
});
