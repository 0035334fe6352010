import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'partner-portal',
  title: { fr: 'Portail des partenaires', en: 'Partner portal' },
  owner: 'partenaires-data@example.org',
  wave: 3,
  source: { tables: ['partenaire.*'] },
  purpose: 'Ouvrir aux partenaires le suivi de leurs affaires',
  legalBasis: 'art. 6.1.b',
  consumers: ['portail-partenaires'],
});
