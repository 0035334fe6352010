import type { Counted } from './words.ts';

/** What stands above, in and in place of lists that are too long for paper. */
export interface LongListWords {
  readonly deviatingPartitionsOf: (scope: string) => string;
  readonly allPartitions: (count: string) => string;
  readonly fromTo: (first: string, last: string, count: string) => string;
  readonly partitionsNotPrinted: (count: string) => string;
  readonly detailsNotPrinted: (tables: Counted) => string;
}

export const LONG_LIST_WORDS: Readonly<Record<'en' | 'fr', LongListWords>> = {
  en: {
    deviatingPartitionsOf: (scope) => `Partitions of ${scope} that deviate`,
    allPartitions: (count) => `All ${count}, in the order of their names:`,
    fromTo: (first, last, count) => `${first} to ${last} (${count})`,
    partitionsNotPrinted: (count) => `The ${count} partitions one by one: on the screen, and in items.csv.`,
    detailsNotPrinted: (tables) =>
      `The details of ${tables.text} more ${tables.isOne ? 'table or folder' : 'tables and folders'}: on the screen.`,
  },
  fr: {
    deviatingPartitionsOf: (scope) => `Partitions de ${scope} qui s’écartent`,
    allPartitions: (count) => `Les ${count}, dans l’ordre de leurs noms\u00a0:`,
    fromTo: (first, last, count) => `${first} à ${last} (${count})`,
    partitionsNotPrinted: (count) => `Les ${count} partitions une à une\u00a0: à l’écran, et dans items.csv.`,
    detailsNotPrinted: (tables) =>
      `Les détails de ${tables.text} ${tables.isOne ? 'autre table ou dossier' : 'autres tables et dossiers'}\u00a0: à l’écran.`,
  },
};

/** Who decided on a run, and what comparing it cost. */
export interface CourseWords {
  readonly decidedBy: string;
  readonly notDecided: string;
  readonly costEstimated: string;
  readonly costBilled: string;
  readonly noCost: string;
}

export const COURSE_WORDS: Readonly<Record<'en' | 'fr', CourseWords>> = {
  en: {
    decidedBy: 'Acceptance decided by',
    notDecided: 'nobody yet',
    costEstimated: 'Reading the target, estimated before',
    costBilled: 'Reading the target, billed',
    noCost: 'nothing: no engine was asked that bills for what it reads',
  },
  fr: {
    decidedBy: 'Recette décidée par',
    notDecided: 'personne pour l’instant',
    costEstimated: 'Lecture de la cible, estimée avant',
    costBilled: 'Lecture de la cible, facturée',
    noCost: 'rien\u00a0: aucun moteur qui facture ce qu’il lit n’a été interrogé',
  },
};
