import type { PublishOutcome } from '../steps/zones/publish-dataset.ts';
import type { Language } from './words.ts';

export interface ZonesWords {
  /** Dataset, target, rows read, rows, suppressed, smallest class, result. */
  readonly head: readonly string[];
  readonly outcomes: Readonly<Record<PublishOutcome | 'not-written', string>>;
  /** A check that is broken, and only to be warned of. */
  readonly warning: (check: string, failing: number) => string;
}

export const ZONES_WORDS: Readonly<Record<Language, ZonesWords>> = {
  en: {
    head: ['dataset', 'target', 'rows read', 'rows', 'suppressed', 'smallest class', 'result'],
    outcomes: { created: 'created', updated: 'updated', unchanged: 'unchanged', 'not-written': 'not written' },
    warning: (check, failing) => `check not passed: ${check} (${failing})`,
  },
  fr: {
    head: ['jeu de données', 'cible', 'lignes lues', 'lignes', 'supprimées', 'plus petit groupe', 'résultat'],
    outcomes: { created: 'créé', updated: 'mis à jour', unchanged: 'inchangé', 'not-written': 'non écrit' },
    warning: (check, failing) => `contrôle non respecté : ${check} (${failing})`,
  },
};
