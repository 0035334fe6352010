import type { ErasureRecord, RawFinding } from '../domain/privacy/erasure.ts';
import type { Language } from './words.ts';

interface Left {
  readonly notSearched: readonly string[];
  readonly k: number | undefined;
  readonly smallestClass: number | undefined;
}

const isTooSmall = ({ k, smallestClass }: Left): boolean => k !== undefined && (smallestClass ?? k) < k;

type Begun = Pick<ErasureRecord, 'by' | 'begunAt'>;

export interface EraseWords {
  /** Table, rows before, rows of the person, what is left to do. */
  readonly head: readonly string[];
  readonly left: (figures: Left) => string;
  readonly inRaw: (finding: RawFinding) => string;
  readonly buildAgain: (dataset: string) => string;
  readonly notSearched: (path: string) => string;
  readonly notDone: string;
  readonly inObject: (location: string) => string;
  readonly goneOnWith: (begun: Begun) => string;
  readonly open: (begun: Begun) => string;
  readonly done: (location: string, sha256: string) => string;
}

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
    inRaw: ({ rows, reason }) =>
      rows === 0 ? '' : (reason ?? 'erase at the source and migrate again, or decide that it stays'),
    buildAgain: (dataset) => `${dataset} is made of rows of this person: build it again once they are erased.`,
    notSearched: (path) => `${path}: not looked into here, or not wholly.`,
    notDone: 'Nothing was changed: --yes erases.',
    inObject: (location) => `${location} holds rows of this person.`,
    goneOnWith: ({ by, begunAt }) => `Goes on with the erasure that ${by} began at ${begunAt}.`,
    open: ({ by, begunAt }) => `An erasure of somebody else that ${by} began at ${begunAt} has not ended.`,
    done: (location, sha256) =>
      `Erased. As long as raw holds the person, building from it brings them back. The record: ${location}, SHA-256 ${sha256}`,
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
    inRaw: ({ rows, reason }) =>
      rows === 0 ? '' : (reason ?? 'effacer à la source et migrer à nouveau, ou décider que cela reste'),
    buildAgain: (dataset) =>
      `${dataset} est fait de lignes de cette personne : à reconstruire une fois qu’elles sont effacées.`,
    notSearched: (path) => `${path} : non parcouru ici, ou pas en entier.`,
    notDone: 'Rien n’a changé : --yes efface.',
    inObject: (location) => `${location} contient des lignes de cette personne.`,
    goneOnWith: ({ by, begunAt }) => `Reprend l’effacement commencé par ${by} le ${begunAt}.`,
    open: ({ by, begunAt }) =>
      `Un effacement d’une autre personne, commencé par ${by} le ${begunAt}, n’est pas terminé.`,
    done: (location, sha256) =>
      `Effacé. Tant que la personne est dans raw, une reconstruction la fait revenir. La fiche : ${location}, SHA-256 ${sha256}`,
  },
};
