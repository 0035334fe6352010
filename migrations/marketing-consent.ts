import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'marketing-consent',
  title: { fr: 'Campagnes et consentements', en: 'Campaigns and consents' },
  owner: 'marketing-data@example.org',
  wave: 2,
  source: { tables: ['marketing.*'] },
  purpose: 'N’écrire qu’à ceux qui l’ont accepté',
  legalBasis: 'art. 6.1.a',
  consumers: ['outil-campagnes'],
});
