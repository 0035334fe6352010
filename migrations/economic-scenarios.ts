import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'economic-scenarios',
  title: { fr: 'Scénarios économiques', en: 'Economic scenarios' },
  owner: 'actuariat-data@example.org',
  wave: 4,
  source: { tables: ['actuariat.scenarios'] },
  purpose: 'Projeter les engagements sous Solvabilité II',
  legalBasis: 'art. 6.1.c',
  consumers: ['moteur-als'],
});
