import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'fleet',
  title: { fr: 'Flottes d’entreprise', en: 'Corporate fleets' },
  owner: 'flottes-data@example.org',
  wave: 4,
  source: { tables: ['flotte.*'] },
  purpose: 'Gérer les véhicules et conducteurs des entreprises',
  legalBasis: 'art. 6.1.b',
  consumers: ['portail-partenaires'],
});
