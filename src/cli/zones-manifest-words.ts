import type { ByJob, LeftOut } from '../domain/privacy/small-objects.ts';
import type { PublishOutcome } from '../steps/zones/publish-dataset.ts';
import type { Language } from './words.ts';

export interface ManifestWords {
  /** Dataset, objects, size, list, result. */
  readonly head: readonly string[];
  readonly outcomes: Readonly<Record<PublishOutcome | 'not-written', string>>;
  readonly byItsJob: (dataset: string, why: string) => string;
  readonly whys: Readonly<Record<ByJob, string>>;
  /** Of a dataset that the execution leaves alone. */
  readonly kept: (dataset: string) => string;
  /** Of a dataset that is to be made of files, and others that are made of it. */
  readonly notAbove: (dataset: string, above: string) => string;
  readonly leftOut: (dataset: string, objects: string, why: string) => string;
  readonly reasons: Readonly<Record<LeftOut, string>>;
  readonly start: (command: string) => string;
}

export const MANIFEST_WORDS: Readonly<Record<Language, ManifestWords>> = {
  en: {
    head: ['dataset', 'objects', 'size', 'list', 'result'],
    outcomes: { created: 'created', updated: 'updated', unchanged: 'unchanged', 'not-written': 'not written' },
    byItsJob: (dataset, why) => `${dataset}: ${why}; the state machine makes it whole, by its job`,
    whys: {
      'not-named': 'not named, and it does not stand yet',
      nothing: 'nothing to list',
      below: 'other datasets are made of its own table, which does not stand yet',
      unreadable: 'it has objects that its function does not read',
    },
    kept: (dataset) => `${dataset}: nothing to take; the state machine leaves it as it stands`,
    notAbove: (dataset, above) =>
      `${dataset}: ${above} will be made of its own table, without what its function takes; that comes in with the next whole build`,
    leftOut: (dataset, objects, why) => `${dataset}: ${objects} left out: ${why}`,
    reasons: {
      hidden: 'hidden by their names, or left out by the plan, as in a build',
      elsewhere: 'not in the folders that their table makes of its partitions; only its job, or a build, reads them',
      format: 'no text that the function reads; only its job, or a build, reads them',
      'not-proven': 'not proven by the last run; run the use case again',
      'not-registered': 'of a table or partition that the last run has not registered',
      'earlier-run': 'brought by an earlier run',
      replaced:
        'replaced since; an earlier run brought what the dataset has of them, and only a whole build reads them anew',
      changed: 'gone, or changed since they were proven; "lakelift reconcile" says more',
      'too-large': 'more than 64 MiB; only its job, or a build, reads them',
    },
    start: (command) => `Start it, with the account in place of "…":\n${command}`,
  },
  fr: {
    head: ['jeu de données', 'objets', 'taille', 'liste', 'résultat'],
    outcomes: { created: 'créée', updated: 'mise à jour', unchanged: 'inchangée', 'not-written': 'non écrite' },
    byItsJob: (dataset, why) => `${dataset} : ${why} ; la machine à états le fait en entier, par son job`,
    whys: {
      'not-named': 'non nommé, et il n’existe pas encore',
      nothing: 'rien à lister',
      below: 'd’autres jeux de données sont faits de sa propre table, qui n’existe pas encore',
      unreadable: 'il a des objets que sa fonction ne lit pas',
    },
    kept: (dataset) => `${dataset} : rien à prendre ; la machine à états le laisse tel quel`,
    notAbove: (dataset, above) =>
      `${dataset} : ${above} se fera de sa propre table, sans ce que prend sa fonction ; cela vient avec la prochaine construction entière`,
    leftOut: (dataset, objects, why) => `${dataset} : ${objects} laissés de côté : ${why}`,
    reasons: {
      hidden: 'cachés par leur nom, ou écartés par le plan, comme dans une construction',
      elsewhere: 'hors des dossiers que leur table fait de ses partitions ; seul son job, ou une construction, les lit',
      format: 'pas du texte que lit la fonction ; seul son job, ou une construction, les lit',
      'not-proven': 'non prouvés par la dernière exécution ; relancer le cas d’usage',
      'not-registered': 'd’une table ou partition que la dernière exécution n’a pas enregistrée',
      'earlier-run': 'apportés par une exécution antérieure',
      replaced:
        'remplacés depuis ; une exécution antérieure a apporté ce qu’en a le jeu de données, et seule une construction entière les relit',
      changed: 'disparus, ou changés depuis leur preuve ; « lakelift reconcile » en dit plus',
      'too-large': 'plus de 64 Mio ; seul son job, ou une construction, les lit',
    },
    start: (command) => `À lancer, avec le compte à la place de « … » :\n${command}`,
  },
};
