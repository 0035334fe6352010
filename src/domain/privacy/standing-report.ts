import type { ReportUseCase } from '../run-report.ts';
import type { ExecutionOutcome } from './execution-record.ts';
import type { DatasetPrivacy } from './privacy-report.ts';

export const STANDING_PRIVACY_SCHEMA = 'lakelift/standing-privacy/1';

/**
 * privacy.json of the datasets of a use case as they stand in the catalog, whoever made them: what builds, jobs and functions have left of figures. What none of them says
 * is absent. No value of anybody, no key, and no name of an object.
 */
export interface StandingPrivacyReport {
  readonly schema: typeof STANDING_PRIVACY_SCHEMA;
  readonly useCase: ReportUseCase;
  readonly drawnUp: {
    readonly at: string;
    readonly by: string;
    readonly toolVersion: string;
    readonly runId: string;
  };
  /** Schemes that the tables name, `hmac-sha256-128 rh v1`; absent where none has pseudonyms. */
  readonly pseudonyms?: string | undefined;
  /** As declared today: why one valid number alone stops no dataset; undefined where it does. */
  readonly validByChance?: string | undefined;
  readonly datasets: readonly StandingPrivacy[];
}

/**
 * Columns, treatments and what was searched are those of the build whose files stand, else as declared today. `checks` are those of that build, else the broken ones that
 * a job was to warn of.
 */
export interface StandingPrivacy extends Omit<DatasetPrivacy, 'sha256' | 'sourceRows' | 'suppressedRows' | 'rows'> {
  readonly sha256?: string | undefined;
  readonly sourceRows?: number | undefined;
  readonly suppressedRows?: number | undefined;
  readonly rows?: number | undefined;
  readonly standing: Standing;
}

export interface Standing {
  /** Who has written its table as it stands. `unknown` also where none stands. */
  readonly madeBy: 'build' | 'job' | 'unknown';
  /** Of a build whose report is known: user@host, and when, ISO 8601. */
  readonly by?: string | undefined;
  readonly builtAt?: string | undefined;
  /** Of a job: the execution that it ran in. */
  readonly run?: string | undefined;
  /** When its files were written last, ISO 8601, by the clock of the store. */
  readonly writtenAt?: string | undefined;
  /** As its table says. */
  readonly pseudonyms?: string | undefined;
  /** Lines of DSN files that its job has set aside, by block. */
  readonly inQuarantine: Readonly<Record<string, number>>;
  readonly remarks: readonly StandingRemark[];
  /** In the last execution on record. */
  readonly lastExecution?: ExecutionOutcome | undefined;
  /** What functions have written beside it; absent where nothing was. */
  readonly smallFiles?: SmallFilesPrivacy | undefined;
}

export const STANDING_REMARKS = [
  /** No such table is registered. */
  'absent',
  /** The table is not this dataset's, or lies elsewhere. */
  'foreign',
  /** Files of a build beside those of a job: rows may stand twice. */
  'cut-off',
  /** Nothing says what it took to make what stands. */
  'no-figures',
  /** Its files were replaced after its job: figures are of what stood before. */
  'changed-since',
  /** The table has other columns than are declared. */
  'other-columns',
  /** Its job was asked for another k or l than is declared. */
  'other-anonymity',
  /** The table names another scheme of pseudonyms than is declared. */
  'other-pseudonyms',
] as const;

export type StandingRemark = (typeof STANDING_REMARKS)[number];

export interface SmallFilesPrivacy {
  /** `cleaned_rh.salaries_small_files`. */
  readonly table: string;
  readonly pseudonyms?: string | undefined;
  /** That stand and hold rows. */
  readonly objects: number;
  /** Of these: written by no call on record, or anew since. */
  readonly withoutFigures: number;
  /** Objects of raw whose last call has failed, since the dataset was made whole. */
  readonly failed: number;
  readonly figures?: SmallFilesFigures | undefined;
}

/** Of all objects that figures are known of, together; anonymity is judged within each. */
export interface SmallFilesFigures {
  readonly objects: number;
  /** When the last of them was taken, ISO 8601. */
  readonly lastAt: string;
  readonly sourceRows?: number | undefined;
  readonly suppressedRows?: number | undefined;
  readonly rows?: number | undefined;
  readonly blanked?: { readonly rows: number; readonly cells: number } | undefined;
  readonly inQuarantine: number;
  /** The least that any was asked for and has reached. */
  readonly k?: number | undefined;
  readonly smallestClass?: number | undefined;
  readonly l?: number | undefined;
  readonly leastDiversity?: number | undefined;
  readonly warnings: readonly {
    readonly text: string;
    readonly failing: number;
  }[];
}

/** Whether somebody should look at it before the report is signed. */
export function isToLookAt({ standing: { remarks, lastExecution, smallFiles } }: StandingPrivacy): boolean {
  const isNotMade = lastExecution?.outcome === 'failed' || lastExecution?.outcome === 'not-attempted';
  return (
    remarks.length > 0 || isNotMade || (smallFiles !== undefined && smallFiles.failed + smallFiles.withoutFigures > 0)
  );
}
