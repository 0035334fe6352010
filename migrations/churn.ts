import { defineMigration } from 'lakelift';

export default defineMigration({
  id: 'churn',
  title: { fr: 'Attrition des clients', en: 'Customer churn' },
  owner: 'relation-client-data@example.org',
  wave: 1,
  source: {
    tables: [
      'assurance.clients',
      'assurance.contrats',
      'assurance.sinistres',
      'assurance.appels',
      'assurance.resiliations',
      'assurance.mouvements',
      'assurance.v_contrats_actifs',
    ],
  },
  purpose: 'Repérer les contrats en risque de résiliation et rappeler les clients concernés',
  legalBasis: 'art. 6.1.f',
  consumers: ['dataiku'],
});
