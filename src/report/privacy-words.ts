import type { ColumnClass, Zone } from '../domain/mapping.ts';
import type { Language } from './quantities.ts';

export interface PrivacyWords {
  readonly title: string;
  readonly documentTitle: (useCase: string) => string;
  readonly builtOn: (time: string, by: string) => string;
  readonly headline: (datasets: number) => string;
  readonly meaning: string;
  readonly sections: Readonly<Record<'subject' | 'summary' | 'signatures', string>>;
  readonly facts: Readonly<
    Record<
      | 'owner'
      | 'purpose'
      | 'legalBasis'
      | 'run'
      | 'pseudonyms'
      | 'validByChance'
      | 'table'
      | 'madeOf'
      | 'sha256'
      | 'consumers'
      | 'retention'
      | 'rows'
      | 'anonymity'
      | 'except'
      | 'blanked'
      | 'diversity'
      | 'leaks'
      | 'checks',
      string
    >
  >;
  readonly noPseudonyms: string;
  readonly validByChance: (reason: string) => string;
  readonly none: string;
  readonly undecided: string;
  readonly rows: (read: string, suppressed: string, left: string) => string;
  readonly anonymity: (over: string, k: number, smallest: string) => string;
  /** What `k` and the smallest class are of. */
  readonly countedPeople: (pseudonyms: string) => string;
  readonly countedRows: string;
  readonly notAnonymous: (reason: string) => string;
  readonly exceptions: (reasons: Readonly<Record<string, string>>) => string[];
  readonly blanked: (columns: string, cells: string, rows: string) => string;
  readonly diversity: (of: string, l: number, least: string) => string;
  readonly leaks: (columns: string) => string;
  readonly nothingSearched: string;
  readonly check: (text: string, failing: string) => string;
  readonly checkPassed: (text: string) => string;
  readonly kept: (period: string, from: string) => string;
  readonly columns: string;
  readonly columnHead: readonly [string, string, string, string, string];
  readonly leftOut: string;
  readonly leftOutHead: readonly [string, string, string];
  readonly summaryHead: readonly [string, string, string, string, string];
  readonly zones: Readonly<Record<Zone, string>>;
  readonly classes: Readonly<Record<ColumnClass, string>>;
  readonly treatments: Readonly<Record<string, string>>;
  readonly signatories: readonly [string, string];
  readonly readApproved: string;
  readonly footer: (tool: string) => string;
}

const fr: PrivacyWords = {
  title: 'Rapport de protection des données',
  documentTitle: (useCase) => `Protection des données : ${useCase}`,
  builtOn: (time, by) => `construit le ${time} par ${by}`,
  headline: (datasets) =>
    `${datasets} ${datasets < 2 ? 'jeu' : 'jeux'} de données, aucun numéro ni adresse de personne dans les colonnes parcourues`,
  meaning:
    'Chaque valeur des colonnes parcourues a été regardée : numéros de sécurité sociale, IBAN, adresses électroniques, téléphones, identifiants de professionnels et, sauf dans les colonnes publiques ou par décision, numéros d’entreprises et d’établissements. Une construction qui en trouve ne s’écrit pas. Les colonnes gardées en clair par décision ne sont pas parcourues : elles figurent ci-dessous avec leur motif.',
  sections: { subject: 'Objet', summary: 'Jeux de données', signatures: 'Signatures' },
  facts: {
    owner: 'Responsable',
    purpose: 'Finalité',
    legalBasis: 'Base légale',
    run: 'Migration',
    pseudonyms: 'Pseudonymes (schéma, domaine, version de clé)',
    validByChance: 'Numéros valides par hasard',
    table: 'Table',
    madeOf: 'Fait de',
    sha256: 'Empreinte SHA-256',
    consumers: 'Destinataires',
    retention: 'Conservation',
    rows: 'Lignes',
    anonymity: 'k-anonymat',
    except: 'Hors des groupes, par décision',
    blanked: 'Cellules vidées',
    diversity: 'l-diversité',
    leaks: 'Recherche de données en clair',
    checks: 'Contrôles',
  },
  noPseudonyms: 'aucun',
  validByChance: (reason) =>
    `un seul numéro qui peut l’être par hasard n’arrête pas la construction, ni aucun numéro d’entreprise, par décision : ${reason}`,
  none: 'aucun',
  undecided: 'non décidée',
  rows: (read, suppressed, left) => `${read} lues, ${suppressed} supprimées, ${left} publiées`,
  anonymity: (over, k, smallest) => `sur ${over} : k = ${k} demandé, ${smallest} dans le plus petit groupe`,
  countedPeople: (pseudonyms) => `personnes, comptées par ${pseudonyms}`,
  countedRows: 'lignes, et non personnes : une personne peut en avoir plusieurs',
  notAnonymous: (reason) => `aucun, par décision : ${reason}`,
  exceptions: (reasons) =>
    Object.entries(reasons).map(
      ([column, reason]) => `${column}, qui peut distinguer de plus petits groupes : ${reason}`,
    ),
  blanked: (columns, cells, rows) =>
    `${columns} : ${cells} cellules vidées dans des groupes trop petits, ${rows} lignes gardées ainsi`,
  diversity: (of, l, least) => `de ${of} : l = ${l} demandé, ${least} au moins par groupe`,
  leaks: (columns) => `rien trouvé dans ${columns}`,
  nothingSearched: 'aucune colonne ne peut contenir de valeur en clair sans décision',
  check: (text, failing) => `${text} : ${failing} en écart`,
  checkPassed: (text) => `${text} : respecté`,
  kept: (period, from) => `${period} à partir de ${from}`,
  columns: 'Colonnes',
  columnHead: ['colonne', 'venant de', 'classe', 'traitement', 'gardée en clair parce que'],
  leftOut: 'Colonnes que personne ne reçoit',
  leftOutHead: ['colonne', 'table', 'classe'],
  summaryHead: ['jeu de données', 'zone', 'lignes publiées', 'supprimées', 'plus petit groupe'],
  zones: { raw: 'brute', cleaned: 'nettoyée', refined: 'raffinée' },
  classes: {
    identifier: 'identifiant direct',
    'quasi-identifier': 'quasi-identifiant',
    sensitive: 'sensible',
    'free-text': 'texte libre',
    technical: 'technique',
    public: 'publique',
    unclassified: 'non classée',
  },
  treatments: {
    keep: 'gardée',
    pseudonymise: 'pseudonyme à clé',
    department: 'département',
    year: 'année',
    month: 'mois',
    'year-band': 'tranche d’années',
    band: 'tranche',
    mask: 'masquée',
    count: 'décompte',
    distinct: 'décompte de valeurs',
    sum: 'somme',
    min: 'minimum',
    max: 'maximum',
    avg: 'moyenne',
  },
  signatories: ['Pour le métier (maîtrise d’ouvrage)', 'Le délégué à la protection des données'],
  readApproved: 'Nom, fonction, date, mention « lu et approuvé »',
  footer: (tool) => `Établi par lakelift ${tool}. Heures en UTC. Ce rapport ne contient ni valeur ni clé.`,
};

const en: PrivacyWords = {
  title: 'Privacy report',
  documentTitle: (useCase) => `Privacy: ${useCase}`,
  builtOn: (time, by) => `built on ${time} by ${by}`,
  headline: (datasets) =>
    `${datasets} ${datasets === 1 ? 'dataset' : 'datasets'}, no number or address of a person in the columns searched`,
  meaning:
    'Every value of the columns searched was looked at for social security numbers, IBANs, mail addresses, telephone numbers and numbers of professionals, and, but in public columns or by decision, of companies and establishments. A build that finds one is not written. Columns kept in clear by decision are not searched: they stand below with the reason.',
  sections: { subject: 'Subject', summary: 'Datasets', signatures: 'Signatures' },
  facts: {
    owner: 'Owner',
    purpose: 'Purpose',
    legalBasis: 'Legal basis',
    run: 'Migration run',
    pseudonyms: 'Pseudonyms (scheme, domain, key version)',
    validByChance: 'Numbers valid by chance',
    table: 'Table',
    madeOf: 'Made of',
    sha256: 'SHA-256',
    consumers: 'Consumers',
    retention: 'Retention',
    rows: 'Rows',
    anonymity: 'k-anonymity',
    except: 'Outside of the classes, by decision',
    blanked: 'Cells emptied',
    diversity: 'l-diversity',
    leaks: 'Search for values in clear',
    checks: 'Checks',
  },
  noPseudonyms: 'none',
  validByChance: (reason) =>
    `one number alone that may be so stops no build, nor does any number of a company, by decision: ${reason}`,
  none: 'none',
  undecided: 'undecided',
  rows: (read, suppressed, left) => `${read} read, ${suppressed} suppressed, ${left} published`,
  anonymity: (over, k, smallest) => `over ${over}: k = ${k} asked for, ${smallest} in the smallest class`,
  countedPeople: (pseudonyms) => `people, counted by ${pseudonyms}`,
  countedRows: 'rows, not people: one person may have several',
  notAnonymous: (reason) => `none, by decision: ${reason}`,
  exceptions: (reasons) =>
    Object.entries(reasons).map(([column, reason]) => `${column}, which may tell smaller groups apart: ${reason}`),
  blanked: (columns, cells, rows) =>
    `${columns}: ${cells} cells emptied in classes that were too small, ${rows} rows kept by that`,
  diversity: (of, l, least) => `of ${of}: l = ${l} asked for, at least ${least} in each class`,
  leaks: (columns) => `nothing found in ${columns}`,
  nothingSearched: 'no column can hold a value in clear without a decision',
  check: (text, failing) => `${text}: ${failing} failing`,
  checkPassed: (text) => `${text}: passed`,
  kept: (period, from) => `${period} from ${from}`,
  columns: 'Columns',
  columnHead: ['column', 'from', 'class', 'treatment', 'kept in clear because'],
  leftOut: 'Columns that nobody is given',
  leftOutHead: ['column', 'table', 'class'],
  summaryHead: ['dataset', 'zone', 'rows published', 'suppressed', 'smallest class'],
  zones: { raw: 'raw', cleaned: 'cleaned', refined: 'refined' },
  classes: {
    identifier: 'direct identifier',
    'quasi-identifier': 'quasi-identifier',
    sensitive: 'sensitive',
    'free-text': 'free text',
    technical: 'technical',
    public: 'public',
    unclassified: 'unclassified',
  },
  treatments: {
    keep: 'kept',
    pseudonymise: 'keyed pseudonym',
    department: 'département',
    year: 'year',
    month: 'month',
    'year-band': 'band of years',
    band: 'band',
    mask: 'masked',
    count: 'count',
    distinct: 'count of values',
    sum: 'sum',
    min: 'minimum',
    max: 'maximum',
    avg: 'average',
  },
  signatories: ['For the business', 'The data protection officer'],
  readApproved: 'Name, role, date, "read and approved"',
  footer: (tool) => `Drawn up by lakelift ${tool}. Times in UTC. This report holds no value and no key.`,
};

export const PRIVACY_WORDS: Readonly<Record<Language, PrivacyWords>> = { en, fr };
