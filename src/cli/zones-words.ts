import type { PublishOutcome } from '../steps/zones/publish-dataset.ts';
import type { Language } from './words.ts';

export interface ZonesWords {
  /** Dataset, target, rows read, rows, suppressed, smallest class, result. */
  readonly head: readonly string[];
  /** Dataset, target, rows, columns with new pseudonyms, result. */
  readonly rotationHead: readonly string[];
  readonly outcomes: Readonly<Record<PublishOutcome | 'not-written', string>>;
  /** A check that is broken, and only to be warned of. */
  readonly warning: (check: string, failing: number) => string;
}

export const ZONES_WORDS: Readonly<Record<Language, ZonesWords>> = {
  en: {
    head: ['dataset', 'target', 'rows read', 'rows', 'suppressed', 'smallest class', 'result'],
    rotationHead: ['dataset', 'target', 'rows', 'new pseudonyms in', 'result'],
    outcomes: { created: 'created', updated: 'updated', unchanged: 'unchanged', 'not-written': 'not written' },
    warning: (check, failing) => `check not passed: ${check} (${failing})`,
  },
  fr: {
    head: ['jeu de données', 'cible', 'lignes lues', 'lignes', 'supprimées', 'plus petit groupe', 'résultat'],
    rotationHead: ['jeu de données', 'cible', 'lignes', 'nouveaux pseudonymes dans', 'résultat'],
    outcomes: { created: 'créé', updated: 'mis à jour', unchanged: 'inchangé', 'not-written': 'non écrit' },
    warning: (check, failing) => `contrôle non respecté : ${check} (${failing})`,
  },
};
