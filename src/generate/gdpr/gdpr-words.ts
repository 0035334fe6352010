import type { ColumnClass } from '../../domain/mapping.ts';
import type { Language } from '../document.ts';
import { ENGLISH } from './gdpr-words-en.ts';
import { FRENCH } from './gdpr-words-fr.ts';

export interface GdprWords {
  readonly toComplete: string;
  readonly none: string;
  readonly classes: Readonly<Record<ColumnClass, string>>;
  readonly forms: Readonly<Record<'keep' | 'drop' | 'department' | 'year' | 'month', string>> & {
    readonly pseudonym: (key: string) => string;
    readonly yearBand: (years: number) => string;
    readonly band: (width: number) => string;
    readonly mask: (shown: number) => string;
  };
  /** A count or sum over many rows. */
  readonly figure: string;
  readonly register: {
    readonly title: (useCase: string) => string;
    readonly intro: string;
    readonly head: readonly [string, string];
    readonly controller: string;
    readonly officer: string;
    readonly owner: string;
    readonly purposes: string;
    readonly bases: string;
    readonly article: (basis: string) => string;
    readonly subjects: string;
    readonly data: string;
    /** All that is classed `sensitive`. */
    readonly special: string;
    /** Codes of DSN files that tell of offences or convictions. */
    readonly offences: string;
    readonly noOffences: string;
    readonly recipients: string;
    readonly transfers: string;
    readonly place: (region: string) => string;
    readonly retention: string;
    readonly security: string;
    readonly pseudonyms: (scheme: string) => string;
    readonly treated: (forms: string) => string;
    readonly classes: (dataset: string, over: string, size: string) => string;
    readonly people: (k: number, of: string) => string;
    readonly rows: (k: number) => string;
    /** A column that may tell smaller classes apart, and why it stays. */
    readonly except: (column: string, reason: string) => string;
    /** What becomes of classes that are too small. */
    readonly tooSmall: Readonly<Record<'refuse' | 'suppress', string>>;
    readonly blanked: (columns: string) => string;
    readonly notAnonymous: (dataset: string, reason: string) => string;
    readonly gate: string;
    readonly validByChance: (reason: string) => string;
    /** What the generated stacks do, by the days that logs of functions are kept. */
    readonly stacks: (logDays: number) => readonly string[];
    readonly open: string;
  };
  readonly retention: {
    readonly title: (useCase: string) => string;
    readonly intro: string;
    readonly head: readonly string[];
    readonly undecided: string;
    readonly from: (column: string) => string;
    /** By the column that `where` has to bound. */
    readonly bound: (column: string) => string;
    /** Where `where` cannot. */
    readonly takeOut: string;
    readonly decide: string;
    /** How long what was deleted can still be had back, in S3 and in DynamoDB. */
    readonly versions: (days: number) => string;
    readonly backups: (days: number) => string;
    /** Lists of files that state machines are given. */
    readonly manifests: string;
    readonly raw: string;
    /** The days of the bucket's rule; without, it has none. */
    readonly smallFiles: (days: number | undefined) => string;
    readonly servingFiles: string;
    readonly servingTables: string;
    readonly quarantine: string;
    readonly queries: string;
    readonly queriesIntro: string;
    /** Of functions. */
    readonly objects: string;
    readonly objectsIntro: string;
  };
  readonly access: {
    readonly title: (useCase: string) => string;
    readonly intro: string;
    readonly head: readonly string[];
    readonly sees: string;
    readonly left: string;
    readonly leftIntro: string;
    readonly nobody: (datasets: string) => string;
    /** Of the form of a column, as the register says it. */
    readonly except: (reason: string) => string;
    readonly smallFiles: (tables: string) => string;
  };
}

export const GDPR_WORDS: Readonly<Record<Language, GdprWords>> = { fr: FRENCH, en: ENGLISH };
