import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'claims-handling',
  title: { fr: 'Gestion des sinistres', en: 'Claims handling' },
  owner: 'sinistres-data@example.org',
  wave: 1,
  source: { tables: ['sinistre.dossiers', 'sinistre.expertises', 'sinistre.reglements', 'assurance.sinistres'] },
  purpose: 'Suivre chaque dossier de sa déclaration à son règlement',
  legalBasis: 'art. 6.1.b',
  consumers: ['dataiku', 'application-sinistres'],
});
