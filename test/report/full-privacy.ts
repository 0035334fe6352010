import { PRIVACY_REPORT_SCHEMA, type PrivacyReport } from '../../src/domain/privacy/privacy-report.ts';
import { fullReport } from './full-report.ts';

const sha256 = '5f'.repeat(32);

/** A privacy report with all that one can hold. */
export const privacy: PrivacyReport = {
  schema: PRIVACY_REPORT_SCHEMA,
  useCase: fullReport.useCase,
  build: { at: '2026-11-26T08:00:00.000Z', by: 'rh@poste', toolVersion: '0.1.0', runId: fullReport.run.runId },
  pseudonyms: 'hmac-sha256-128 rh v2 from v1',
  validByChance: 'numéros de <commande> à neuf chiffres',
  datasets: [
    {
      name: 'salaries',
      zone: 'cleaned',
      table: 'cleaned_rh.salaries',
      madeOf: ['rh.salaries', 'rh.contrats'],
      sha256,
      columns: [
        { name: 'matricule', source: 'matricule', class: 'identifier', treatment: 'pseudonymise:text' },
        { name: 'nir', source: 'nir', class: 'identifier', treatment: 'pseudonymise:nir' },
        { name: 'tranche', source: 'date_naissance', class: 'quasi-identifier', treatment: 'year-band:10' },
        {
          name: 'sexe',
          source: 'sexe',
          class: 'quasi-identifier',
          treatment: 'keep',
          because: 'art. 6.1.f : <égalité>',
        },
        { name: 'arrets', source: 'arrets', class: 'technical', treatment: 'count' },
      ],
      leftOut: [{ source: 'rh.salaries', column: 'commentaire', class: 'free-text' }],
      ...{ sourceRows: 12_800, suppressedRows: 37, rows: 12_763, blanked: { rows: 61, cells: 64 } },
      anonymity: {
        ...{ over: ['sexe', 'tranche'], of: ['matricule'], k: 5, smallestClass: 6, onFailure: 'suppress' },
        diversity: { of: 'motif', l: 3, least: 4 },
        blank: ['tranche'],
        except: { service: 'art. 6.1.f : <pilotage>' },
      },
      searched: ['arrets'],
      checks: [
        { text: 'matricule unique', severity: 'refuse', failing: 0 },
        { text: 'service not-null', severity: 'warn', failing: 12 },
      ],
      consumers: ['dataiku'],
      purpose: 'Pilotage des absences',
      legalBasis: ['6.1.f', '9.2.b'],
      retention: { period: 'P5Y', from: 'mois_debut' },
    },
    {
      ...{ name: 'vide', zone: 'refined', table: 'refined_rh.vide', madeOf: ['salaries'], sha256 },
      ...{ columns: [], leftOut: [], sourceRows: 0, suppressedRows: 0, rows: 0 },
      anonymity: { over: ['sexe'], k: 5, onFailure: 'refuse' },
      ...{ searched: [], checks: [], consumers: [], legalBasis: [] },
    },
    {
      ...{ name: 'contrats', zone: 'cleaned', table: 'cleaned_rh.contrats', madeOf: ['rh.contrats'], sha256 },
      ...{ columns: [], leftOut: [], sourceRows: 3, suppressedRows: 0, rows: 3 },
      notAnonymous: 'art. 6.1.f : une ligne par <contrat>',
      ...{ searched: [], checks: [], consumers: [], legalBasis: [] },
    },
  ],
};
