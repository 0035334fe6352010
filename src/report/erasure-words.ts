import type { LeftOfErasure, ServedFigures } from '../domain/privacy/erasure.ts';
import type { Language } from './quantities.ts';

/** What became of an erasure. */
export type ErasureState = 'done' | 'left' | 'not-found' | 'not-ended' | 'withdrawn';

export interface ErasureWords {
  readonly title: string;
  readonly documentTitle: (useCase: string) => string;
  readonly states: Readonly<Record<ErasureState, { readonly headline: string; readonly meaning: string }>>;
  readonly sections: Readonly<
    Record<'subject' | 'published' | 'left' | 'raw' | 'todo' | 'remains' | 'proof' | 'signatures', string>
  >;
  readonly facts: Readonly<
    Record<'useCase' | 'begun' | 'ended' | 'by' | 'pseudonyms' | 'kinds' | 'record' | 'sha256' | 'withdrawn', string>
  >;
  readonly notYet: string;
  readonly kind: (word: string, columns: string) => string;
  readonly publishedHead: readonly [string, string, string, string];
  readonly servedKinds: Readonly<Record<ServedFigures['kind'], string>>;
  readonly nothingPublished: string;
  readonly unknown: string;
  readonly leftHead: readonly [string, string, string, string];
  readonly leftKinds: Readonly<Record<LeftOfErasure['kind'], string>>;
  /** Codes in words; one that is not among them stands as it is. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly nothingLeft: string;
  readonly rawHead: readonly [string, string, string];
  readonly objectsHead: readonly [string, string];
  readonly whyRaw: string;
  readonly nothingInRaw: string;
  readonly pathsNotSearched: string;
  readonly decideRaw: string;
  readonly buildAgain: (dataset: string) => string;
  readonly lookByHand: (table: string, columns: string) => string;
  readonly smallClass: (table: string, smallest: string, k: string) => string;
  readonly owners: string;
  readonly nothingToDo: string;
  /** What no erasure reaches, and what ends it. */
  readonly remains: readonly string[];
  readonly proof: readonly string[];
  readonly signatories: readonly [string, string];
  readonly readApproved: string;
  readonly footer: (tool: string) => string;
}

const fr: ErasureWords = {
  title: 'Effacement d’une personne',
  documentTitle: (useCase) => `Effacement d’une personne : ${useCase}`,
  states: {
    done: {
      headline: 'Effacée de tout ce qui est publié',
      meaning:
        'Les lignes de la personne ont été cherchées par leurs pseudonymes dans les zones nettoyée et raffinée et dans ce qui est servi aux applications, et retirées. Toutes les colonnes de pseudonymes de ce qui est publié ont été parcourues.',
    },
    left: {
      headline: 'Inachevé : une partie de ce qui est publié est à traiter par ses responsables',
      meaning:
        'Les lignes trouvées ont été retirées. Ce qui n’a pu être parcouru est nommé ci-dessous avec son motif : l’effacement n’est pas achevé tant que cela subsiste.',
    },
    'not-found': {
      headline: 'Inachevé : la personne ne pouvait être trouvée',
      meaning:
        'Aucune colonne n’est un pseudonyme du genre des identifiants donnés, et rien n’a été trouvé parmi les textes. Un autre identifiant est à demander à la personne.',
    },
    'not-ended': {
      headline: 'Non exécuté : décompte seul, ou effacement interrompu',
      meaning: 'Ces chiffres disent ce qui a été trouvé. Rien ne prouve que cela soit effacé.',
    },
    withdrawn: {
      headline: 'Retiré : rien n’a été écrit',
      meaning: 'L’effacement n’a pu commencer. Rien n’a changé.',
    },
  },
  sections: {
    subject: 'Objet',
    published: 'Trouvé et effacé',
    left: 'Publié, et non parcouru',
    raw: 'Ce qui reste dans la zone brute, et pourquoi',
    todo: 'À faire',
    remains: 'Ce qu’aucun effacement n’atteint',
    proof: 'À conserver comme preuve',
    signatures: 'Signatures',
  },
  facts: {
    useCase: 'Cas d’usage',
    begun: 'Commencé le',
    ended: 'Terminé le',
    by: 'Exécuté par',
    pseudonyms: 'Pseudonymes (schéma, domaine, version de clé)',
    kinds: 'Genres d’identifiants donnés',
    record: 'Fiche',
    sha256: 'Empreinte SHA-256 de la fiche',
    withdrawn: 'Retiré parce que',
  },
  notYet: 'non terminé',
  kind: (word, columns) => `${word} (colonnes : ${columns})`,
  publishedHead: ['table ou dossier', 'avant', 'de la personne', 'après'],
  servedKinds: { 'serving-files': 'fichiers à importer', 'serving-table': 'table DynamoDB' },
  nothingPublished: 'Aucun jeu de données avec des pseudonymes n’est publié.',
  unknown: 'inconnu',
  leftHead: ['où', 'ce que c’est', 'objets', 'motif'],
  leftKinds: {
    'small-files': 'objets écrits à côté d’un jeu de données',
    'serving-files': 'fichiers à importer',
    'serving-tables': 'tables DynamoDB',
    'undeclared-table': 'table dont aucun jeu de données n’est plus déclaré',
  },
  reasons: {
    NO_PSEUDONYMS: 'elle n’a pas de pseudonymes',
    OTHER_PSEUDONYMS: 'ses pseudonymes sont d’une autre clé',
    DATASET_ELSEWHERE: 'elle n’est dans aucune zone du projet',
    NO_DYNAMODB: 'aucun DynamoDB n’est configuré',
    NO_IDENTIFIER_COLUMN: 'aucune colonne n’identifie quelqu’un',
    CREATING: 'elle est en cours d’importation',
  },
  nothingLeft: 'Rien : toutes les colonnes de pseudonymes de ce qui est publié ont été parcourues.',
  rawHead: ['table ou dossier', 'lignes de la personne', 'non parcouru parce que'],
  objectsHead: ['objet', 'lignes de la personne'],
  whyRaw:
    'La zone brute est la copie de la source à l’octet près et n’est pas modifiée. Tant qu’elle contient la personne, une reconstruction la fait revenir.',
  nothingInRaw: 'Aucune table ni aucun dossier n’est déclaré dans la zone brute.',
  pathsNotSearched: 'Dossiers et objets non parcourus, ou pas en entier',
  decideRaw:
    'Effacer la personne à la source et migrer à nouveau, ou décider par écrit que la zone brute reste, et ne pas reconstruire.',
  buildAgain: (dataset) =>
    `Reconstruire ${dataset}, fait de lignes de cette personne, une fois qu’elles sont effacées.`,
  lookByHand: (table, columns) => `Chercher à la main dans ${table} : ${columns}, gardé en clair.`,
  smallClass: (table, smallest, k) =>
    `Reconstruire ${table} : il y reste un groupe de ${smallest}, pour k = ${k} demandé.`,
  owners: 'Traiter ce qui est publié et n’a pas été parcouru, puis effacer à nouveau avec les mêmes identifiants.',
  nothingToDo: 'Rien.',
  remains: [
    'Les versions précédentes des objets de S3, jusqu’à ce que le cycle de vie du bucket les supprime.',
    'La restauration à un instant donné des tables DynamoDB, pendant 35 jours, et les sauvegardes et exports faits par quelqu’un.',
    'Les copies prises du lac vers d’autres outils, et les textes libres de la zone brute.',
    'Les tables supprimées du catalogue dont les fichiers restent, et les bases que le cas d’usage ne nomme plus.',
  ],
  proof: [
    'La fiche JSON, telle qu’elle est, avec son empreinte, et cette page signée, aussi longtemps que la preuve peut être demandée.',
    'La demande de la personne et la réponse qui lui est faite, hors du lac.',
    'Le fichier des identifiants est à détruire une fois l’effacement achevé : ni la fiche ni cette page n’en contiennent.',
  ],
  signatories: ['Qui a exécuté l’effacement', 'Le délégué à la protection des données'],
  readApproved: 'Nom, fonction, date, mention « lu et approuvé »',
  footer: (tool) =>
    `Établi par lakelift ${tool}. Heures en UTC. Cette page ne contient ni identifiant, ni pseudonyme, ni clé.`,
};

const en: ErasureWords = {
  title: 'Erasure of a person',
  documentTitle: (useCase) => `Erasure of a person: ${useCase}`,
  states: {
    done: {
      headline: 'Erased from all that is published',
      meaning:
        'Rows of the person were looked for by their pseudonyms in cleaned and refined and in what applications are served from, and taken out. All columns of pseudonyms of what is published were looked into.',
    },
    left: {
      headline: 'Not done: a part of what is published is left to its owners',
      meaning:
        'Rows that were found are gone. What could not be looked into is named below with the reason: the erasure is not done while it stands.',
    },
    'not-found': {
      headline: 'Not done: the person could not be found',
      meaning:
        'No column is a pseudonym of the kinds of identifiers that were given, and nothing was found among texts. Ask the person for another identifier.',
    },
    'not-ended': {
      headline: 'Not carried out: counted only, or cut off',
      meaning: 'These figures say what was found. Nothing proves that it is gone.',
    },
    withdrawn: { headline: 'Withdrawn: nothing was written', meaning: 'The erasure could not begin. Nothing changed.' },
  },
  sections: {
    subject: 'Subject',
    published: 'Found and erased',
    left: 'Published, and not looked into',
    raw: 'What stands in raw, and why',
    todo: 'To do',
    remains: 'What no erasure reaches',
    proof: 'To be kept as proof',
    signatures: 'Signatures',
  },
  facts: {
    useCase: 'Use case',
    begun: 'Begun',
    ended: 'Ended',
    by: 'Carried out by',
    pseudonyms: 'Pseudonyms (scheme, domain, key version)',
    kinds: 'Kinds of identifiers given',
    record: 'Record',
    sha256: 'SHA-256 of the record',
    withdrawn: 'Withdrawn because of',
  },
  notYet: 'not ended',
  kind: (word, columns) => `${word} (columns: ${columns})`,
  publishedHead: ['table or folder', 'before', 'of the person', 'after'],
  servedKinds: { 'serving-files': 'files to import', 'serving-table': 'table of DynamoDB' },
  nothingPublished: 'No dataset with pseudonyms is published.',
  unknown: 'unknown',
  leftHead: ['where', 'what it is', 'objects', 'reason'],
  leftKinds: {
    'small-files': 'objects written beside a dataset',
    'serving-files': 'files to import',
    'serving-tables': 'tables of DynamoDB',
    'undeclared-table': 'table that no dataset is declared for any more',
  },
  reasons: {
    NO_PSEUDONYMS: 'it has no pseudonyms',
    OTHER_PSEUDONYMS: 'its pseudonyms are of another key',
    DATASET_ELSEWHERE: 'it stands in no zone of the project',
    NO_DYNAMODB: 'no DynamoDB is configured',
    NO_IDENTIFIER_COLUMN: 'no column identifies anybody',
    CREATING: 'it is being imported',
  },
  nothingLeft: 'Nothing: all columns of pseudonyms of what is published were looked into.',
  rawHead: ['table or folder', 'rows of the person', 'not looked into because'],
  objectsHead: ['object', 'rows of the person'],
  whyRaw:
    'Raw is the source to the byte and is not changed. As long as it holds the person, building from it brings them back.',
  nothingInRaw: 'No table and no folder of raw is declared.',
  pathsNotSearched: 'Folders and objects not looked into, or not wholly',
  decideRaw:
    'Erase the person at the source and migrate again, or decide in writing that raw stays, and do not build from it.',
  buildAgain: (dataset) => `Build ${dataset} again, which is made of rows of this person, once they are erased.`,
  lookByHand: (table, columns) => `Look by hand into ${table}: ${columns}, kept in clear.`,
  smallClass: (table, smallest, k) =>
    `Build ${table} again: a class of ${smallest} is left, where k = ${k} is asked for.`,
  owners: 'See to what is published and was not looked into, then erase again with the same identifiers.',
  nothingToDo: 'Nothing.',
  remains: [
    'Earlier versions of objects of S3, until the lifecycle of the bucket ends them.',
    'Point-in-time recovery of tables of DynamoDB, for 35 days, and backups and exports that somebody made.',
    'Copies that other tools took from the lake, and free text of raw.',
    'Files of tables that were taken out of the catalog, and databases that the use case no longer names.',
  ],
  proof: [
    'The record, JSON as it is, with its digest, and this page signed, as long as proof may be asked for.',
    'The request of the person and the answer given, outside of the lake.',
    'The file of identifiers is to be destroyed once the erasure is done: neither the record nor this page holds one.',
  ],
  signatories: ['Who carried out the erasure', 'The data protection officer'],
  readApproved: 'Name, role, date, "read and approved"',
  footer: (tool) =>
    `Drawn up by lakelift ${tool}. Times in UTC. This page holds no identifier, no pseudonym and no key.`,
};

export const ERASURE_WORDS: Readonly<Record<Language, ErasureWords>> = { en, fr };
