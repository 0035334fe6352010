import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'document-archive',
  title: { fr: 'Archive des contrats signés', en: 'Archive of signed contracts' },
  owner: 'archives-data@example.org',
  wave: 2,
  source: { paths: ['/data/archives/documents'] },
  purpose: 'Conserver les contrats pour preuve',
  legalBasis: 'art. 6.1.c',
  consumers: ['espace-client'],
});
