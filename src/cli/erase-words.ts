import type { ErasureRecord, LeftOfErasure, RawFinding, RawObject } from '../domain/privacy/erasure.ts';
import type { Language } from './words.ts';

interface Left {
  readonly notSearched: readonly string[];
  readonly k?: number | undefined;
  readonly smallestClass?: number | undefined;
}

const isTooSmall = ({ k, smallestClass }: Left): boolean => k !== undefined && (smallestClass ?? k) < k;

/** By its place, how many objects stand there, and why it is left. */
export type CopyWords = (place: string, objects?: number, reason?: string) => string;

type Begun = Pick<ErasureRecord, 'by' | 'begunAt'>;

export interface EraseWords {
  /** Table, rows before, rows of the person, what is left to do. */
  readonly head: readonly string[];
  readonly left: (figures: Left) => string;
  readonly inRaw: (finding: RawFinding, isErased: boolean) => string;
  readonly buildAgain: (dataset: string) => string;
  readonly notSearched: (path: string) => string;
  readonly published: Readonly<Record<LeftOfErasure['kind'], CopyWords>>;
  /** Kinds of identifiers that no column is declared as a pseudonym of. */
  readonly withoutColumn: (kinds: readonly string[]) => string;
  readonly notFound: string;
  readonly notDone: string;
  readonly inObject: (object: RawObject, isErased: boolean) => string;
  readonly goneOnWith: (begun: Begun) => string;
  readonly open: (begun: Begun) => string;
  readonly done: ErasedWords;
  readonly pages: (files: readonly string[]) => string;
  /** Erased, but not from all that is published. */
  readonly leftToOwners: ErasedWords;
}

/** By the place of the record, its digest, and whether raw still has the person, or may have. */
type ErasedWords = (location: string, sha256: string, isInRaw: boolean) => string;

const RAW_BRINGS_BACK: Readonly<Record<Language, string>> = {
  en: 'As long as raw holds the person, building from it brings them back. ',
  fr: 'Tant que la personne est dans raw, une reconstruction la fait revenir. ',
};

export const ERASE_WORDS: Readonly<Record<Language, EraseWords>> = {
  en: {
    head: ['table', 'rows before', 'of the person', 'to do'],
    left: (figures) =>
      [
        ...(figures.notSearched.length === 0
          ? []
          : [`look by hand into ${figures.notSearched.join(', ')}, kept in clear`]),
        ...(isTooSmall(figures)
          ? [`build again: a class of ${figures.smallestClass} is left, of fewer than ${figures.k}`]
          : []),
      ].join('; '),
    inRaw: ({ rows, reason }, isErased) =>
      rows === 0 || (isErased && reason === undefined)
        ? ''
        : (reason ?? 'erase at the source and migrate again, or here with --also-raw, or decide that it stays'),
    buildAgain: (dataset) => `${dataset} is made of rows of this person: build it again once they are erased.`,
    notSearched: (path) => `${path}: not looked into here, or not wholly.`,
    published: {
      'small-files': (place, objects) =>
        `${place}: ${objects} object(s) not searched: not of its function, without pseudonyms, or with those of another key. Rotate first, or remove what stands there: the next build has its rows.`,
      'serving-files': (place, objects) =>
        `${place}: ${objects} object(s) not searched, or not wholly: not of "serve", or with pseudonyms of another key. Serve again, refresh, then remove what stands there.`,
      'serving-tables': (place, _, reason) =>
        `${place} of DynamoDB was not searched, or not wholly (${reason}). Erase again once it can be read; or serve again, refresh, then delete it.`,
      'undeclared-table': (place, _, reason) =>
        `${place}: no dataset is declared for it any more, and nobody could be looked for in it (${reason}). Remove it with its files, or declare its dataset again.`,
    },
    withoutColumn: (kinds) =>
      `${kinds.join(', ')}: no column of the datasets is a pseudonym of this kind; looked for among plain texts alone, in the ways in which such values are written.`,
    notFound: 'Nobody could be found: give an identifier of a kind that a column has.',
    notDone: 'Nothing was changed: --yes erases.',
    inObject: ({ location, rows, replaced, reason }, isErased) => {
      const why = reason === undefined ? '' : ` (${reason})`;
      if (rows === 0) return `${location}: left as it is${why}.`;
      if (replaced === undefined) return `${location} holds rows of this person${why}.`;
      return isErased
        ? `${location}: ${replaced.before.sizeBytes} bytes became ${replaced.after.sizeBytes}${why}.`
        : `${location} holds rows of this person, and can go without them${why}.`;
    },
    goneOnWith: ({ by, begunAt }) => `Goes on with the erasure that ${by} began at ${begunAt}.`,
    open: ({ by, begunAt }) => `An erasure of somebody else that ${by} began at ${begunAt} has not ended.`,
    done: (location, sha256, isInRaw) =>
      `Erased. ${isInRaw ? RAW_BRINGS_BACK.en : ''}The record: ${location}, SHA-256 ${sha256}`,
    pages: (files) => `To read and to sign: ${files.join(', ')}`,
    leftToOwners: (location, sha256, isInRaw) =>
      `Not done: erased, but not from what is named above. ${isInRaw ? RAW_BRINGS_BACK.en : ''}The record: ${location}, SHA-256 ${sha256}`,
  },
  fr: {
    head: ['table', 'lignes avant', 'de la personne', 'à faire'],
    left: (figures) =>
      [
        ...(figures.notSearched.length === 0
          ? []
          : [`chercher à la main dans ${figures.notSearched.join(', ')}, gardé en clair`]),
        ...(isTooSmall(figures)
          ? [`à reconstruire : il reste un groupe de ${figures.smallestClass}, moins de ${figures.k}`]
          : []),
      ].join(' ; '),
    inRaw: ({ rows, reason }, isErased) =>
      rows === 0 || (isErased && reason === undefined)
        ? ''
        : (reason ?? 'effacer à la source et migrer à nouveau, ou ici avec --also-raw, ou décider que cela reste'),
    buildAgain: (dataset) =>
      `${dataset} est fait de lignes de cette personne : à reconstruire une fois qu’elles sont effacées.`,
    notSearched: (path) => `${path} : non parcouru ici, ou pas en entier.`,
    published: {
      'small-files': (place, objects) =>
        `${place} : ${objects} objet(s) non parcouru(s) : pas de la fonction, sans pseudonymes, ou avec ceux d’une autre clé. Faire d’abord la rotation, ou retirer ce qui s’y trouve : la prochaine construction en a les lignes.`,
      'serving-files': (place, objects) =>
        `${place} : ${objects} objet(s) non parcouru(s), ou pas en entier : pas de « serve », ou avec des pseudonymes d’une autre clé. Servir à nouveau, rafraîchir, puis retirer ce qui s’y trouve.`,
      'serving-tables': (place, _, reason) =>
        `${place} de DynamoDB n’a pas été parcourue, ou pas en entier (${reason}). Effacer à nouveau une fois qu’elle peut être lue ; ou servir à nouveau, rafraîchir, puis la supprimer.`,
      'undeclared-table': (place, _, reason) =>
        `${place} : aucun jeu de données n’est plus déclaré pour elle, et personne n’a pu y être cherché (${reason}). La retirer avec ses fichiers, ou déclarer à nouveau son jeu de données.`,
    },
    withoutColumn: (kinds) =>
      `${kinds.join(', ')} : aucune colonne des jeux de données n’est un pseudonyme de ce genre ; cherché parmi les textes seuls, dans les écritures usuelles de ces valeurs.`,
    notFound: 'Personne ne pouvait être trouvé : donner un identifiant d’un genre qu’une colonne possède.',
    notDone: 'Rien n’a changé : --yes efface.',
    inObject: ({ location, rows, replaced, reason }, isErased) => {
      const why = reason === undefined ? '' : ` (${reason})`;
      if (rows === 0) return `${location} : laissé tel quel${why}.`;
      if (replaced === undefined) return `${location} contient des lignes de cette personne${why}.`;
      return isErased
        ? `${location} : ${replaced.before.sizeBytes} octets sont devenus ${replaced.after.sizeBytes}${why}.`
        : `${location} contient des lignes de cette personne, et peut s’en passer${why}.`;
    },
    goneOnWith: ({ by, begunAt }) => `Reprend l’effacement commencé par ${by} le ${begunAt}.`,
    open: ({ by, begunAt }) =>
      `Un effacement d’une autre personne, commencé par ${by} le ${begunAt}, n’est pas terminé.`,
    done: (location, sha256, isInRaw) =>
      `Effacé. ${isInRaw ? RAW_BRINGS_BACK.fr : ''}La fiche : ${location}, SHA-256 ${sha256}`,
    pages: (files) => `À lire et à signer : ${files.join(', ')}`,
    leftToOwners: (location, sha256, isInRaw) =>
      `Inachevé : effacé, mais pas de ce qui est nommé ci-dessus. ${isInRaw ? RAW_BRINGS_BACK.fr : ''}La fiche : ${location}, SHA-256 ${sha256}`,
  },
};
