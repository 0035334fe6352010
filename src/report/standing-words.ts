import type { StandingRemark, Standing } from '../domain/privacy/standing-report.ts';
import type { ExecutionOutcome } from '../domain/privacy/execution-record.ts';
import type { Language } from './quantities.ts';

export interface StandingWords {
  readonly drawnUpOn: (time: string, by: string) => string;
  readonly headline: (datasets: number, toLookAt: number) => string;
  readonly meaning: string;
  readonly summary: string;
  /** Dataset, zone, made by, written, rows, suppressed, smallest class, to look at. */
  readonly summaryHead: readonly string[];
  /** Dataset, made by, written, rows, suppressed, smallest class. */
  readonly terminalHead: readonly string[];
  readonly facts: Readonly<
    Record<
      | 'madeBy'
      | 'written'
      | 'pseudonyms'
      | 'quarantine'
      | 'lastExecution'
      | 'toLookAt'
      | 'checks'
      | 'objects'
      | 'lastTaken'
      | 'rows'
      | 'anonymity'
      | 'diversity'
      | 'blanked',
      string
    >
  >;
  readonly madeBy: Readonly<Record<Standing['madeBy'], string>>;
  readonly by: (maker: string, who: string, time: string) => string;
  readonly inExecution: (maker: string, run: string) => string;
  readonly remarks: Readonly<Record<StandingRemark, string>>;
  readonly outcomes: Readonly<Record<ExecutionOutcome['outcome'], string>>;
  readonly execution: (run: string, outcome: string, error: string | undefined) => string;
  readonly notMade: (run: string, outcome: string) => string;
  readonly quarantined: (lines: string, block: string) => string;
  readonly noneBroken: string;
  readonly smallFiles: (table: string) => string;
  readonly objects: (standing: string, withFigures: string, failed: string) => string;
  readonly failed: (objects: string) => string;
  readonly withoutFigures: (objects: string) => string;
  readonly smallRows: (read: string, suppressed: string, left: string, quarantined: string) => string;
  readonly withinEach: (asked: string, least: string) => string;
  readonly cells: (cells: string, rows: string) => string;
  readonly yes: string;
  readonly no: string;
}

const fr: StandingWords = {
  drawnUpOn: (time, by) => `tel que les tables sont le ${time}, établi par ${by}`,
  headline: (datasets, toLookAt) =>
    `${datasets} ${datasets < 2 ? 'jeu' : 'jeux'} de données, ${toLookAt === 0 ? 'rien à regarder' : `${toLookAt} à regarder`}`,
  meaning:
    'Ce rapport dit ce que les tables sont maintenant, quel que soit l’auteur : construction par lakelift, job ou fonction. Les chiffres sont ceux que l’auteur a laissés ; ce que rien ne dit est un tiret. Une construction, un job ou une fonction qui trouve un numéro ou une adresse de personne dans une colonne parcourue n’écrit pas. Colonnes, traitements et colonnes parcourues sont ceux de la construction quand ses fichiers sont encore là, sinon ceux qui sont déclarés à ce jour.',
  summary: 'Jeux de données',
  summaryHead: [
    'jeu de données',
    'zone',
    'fait par',
    'écrit le',
    'lignes publiées',
    'supprimées',
    'plus petit groupe',
    'à regarder',
  ],
  terminalHead: ['jeu de données', 'fait par', 'écrit le', 'lignes', 'supprimées', 'plus petit groupe'],
  facts: {
    madeBy: 'Fait par',
    written: 'Fichiers écrits le',
    pseudonyms: 'Pseudonymes, selon la table',
    quarantine: 'Mis de côté',
    lastExecution: 'Dernière exécution',
    toLookAt: 'À regarder',
    checks: 'Contrôles qui avertissent',
    objects: 'Objets',
    lastTaken: 'Dernier objet pris le',
    rows: 'Lignes',
    anonymity: 'k-anonymat',
    diversity: 'l-diversité',
    blanked: 'Cellules vidées',
  },
  madeBy: { build: 'lakelift (zones build)', job: 'son job', unknown: '–' },
  by: (maker, who, time) => `${maker}, par ${who}, le ${time}`,
  inExecution: (maker, run) => `${maker}, exécution ${run}`,
  remarks: {
    absent: 'La table n’est pas au catalogue.',
    foreign: 'La table qui porte ce nom n’est pas celle de ce jeu de données, ou se trouve ailleurs.',
    'cut-off': 'Des fichiers d’une construction sont à côté de ceux d’un job : des lignes peuvent y être deux fois.',
    'no-figures': 'Rien ne dit ce qu’il a fallu pour faire ce qui est là : pas de chiffres.',
    'changed-since':
      'Les fichiers ont été remplacés depuis (effacement, rotation ou construction interrompue) : les chiffres sont ceux d’avant.',
    'other-columns': 'La table a d’autres colonnes que celles qui sont déclarées à ce jour.',
    'other-anonymity': 'Le k ou le l demandé alors n’est pas celui qui est déclaré à ce jour.',
    'other-pseudonyms': 'La table nomme un autre schéma de pseudonymes que celui qui est déclaré à ce jour.',
  },
  outcomes: {
    made: 'fait',
    kept: 'laissé tel quel',
    failed: 'en échec',
    'not-attempted': 'non tenté',
  },
  execution: (run, outcome, error) => `${run} : ${outcome}${error === undefined ? '' : ` (${error})`}`,
  notMade: (run, outcome) => `Dans la dernière exécution, ${run} : ${outcome}.`,
  quarantined: (count, block) => `${count} lignes de ${block}`,
  noneBroken: 'aucun en écart',
  smallFiles: (table) => `Ce que les fonctions ont écrit à côté : ${table}`,
  objects: (standing, withFigures, failed) =>
    `${standing} avec des lignes, ${withFigures} dont les chiffres sont connus, ${failed} de raw en échec`,
  failed: (objects) => `Objets de raw que la fonction n’a pas pris : ${objects}.`,
  withoutFigures: (objects) => `Objets écrits par la fonction dont rien ne donne les chiffres : ${objects}.`,
  smallRows: (read, suppressed, left, quarantined) =>
    `${read} lues, ${suppressed} supprimées, ${left} publiées ; ${quarantined} lignes de texte mises de côté`,
  withinEach: (asked, least) => `${asked} demandé, ${least} au moins, jugé dans chaque objet`,
  cells: (cells, rows) => `${cells} cellules, ${rows} lignes gardées ainsi`,
  yes: 'oui',
  no: 'non',
};

const en: StandingWords = {
  drawnUpOn: (time, by) => `as the tables stand on ${time}, drawn up by ${by}`,
  headline: (datasets, toLookAt) =>
    `${datasets} ${datasets === 1 ? 'dataset' : 'datasets'}, ${toLookAt === 0 ? 'nothing to look at' : `${toLookAt} to look at`}`,
  meaning:
    'This report says what the tables are now, whoever made them: a build by lakelift, a job or a function. Figures are those that the maker has left; what nothing says is a dash. A build, a job or a function that finds a number or address of a person in a column that is searched does not write. Columns, treatments and columns searched are those of the build where its files still stand, else as declared today.',
  summary: 'Datasets',
  summaryHead: [
    'dataset',
    'zone',
    'made by',
    'written on',
    'rows published',
    'suppressed',
    'smallest class',
    'to look at',
  ],
  terminalHead: ['dataset', 'made by', 'written on', 'rows', 'suppressed', 'smallest class'],
  facts: {
    madeBy: 'Made by',
    written: 'Files written on',
    pseudonyms: 'Pseudonyms, as the table says',
    quarantine: 'Set aside',
    lastExecution: 'Last execution',
    toLookAt: 'To look at',
    checks: 'Checks that warn',
    objects: 'Objects',
    lastTaken: 'Last object taken on',
    rows: 'Rows',
    anonymity: 'k-anonymity',
    diversity: 'l-diversity',
    blanked: 'Cells emptied',
  },
  madeBy: { build: 'lakelift (zones build)', job: 'its job', unknown: '–' },
  by: (maker, who, time) => `${maker}, by ${who}, on ${time}`,
  inExecution: (maker, run) => `${maker}, execution ${run}`,
  remarks: {
    absent: 'The table is not in the catalog.',
    foreign: 'The table of that name is not this dataset’s, or lies elsewhere.',
    'cut-off': 'Files of a build stand beside those of a job: rows may be there twice.',
    'no-figures': 'Nothing says what it took to make what stands: no figures.',
    'changed-since':
      'The files have been replaced since (an erasure, a rotation, or a build that was cut off): the figures are of before.',
    'other-columns': 'The table has other columns than are declared today.',
    'other-anonymity': 'The k or l that was asked for then is not the one that is declared today.',
    'other-pseudonyms': 'The table names another scheme of pseudonyms than is declared today.',
  },
  outcomes: {
    made: 'made',
    kept: 'kept as it was',
    failed: 'failed',
    'not-attempted': 'not attempted',
  },
  execution: (run, outcome, error) => `${run}: ${outcome}${error === undefined ? '' : ` (${error})`}`,
  notMade: (run, outcome) => `In the last execution, ${run}: ${outcome}.`,
  quarantined: (count, block) => `${count} lines of ${block}`,
  noneBroken: 'none broken',
  smallFiles: (table) => `What functions have written beside it: ${table}`,
  objects: (standing, withFigures, failed) =>
    `${standing} with rows, ${withFigures} whose figures are known, ${failed} of raw failed`,
  failed: (objects) => `Objects of raw that the function has not taken: ${objects}.`,
  withoutFigures: (objects) => `Objects written by the function that nothing gives figures of: ${objects}.`,
  smallRows: (read, suppressed, left, quarantined) =>
    `${read} read, ${suppressed} suppressed, ${left} published; ${quarantined} lines of text set aside`,
  withinEach: (asked, least) => `${asked} asked for, at least ${least}, judged within each object`,
  cells: (cells, rows) => `${cells} cells, ${rows} rows kept by that`,
  yes: 'yes',
  no: 'no',
};

export const STANDING_WORDS: Readonly<Record<Language, StandingWords>> = {
  en,
  fr,
};
