import type { Language } from './words.ts';

export interface ServeWords {
  /** Dataset, items. */
  readonly head: readonly string[];
  readonly made: (version: string, place: string) => string;
}

export const SERVE_WORDS: Readonly<Record<Language, ServeWords>> = {
  en: {
    head: ['dataset', 'items'],
    made: (version, place) =>
      `Version ${version} is ready to be imported from ${place}; dynamodb/lakelift_refresh.py does it.`,
  },
  fr: {
    head: ['jeu de données', 'éléments'],
    made: (version, place) =>
      `La version ${version} est prête à être importée depuis ${place} ; dynamodb/lakelift_refresh.py s'en charge.`,
  },
};
