import type { LeftOfErasure, ServedFigures } from '../domain/privacy/erasure.ts';
import { ERASURE_WORDS_EN } from './erasure-words-en.ts';
import { ERASURE_WORDS_FR } from './erasure-words-fr.ts';
import type { Language } from './quantities.ts';

/** What became of an erasure. */
export type ErasureState = 'done' | 'done-with-raw' | 'left' | 'not-found' | 'not-ended' | 'withdrawn';

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
  /** Object, rows, bytes before and after, CRC32C before and after, reason. */
  readonly replacedHead: readonly string[];
  readonly whyRaw: string;
  readonly rawErased: string;
  /** Where it was counted only. */
  readonly rawWould: string;
  readonly nothingInRaw: string;
  readonly pathsNotSearched: string;
  readonly decideRaw: string;
  readonly rawLeft: string;
  readonly source: string;
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

export const ERASURE_WORDS: Readonly<Record<Language, ErasureWords>> = { en: ERASURE_WORDS_EN, fr: ERASURE_WORDS_FR };
