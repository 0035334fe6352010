import type { Language } from './words.ts';

export interface DsnWords {
  readonly file: string;
  readonly declarations: string;
  readonly rubrics: string;
  readonly quarantined: string;
  readonly state: string;
  readonly complete: string;
  readonly cutOff: string;
  readonly miscounted: (counted: string) => string;
  readonly test: string;
  readonly tablesIn: string;
  readonly allRead: string;
  readonly notAllRead: string;
}

export const DSN_WORDS: Readonly<Record<Language, DsnWords>> = {
  en: {
    file: 'file',
    declarations: 'declarations',
    rubrics: 'rubrics',
    quarantined: 'in quarantine',
    state: 'state',
    complete: 'complete',
    cutOff: 'cut off: no count at its end',
    miscounted: (counted) => `its sender counted ${counted} rubrics`,
    test: 'test',
    tablesIn: 'Tables (personal data in clear)',
    allRead: 'Every line was read, and every file is complete.',
    notAllRead: 'Something was not as the norm wants it: see quarantine.jsonl and summary.json.',
  },
  fr: {
    file: 'fichier',
    declarations: 'déclarations',
    rubrics: 'rubriques',
    quarantined: 'en quarantaine',
    state: 'état',
    complete: 'complet',
    cutOff: 'tronqué : aucun total à la fin',
    miscounted: (counted) => `son émetteur a compté ${counted} rubriques`,
    test: 'essai',
    tablesIn: 'Tables (données personnelles en clair)',
    allRead: 'Chaque ligne a été lue, et chaque fichier est complet.',
    notAllRead: "Tout n'est pas conforme à la norme : voir quarantine.jsonl et summary.json.",
  },
};
