export type Language = 'en' | 'fr';

/** What the terminal says, apart from errors (their codes are stable, their texts English). */
export interface Words {
  readonly error: string;
  readonly hint: string;
  readonly cause: string;
  readonly about: string;
  readonly plan: string;
  readonly steps: Readonly<
    Record<'inventory' | 'plan' | 'convert' | 'copy' | 'register' | 'reconcile' | 'report', string>
  >;
  readonly scope: string;
  readonly items: string;
  readonly files: string;
  readonly size: string;
  readonly verdict: string;
  readonly verdicts: Readonly<Record<'copy' | 'convert' | 'skip' | 'refuse' | 'needs-decision', string>>;
  readonly kinds: Readonly<Record<'file' | 'table' | 'view' | 'partition' | 'path' | 'function', string>>;
  readonly reason: string;
  readonly item: string;
  readonly status: string;
  readonly exceptions: string;
  readonly andMore: (count: string) => string;
  readonly planHash: string;
  readonly forecast: string;
  readonly log: string;
  readonly month: string;
  readonly smallFiles: string;
  readonly dryRun: string;
  readonly askRun: (hash: string) => string;
  readonly declined: string;
  readonly interrupted: string;
  readonly leaving: string;
  readonly outcome: string;
  readonly reportAt: string;
  readonly verdictLine: Readonly<Record<'identical' | 'differences' | 'incomplete', string>>;
  readonly nothingYet: string;
  readonly next: string;
  readonly remaining: string;
  readonly allWell: string;
  readonly checksFailed: (count: number) => string;
  readonly seal: string;
  readonly genuine: string;
  readonly genuineSigned: string;
  readonly notGenuine: string;
  readonly notAccepted: string;
  readonly noChromium: string;
  readonly noPdf: string;
  readonly accepted: string;
}

const en: Words = {
  error: 'error',
  hint: 'what to do',
  cause: 'cause',
  about: 'about',
  plan: 'Plan',
  steps: {
    inventory: 'Inventory',
    plan: 'Plan',
    convert: 'Convert',
    copy: 'Copy',
    register: 'Register',
    reconcile: 'Reconcile',
    report: 'Report',
  },
  scope: 'table or path',
  items: 'items',
  files: 'files',
  size: 'size',
  verdict: 'verdict',
  verdicts: { copy: 'copy', convert: 'convert', skip: 'skip', refuse: 'refuse', 'needs-decision': 'needs a decision' },
  kinds: {
    file: 'files',
    table: 'tables',
    view: 'views',
    partition: 'partitions',
    path: 'paths',
    function: 'functions',
  },
  reason: 'reason',
  item: 'item',
  status: 'status',
  exceptions: 'What will not simply be copied',
  andMore: (count) => `… and ${count} more; --json lists them all`,
  planHash: 'plan hash',
  forecast: 'forecast',
  log: 'full log',
  month: 'month',
  smallFiles: 'many small files',
  dryRun: 'Dry run: nothing was copied or registered.',
  askRun: (hash) => `Run this plan (${hash})?`,
  declined: 'Nothing was done.',
  interrupted:
    'Interrupted: finishing what is in flight, for 20 s at most. Press Ctrl-C again to leave at once; either way nothing is lost.',
  leaving: 'Left at once. Run the same command again to go on.',
  outcome: 'outcome',
  reportAt: 'Report',
  verdictLine: {
    identical: 'Source and target are identical.',
    differences: 'Source and target DIFFER.',
    incomplete: 'Not everything could be compared.',
  },
  nothingYet: 'no run yet',
  next: 'next',
  remaining: 'left',
  allWell: 'All checks passed.',
  checksFailed: (count) => `${count} ${count === 1 ? 'check' : 'checks'} failed.`,
  seal: 'seal (keep it apart from the archive)',
  genuine:
    'Every byte is what was packed. Whoever holds all of an archive could have packed it anew: compare the seal or a signature.',
  genuineSigned: 'Every byte is what was packed, and signed with this key.',
  notGenuine: 'This is NOT what was packed.',
  notAccepted: 'not accepted',
  noChromium: 'No PDF: no Chromium or Chrome was found on the path; name one in reports.chromium.',
  noPdf: 'No PDF',
  accepted: 'acceptance',
};

const fr: Words = {
  error: 'erreur',
  hint: 'que faire',
  cause: 'cause',
  about: 'objet',
  plan: 'Plan',
  steps: {
    inventory: 'Inventaire',
    plan: 'Plan',
    convert: 'Conversion',
    copy: 'Copie',
    register: 'Catalogue',
    reconcile: 'Réconciliation',
    report: 'Rapport',
  },
  scope: 'table ou chemin',
  items: 'éléments',
  files: 'fichiers',
  size: 'taille',
  verdict: 'verdict',
  verdicts: { copy: 'copier', convert: 'convertir', skip: 'écarter', refuse: 'refuser', 'needs-decision': 'à décider' },
  kinds: {
    file: 'fichiers',
    table: 'tables',
    view: 'vues',
    partition: 'partitions',
    path: 'chemins',
    function: 'fonctions',
  },
  reason: 'motif',
  item: 'élément',
  status: 'état',
  exceptions: 'Ce qui ne sera pas simplement copié',
  andMore: (count) => `… et ${count} autres ; --json les donne tous`,
  planHash: 'empreinte du plan',
  forecast: 'prévision',
  log: 'journal complet',
  month: 'mois',
  smallFiles: 'beaucoup de petits fichiers',
  dryRun: "Simulation : rien n'a été copié ni enregistré.",
  askRun: (hash) => `Exécuter ce plan (${hash}) ?`,
  declined: "Rien n'a été fait.",
  interrupted:
    'Interruption : fin des transferts en cours, 20 s au plus. Ctrl-C encore pour quitter aussitôt ; dans les deux cas rien n’est perdu.',
  leaving: 'Arrêt immédiat. Relancer la même commande pour continuer.',
  outcome: 'résultat',
  reportAt: 'Rapport',
  verdictLine: {
    identical: 'La source et la cible sont identiques.',
    differences: 'La source et la cible DIFFÈRENT.',
    incomplete: "Tout n'a pas pu être comparé.",
  },
  nothingYet: 'aucune exécution',
  next: 'suite',
  remaining: 'restant',
  allWell: 'Tous les contrôles sont passés.',
  checksFailed: (count) => `${count} contrôle${count === 1 ? '' : 's'} en échec.`,
  seal: 'sceau (à conserver hors de l’archive)',
  genuine:
    'Chaque octet est celui qui a été archivé. Qui détient toute une archive pourrait la refaire : comparer le sceau ou une signature.',
  genuineSigned: 'Chaque octet est celui qui a été archivé, et signé par cette clé.',
  notGenuine: 'Ce n’est PAS ce qui a été archivé.',
  notAccepted: 'sans recette',
  noChromium: 'Pas de PDF : ni Chromium ni Chrome n’a été trouvé dans le PATH ; en nommer un dans reports.chromium.',
  noPdf: 'Pas de PDF',
  accepted: 'recette',
};

export const WORDS: Readonly<Record<Language, Words>> = { en, fr };

/** From --lang, else from the locale (LC_ALL, LC_MESSAGES, LANG); English unless it says French. */
export function languageOf(option: string | undefined, environment: NodeJS.ProcessEnv): Language {
  const wanted = option ?? environment['LC_ALL'] ?? environment['LC_MESSAGES'] ?? environment['LANG'] ?? '';
  return wanted.toLowerCase().startsWith('fr') ? 'fr' : 'en';
}
