import {
  STANDING_PRIVACY_SCHEMA,
  type Standing,
  type StandingPrivacyReport,
} from '../../src/domain/privacy/standing-report.ts';
import { privacy } from './full-privacy.ts';

const [salaries, vide, contrats] = privacy.datasets;
const at = '2026-11-26T08:00:00.000Z';
const NOTHING = { inQuarantine: {}, remarks: [] } as const;
const smallFiles: Standing['smallFiles'] = {
  ...{ table: 'cleaned_rh.salaries_small_files', pseudonyms: 'hmac-sha256-128 rh v1; hmac-sha256-128 rh v2 from v1' },
  ...{ objects: 12, withoutFigures: 2, failed: 3 },
  figures: {
    ...{ objects: 11, lastAt: at, sourceRows: 1_400, suppressedRows: 45, rows: 1_355, inQuarantine: 7 },
    ...{ k: 5, smallestClass: 6, l: 3, leastDiversity: 3, blanked: { rows: 4, cells: 5 } },
    warnings: [{ text: 'service not-null', failing: 2 }],
  },
};

/** Datasets as they stand, with all that a report of them can hold: of a build, a job and functions, and of none. */
export const standing: StandingPrivacyReport = {
  schema: STANDING_PRIVACY_SCHEMA,
  useCase: privacy.useCase,
  drawnUp: privacy.build,
  pseudonyms: 'hmac-sha256-128 rh v1; hmac-sha256-128 rh v2 from v1',
  validByChance: 'numéros de <commande> à neuf chiffres',
  datasets: [
    {
      ...salaries!,
      sha256: undefined,
      standing: {
        ...{ madeBy: 'job', run: 'manual__2026-11-26T07:00:00+00:00 <1>', writtenAt: at },
        pseudonyms: 'hmac-sha256-128 rh v2 from v1',
        inQuarantine: { 'dsn_rh.individu': 4, 'dsn_rh.contrat': 0 },
        remarks: ['changed-since', 'other-columns', 'other-anonymity', 'other-pseudonyms'],
        lastExecution: {
          run: 'nightly',
          endedAt: at,
          outcome: 'failed',
          error: 'States.TaskFailed',
          files: 9,
          filesFailed: 3,
        },
        smallFiles,
      },
    },
    { ...contrats!, standing: { ...NOTHING, madeBy: 'build', by: 'rh@poste', builtAt: at, writtenAt: at } },
    {
      ...{ ...vide!, sha256: undefined, sourceRows: undefined, suppressedRows: undefined, rows: undefined },
      anonymity: undefined,
      standing: { ...NOTHING, madeBy: 'unknown', remarks: ['absent'] },
    },
    {
      ...{ ...contrats!, name: 'sans_chiffres', sha256: undefined },
      ...{ sourceRows: undefined, suppressedRows: undefined, rows: undefined },
      standing: { ...NOTHING, madeBy: 'job', writtenAt: at, remarks: ['no-figures'] },
    },
  ],
};
