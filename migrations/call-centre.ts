import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'call-centre',
  title: { fr: 'Centre de relation client', en: 'Call centre' },
  owner: 'relation-client-data@example.org',
  wave: 1,
  source: { tables: ['relation.transcriptions', 'assurance.appels'], paths: ['/data/relation/enregistrements'] },
  purpose: 'Améliorer les réponses données au téléphone',
  legalBasis: 'art. 6.1.f',
  consumers: ['dataiku'],
});
