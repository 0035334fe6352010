import type { ColumnClass } from '../../domain/mapping.ts';
import type { Language } from '../document.ts';

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
    readonly special: string;
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
    readonly notInClasses: (columns: string) => string;
    /** What becomes of classes that are too small. */
    readonly tooSmall: Readonly<Record<'refuse' | 'suppress', string>>;
    readonly blanked: (columns: string) => string;
    readonly notAnonymous: (dataset: string, reason: string) => string;
    readonly gate: string;
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
    readonly raw: string;
    /** The days of the bucket's rule; without, it has none. */
    readonly smallFiles: (days: number | undefined) => string;
    readonly servingFiles: string;
    readonly servingTables: string;
    readonly quarantine: string;
    readonly queries: string;
    readonly queriesIntro: string;
  };
  readonly access: {
    readonly title: (useCase: string) => string;
    readonly intro: string;
    readonly head: readonly string[];
    readonly sees: string;
    readonly left: string;
    readonly leftIntro: string;
    readonly nobody: (datasets: string) => string;
    readonly smallFiles: (tables: string) => string;
  };
}

const FRENCH: GdprWords = {
  toComplete: 'à compléter',
  none: 'aucun',
  classes: {
    unclassified: 'sans classe',
    identifier: 'identifiant direct',
    'quasi-identifier': 'quasi-identifiant',
    sensitive: 'sensible',
    'free-text': 'texte libre',
    technical: 'technique',
    public: 'public',
  },
  forms: {
    keep: 'en clair',
    drop: 'non repris',
    department: 'département',
    year: 'année',
    month: 'mois',
    pseudonym: (key) => `pseudonyme à clé (${key})`,
    yearBand: (years) => `tranche de ${years} ans`,
    band: (width) => `tranche de ${width}`,
    mask: (shown) => `${shown} premiers caractères`,
  },
  figure: 'chiffre sur plusieurs lignes',
  register: {
    title: (useCase) => `Registre des activités de traitement : ${useCase}`,
    intro:
      'Fiche de l’article 30.1 du RGPD, établie d’après les déclarations du cas d’usage. Ce qu’elles ne disent pas est marqué « à compléter ».',
    head: ['Rubrique', 'Contenu'],
    controller: 'Responsable du traitement, et responsables conjoints',
    officer: 'Délégué à la protection des données',
    owner: 'Contact du cas d’usage',
    purposes: 'Finalités',
    bases: 'Bases légales',
    article: (basis) => `art. ${basis}`,
    subjects: 'Catégories de personnes concernées',
    data: 'Catégories de données',
    special: 'Données sensibles (art. 9)',
    recipients: 'Destinataires',
    transfers: 'Transferts hors de l’Union européenne',
    place: (region) => `à confirmer ; les données sont dans la région AWS ${region}`,
    retention: 'Durées de conservation',
    security: 'Mesures de sécurité',
    pseudonyms: (scheme) => `Pseudonymes HMAC-SHA-256, clé ${scheme} conservée hors du lac`,
    treated: (forms) => `Colonnes transformées avant mise à disposition : ${forms}`,
    classes: (dataset, over, size) => `${dataset} : groupes par ${over}, d’au moins ${size}`,
    people: (k, of) => `${k} personnes, comptées par ${of}`,
    rows: (k) => `${k} lignes, dont une personne peut avoir plusieurs`,
    notInClasses: (columns) => ` ; ${columns} n’en font pas partie et peuvent en distinguer de plus petits`,
    tooSmall: {
      refuse: ' ; sinon rien n’est publié',
      suppress: ' ; les lignes des groupes plus petits sont supprimées',
    },
    blanked: (columns) => ` ; dans les groupes plus petits, ${columns} d’abord vidé et les groupes refaits`,
    notAnonymous: (dataset, reason) => `${dataset} : pas de groupes, par décision : ${reason}`,
    gate: 'Recherche d’identifiants restés en clair dans toutes les valeurs avant chaque publication',
    open: 'À compléter',
  },
  retention: {
    title: (useCase) => `Conservation et suppression : ${useCase}`,
    intro:
      'Pour chaque table, et chaque dossier de fichiers : combien de temps son contenu est gardé, et comment il est supprimé. Aucune construction n’écarte d’elle-même les lignes échues : ce qui est écrit ici revient au contact du cas d’usage.',
    head: ['Zone', 'Table', 'Jeu de données', 'Durée', 'À compter de', 'Suppression', 'Bases légales'],
    undecided: 'à décider',
    from: (column) => `date de ${column}`,
    bound: (column) =>
      `borner ${column} par « where » du jeu (is ">=", valeurs dans l’ordre des dates), puis reconstruire ; les lignes sans valeur partent aussi`,
    takeOut:
      '« where » ne peut borner cette colonne : retirer les lignes échues à la source, ou les fichiers échus de raw, puis reconstruire',
    decide: 'fixer « retention » dans le jeu de données',
    raw: 'copie conforme de la source : à supprimer en entier quand plus aucun jeu n’en dépend',
    smallFiles: (days) =>
      `après chaque construction, retirer les objets plus anciens qu’elle : elle a leurs lignes ; ${days === undefined ? 'sans durée décidée, aucune règle du bucket ne le fait' : `une règle du bucket supprime ceux que personne n’a réécrits en ${days} jours`}`,
    servingFiles:
      'après chaque construction : « lakelift serve », puis rafraîchir ; une règle du bucket supprime les fichiers à importer',
    servingTables: 'après chaque rafraîchissement, supprimer la table d’avant, qui reste jusqu’au suivant',
    quarantine: 'lignes en clair : retirer ce qui a été traité ; aucune règle du bucket ne le fait',
    queries: 'Lignes échues',
    queriesIntro:
      'Requêtes pour Athena ou Trino, qui comptent ce qui est à supprimer aujourd’hui. Elles ne montrent personne.',
  },
  access: {
    title: (useCase) => `Matrice d’accès : ${useCase}`,
    intro: 'Qui voit quelle colonne, sous quelle forme. Ce qui n’y figure pas n’est donné à personne.',
    head: ['Jeu de données', 'Colonne', 'Classe', 'Forme'],
    sees: 'oui',
    left: 'Colonnes des sources qui ne sont pas reprises',
    leftIntro: 'Elles restent en raw, où aucun consommateur n’est déclaré.',
    nobody: (datasets) => `Sans consommateur déclaré : ${datasets}.`,
    smallFiles: (tables) => `Les tables des fonctions ont les mêmes colonnes, pour les mêmes : ${tables}.`,
  },
};

const ENGLISH: GdprWords = {
  toComplete: 'to be completed',
  none: 'none',
  classes: {
    unclassified: 'unclassified',
    identifier: 'direct identifier',
    'quasi-identifier': 'quasi-identifier',
    sensitive: 'sensitive',
    'free-text': 'free text',
    technical: 'technical',
    public: 'public',
  },
  forms: {
    keep: 'in clear',
    drop: 'not taken',
    department: 'département',
    year: 'year',
    month: 'month',
    pseudonym: (key) => `keyed pseudonym (${key})`,
    yearBand: (years) => `band of ${years} years`,
    band: (width) => `band of ${width}`,
    mask: (shown) => `first ${shown} characters`,
  },
  figure: 'figure over several rows',
  register: {
    title: (useCase) => `Record of processing activities: ${useCase}`,
    intro:
      'Entry of article 30.1 of the GDPR, made from the declarations of the use case. What they do not say is marked "to be completed".',
    head: ['Item', 'Content'],
    controller: 'Controller, and joint controllers',
    officer: 'Data protection officer',
    owner: 'Contact of the use case',
    purposes: 'Purposes',
    bases: 'Lawful bases',
    article: (basis) => `art. ${basis}`,
    subjects: 'Categories of data subjects',
    data: 'Categories of data',
    special: 'Special categories (art. 9)',
    recipients: 'Recipients',
    transfers: 'Transfers outside of the European Union',
    place: (region) => `to be confirmed; the data stand in the AWS region ${region}`,
    retention: 'Retention',
    security: 'Security measures',
    pseudonyms: (scheme) => `HMAC-SHA-256 pseudonyms, key ${scheme} kept outside of the lake`,
    treated: (forms) => `Columns changed before anybody reads them: ${forms}`,
    classes: (dataset, over, size) => `${dataset}: classes by ${over}, of at least ${size}`,
    people: (k, of) => `${k} people, counted by ${of}`,
    rows: (k) => `${k} rows, of which one person may have several`,
    notInClasses: (columns) => `; ${columns} are no part of them and may tell smaller ones apart`,
    tooSmall: {
      refuse: '; otherwise nothing is published',
      suppress: '; rows of smaller classes are suppressed',
    },
    blanked: (columns) => `; in smaller classes ${columns} is emptied first, and classes made again`,
    notAnonymous: (dataset, reason) => `${dataset}: no classes, by decision: ${reason}`,
    gate: 'All values are searched for identifiers left in clear before each publication',
    open: 'To be completed',
  },
  retention: {
    title: (useCase) => `Retention and deletion: ${useCase}`,
    intro:
      'For each table, and each folder of files: how long what it holds is kept, and how it is deleted. No build leaves expired rows out by itself: what is written here is for the contact of the use case to do.',
    head: ['Zone', 'Table', 'Dataset', 'Period', 'Counted from', 'Deletion', 'Lawful bases'],
    undecided: 'to be decided',
    from: (column) => `date in ${column}`,
    bound: (column) =>
      `bound ${column} in "where" of the dataset (is ">=", values in the order of dates), then build again; rows without a value go as well`,
    takeOut:
      '"where" cannot bound this column: take expired rows out at the source, or expired files out of raw, then build again',
    decide: 'give "retention" in the dataset',
    raw: 'copy of the source as it is: to be deleted as a whole once no dataset depends on it',
    smallFiles: (days) =>
      `after each build, remove objects older than it, which has their rows; ${days === undefined ? 'without a period, no rule of the bucket does' : `a rule of the bucket deletes those that nobody has written anew for ${days} days`}`,
    servingFiles: 'after each build, "lakelift serve", then refresh; a rule of the bucket deletes the files to import',
    servingTables: 'after each refresh, delete the table of before, which stays until the next one',
    quarantine: 'lines in clear: remove what was dealt with; no rule of the bucket does',
    queries: 'Expired rows',
    queriesIntro: 'Queries for Athena or Trino that count what is to be deleted today. They show nobody.',
  },
  access: {
    title: (useCase) => `Access matrix: ${useCase}`,
    intro: 'Who sees which column, in which form. What is not in it is given to nobody.',
    head: ['Dataset', 'Column', 'Class', 'Form'],
    sees: 'yes',
    left: 'Columns of the sources that are not taken',
    leftIntro: 'They stay in raw, where no consumer is declared.',
    nobody: (datasets) => `Without a declared consumer: ${datasets}.`,
    smallFiles: (tables) => `Tables of functions have the same columns, for the same consumers: ${tables}.`,
  },
};

export const GDPR_WORDS: Readonly<Record<Language, GdprWords>> = { fr: FRENCH, en: ENGLISH };
