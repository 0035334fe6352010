import type { LeftOut } from '../domain/privacy/small-objects.ts';
import type { PublishOutcome } from '../steps/zones/publish-dataset.ts';
import type { Language } from './words.ts';

export interface ManifestWords {
  /** Dataset, objects, size, list, result. */
  readonly head: readonly string[];
  readonly outcomes: Readonly<Record<PublishOutcome | 'not-written', string>>;
  /** Of a dataset that has nothing to list. */
  readonly byItsJob: (dataset: string) => string;
  readonly leftOut: (dataset: string, objects: string, why: string) => string;
  readonly reasons: Readonly<Record<LeftOut, string>>;
  readonly start: (command: string) => string;
}

export const MANIFEST_WORDS: Readonly<Record<Language, ManifestWords>> = {
  en: {
    head: ['dataset', 'objects', 'size', 'list', 'result'],
    outcomes: { created: 'created', updated: 'updated', unchanged: 'unchanged', 'not-written': 'not written' },
    byItsJob: (dataset) => `${dataset}: nothing to list; the state machine makes it by its job`,
    leftOut: (dataset, objects, why) => `${dataset}: ${objects} left out: ${why}`,
    reasons: {
      hidden: 'hidden by their names, or left out by the plan, as in a build',
      elsewhere: 'not in the folders that their table makes of its partitions; the job reads them',
      format: 'no text that the function reads; the job reads them',
      'not-proven': 'not proven by the last run; run the use case again',
      'not-registered': 'of a table or partition that the last run has not registered',
      'earlier-run': 'brought by an earlier run',
      changed: 'gone, or changed since they were proven; "lakelift reconcile" says more',
      'too-large': 'more than 64 MiB; the job reads them',
    },
    start: (command) => `Start it, with the account in place of "…":\n${command}`,
  },
  fr: {
    head: ['jeu de données', 'objets', 'taille', 'liste', 'résultat'],
    outcomes: { created: 'créée', updated: 'mise à jour', unchanged: 'inchangée', 'not-written': 'non écrite' },
    byItsJob: (dataset) => `${dataset} : rien à lister ; la machine à états le fait par son job`,
    leftOut: (dataset, objects, why) => `${dataset} : ${objects} laissés de côté : ${why}`,
    reasons: {
      hidden: 'cachés par leur nom, ou écartés par le plan, comme dans une construction',
      elsewhere: 'hors des dossiers que leur table fait de ses partitions ; le job les lit',
      format: 'pas du texte que lit la fonction ; le job les lit',
      'not-proven': 'non prouvés par la dernière exécution ; relancer le cas d’usage',
      'not-registered': 'd’une table ou partition que la dernière exécution n’a pas enregistrée',
      'earlier-run': 'apportés par une exécution antérieure',
      changed: 'disparus, ou changés depuis leur preuve ; « lakelift reconcile » en dit plus',
      'too-large': 'plus de 64 Mio ; le job les lit',
    },
    start: (command) => `À lancer, avec le compte à la place de « … » :\n${command}`,
  },
};
