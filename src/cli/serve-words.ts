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
      `Version ${version} is ready to be imported from ${place}; the state machine of dynamodb/refresh.json does it.`,
  },
  fr: {
    head: ['jeu de données', 'éléments'],
    made: (version, place) =>
      `La version ${version} est prête à être importée depuis ${place} ; la machine à états de dynamodb/refresh.json s'en charge.`,
  },
};
