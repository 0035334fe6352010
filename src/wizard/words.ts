import type { ColumnClass, Zone } from '../domain/mapping.ts';
import type { ValueKind } from '../domain/rules/personal-patterns.ts';
import type { Language } from '../report/quantities.ts';
import { FRENCH } from './words-fr.ts';
import type { StepName, UseCaseDraft } from './wizard-state.ts';

/** What the wizard says and asks. */
export interface WizardWords {
  readonly welcome: string;
  readonly leaveHint: string;
  readonly back: string;
  readonly backHint: string;
  readonly steps: Readonly<Record<StepName, string>>;
  readonly askResume: (what: string, step: string) => string;
  readonly resume: string;
  readonly afresh: string;
  readonly connectIntro: string;
  readonly needed: string;
  readonly askWrite: (file: string) => string;
  readonly write: string;
  readonly askFailed: (file: string) => string;
  readonly askBroken: string;
  readonly tryAgain: string;
  readonly goOn: string;
  readonly wave: string;
  readonly newUseCase: string;
  readonly askUseCase: string;
  readonly askNext: string;
  readonly toPlan: string;
  readonly toMapping: string;
  readonly toAccept: string;
  readonly describe: Readonly<Record<keyof UseCaseDraft, string>>;
  readonly kebab: string;
  readonly idTaken: string;
  readonly wholeNumber: string;
  readonly done: string;
  readonly chosen: (count: number) => string;
  readonly askDatabase: string;
  readonly askTable: (database: string) => string;
  readonly otherDatabases: string;
  readonly view: string;
  readonly unknownSize: string;
  readonly changed: (day: string) => string;
  readonly used: (day: string) => string;
  readonly askFolder: (folder: string) => string;
  readonly take: string;
  readonly leaveOut: string;
  readonly up: string;
  readonly nothingChosen: string;
  readonly askZones: string;
  readonly zonesRight: string;
  readonly zones: Readonly<Record<Zone, string>>;
  readonly sampling: (table: string) => string;
  readonly askColumns: (table: string) => string;
  readonly columnsRight: string;
  readonly columnsOpen: (count: number) => string;
  readonly classes: Readonly<Record<ColumnClass, string>>;
  readonly values: Readonly<Record<ValueKind, string>>;
  readonly nothingChanges: (file: string) => string;
  readonly askPlan: (hash: string) => string;
  readonly runIt: string;
  readonly planAgain: string;
  readonly stopHere: string;
  readonly runEnded: (code: number) => string;
  readonly askReport: string;
  readonly openReport: string;
  readonly noReport: string;
  readonly acceptNow: string;
  readonly acceptLater: string;
  readonly left: (command: string) => string;
  readonly batch: string;
}

const ENGLISH: WizardWords = {
  welcome: 'lakelift: from the cluster to an accepted report',
  leaveHint: 'Ctrl-C leaves at any point; the next start goes on from there.',
  back: 'back',
  backHint: '< goes back',
  steps: {
    connect: 'Connect',
    check: 'Check the connections',
    choose: 'Choose a use case',
    describe: 'Describe the use case',
    tables: 'Choose its tables',
    folders: 'Choose its folders of files',
    script: 'Write the script',
    zones: 'Zones',
    columns: 'Personal data',
    mapping: 'Write the mapping',
    plan: 'Review the plan',
    run: 'Run',
    accept: 'Report and acceptance',
    end: 'Done',
  },
  askResume: (what, step) => `${what} was left at "${step}".`,
  resume: 'Go on from there',
  afresh: 'Begin afresh (what is written stays)',
  connectIntro: 'There is no configuration yet. These answers go into it; secrets never do.',
  needed: 'needed',
  askWrite: (file) => `Write ${file}?`,
  write: 'Write it',
  askFailed: (file) => `Mend what failed (connections are in ${file}).`,
  askBroken: 'What now?',
  tryAgain: 'Try again',
  goOn: 'Go on all the same',
  wave: 'wave',
  newUseCase: 'a new use case',
  askUseCase: 'Use case (type to search)',
  askNext: 'What next?',
  toPlan: 'See its plan',
  toMapping: 'Review its mapping',
  toAccept: 'See its report, and accept it',
  describe: {
    id: 'Short name, in kebab-case',
    titleFr: 'Title in French',
    titleEn: 'Title in English',
    owner: 'Mail address of its owner',
    wave: 'Wave',
    purpose: 'Why the data is processed',
    legalBasis: 'Legal basis (e.g. art. 6.1.f)',
    consumers: 'Who reads it, parted by commas',
  },
  kebab: 'lower-case letters, digits and hyphens, such as field-sales',
  idTaken: 'there is a use case of that name',
  wholeNumber: 'a whole number from 1',
  done: 'Done',
  chosen: (count) => `${count} chosen`,
  askDatabase: 'Database (type to search)',
  askTable: (database) => `Tables of ${database}: choose to mark, again to leave out`,
  otherDatabases: 'Back to the databases',
  view: 'view',
  unknownSize: 'size unknown',
  changed: (day) => `changed ${day}`,
  used: (day) => `last used ${day}`,
  askFolder: (folder) => `Folders without a table, in ${folder}`,
  take: 'Take',
  leaveOut: 'Leave out',
  up: '.. (up)',
  nothingChosen: 'Neither a table nor a folder is chosen.',
  askZones: 'Zone of each table; choose one to change it',
  zonesRight: 'These are right',
  zones: { raw: 'bytes as they are', cleaned: 'typed, pseudonymised', refined: 'modelled for consumers' },
  sampling: (table) => `${table}: looking at some values; none is shown or kept`,
  askColumns: (table) => `${table}: what its columns say about persons`,
  columnsRight: 'These are right',
  columnsOpen: (count) => `These are right (${count} left unclassified)`,
  classes: {
    unclassified: 'unclassified',
    identifier: 'identifier',
    'quasi-identifier': 'quasi-identifier',
    sensitive: 'sensitive',
    'free-text': 'free text',
    technical: 'technical',
    public: 'public',
  },
  values: {
    nir: 'values are NIR',
    iban: 'values are IBAN',
    email: 'values are e-mail addresses',
    phone: 'values are telephone numbers',
    rpps: 'values are RPPS',
    siren: 'values are SIREN',
    siret: 'values are SIRET',
    vat: 'values are French VAT numbers',
    finess: 'values are FINESS',
  },
  nothingChanges: (file) => `${file} says all that already.`,
  askPlan: (hash) => `This was the dry run: nothing has moved. Plan ${hash}:`,
  runIt: 'Run it',
  planAgain: 'Draw the plan again',
  stopHere: 'Stop here; run it in batch',
  runEnded: (code) =>
    `Ended with code ${code}: some items failed, are refused, or wait for a decision; the report says which.`,
  askReport: 'The report is written.',
  openReport: 'Open the report',
  noReport: 'There is no report yet.',
  acceptNow: 'Accept it, or refuse it',
  acceptLater: 'Later',
  left: (command) => `Left. "${command}" goes on from here.`,
  batch: 'The same in batch:',
};

export const WIZARD_WORDS: Readonly<Record<Language, WizardWords>> = { en: ENGLISH, fr: FRENCH };
