import type { Language } from '../document.ts';

/** Addresses of pages of AWS. */
export type LatencySources = Readonly<Record<'latency' | 'operations' | 'pages' | 'consistency', string>>;

interface LatencyWords {
  readonly title: (useCase: string) => string;
  readonly intro: string;
  readonly head: readonly string[];
  readonly ofTable: (operation: string) => string;
  readonly ofIndex: (operation: string, index: string) => string;
  /** Of a dataset whose items may be found too. */
  readonly among: (dataset: string) => string;
  readonly eventual: string;
  readonly anyNumber: string;
  readonly targetTitle: string;
  readonly target: (sources: LatencySources) => readonly string[];
  readonly refreshTitle: string;
  readonly refresh: (parameter: string, keptForS: number, sources: LatencySources) => readonly string[];
}

export const LATENCY_WORDS: Readonly<Record<Language, LatencyWords>> = {
  en: {
    title: (useCase) => `Latency plan: ${useCase}`,
    intro:
      'How an application finds items, and what that takes. No way is a Scan, and none has a filter, which would read more than it returns. The requests, word for word, are in access-patterns.json.',
    head: [
      'Dataset',
      'Found by (partition / sort key)',
      'Served by',
      'Consistency',
      'Items at most',
      'KiB at most',
      'Requests at most, for a page',
      'Target p99, ms',
    ],
    ofTable: (operation) => `one ${operation} of the table`,
    ofIndex: (operation, index) => `one ${operation} of the index ${index}`,
    among: (dataset) => `with items of ${dataset}`,
    eventual: 'eventual',
    anyNumber: 'what 1 MB holds',
    targetTitle: 'What the target rests on',
    target: ({ latency, operations, pages, consistency }) => [
      `- AWS speaks of single-digit milliseconds within DynamoDB for tables like this one (${latency}), on average, and for requests like GetItem; how long a Query takes depends on what it returns (${operations}). It promises no figure.`,
      '- The target is for 99 of 100 requests, measured by the application, from the same region. Nobody has measured it here. In CloudWatch, SuccessfulRequestLatency is the part of it that DynamoDB takes, without the network.',
      `- A read by Query is one page of at most 1 MB (${pages}); each further page is one more request. A full page may take longer than the target: give more of the sort key, or a Limit.`,
      `- An index cannot be read in a strongly consistent way (${consistency}); of the table, it would cost twice as much and find the same, since nobody writes to a table in use.`,
    ],
    refreshTitle: 'During a refresh',
    refresh: (parameter, keptForS, { latency }) => [
      `- The switch is one parameter, ${parameter}. The application keeps its value for ${keptForS} seconds and then reads it again: one request more in ${keptForS} seconds, to Parameter Store, and new items ${keptForS} seconds late at most.`,
      '- The table that was in use stays until the next refresh, so no read fails meanwhile. One that finds the table gone (ResourceNotFoundException) reads the parameter and asks again: two requests more.',
      `- The import goes into a table of its own and takes nothing from the one in use. A new table takes 12 000 reads a second from the start and more as they come (${latency}); beyond that it refuses some for a while, and an SDK asks again.`,
    ],
  },
  fr: {
    title: (useCase) => `Plan de latence : ${useCase}`,
    intro:
      "Comment une application trouve les éléments, et ce que cela demande. Aucun accès n'est un Scan ni n'a de filtre, qui lirait plus qu'il ne rend. Les requêtes, mot pour mot, sont dans access-patterns.json.",
    head: [
      'Jeu de données',
      'Trouvé par (clé de partition / de tri)',
      'Servi par',
      'Cohérence',
      'Éléments au plus',
      'Kio au plus',
      'Requêtes au plus, pour une page',
      'Cible p99, ms',
    ],
    ofTable: (operation) => `un ${operation} de la table`,
    ofIndex: (operation, index) => `un ${operation} de l'index ${index}`,
    among: (dataset) => `avec des éléments de ${dataset}`,
    eventual: 'à terme',
    anyNumber: 'ce que contient 1 Mo',
    targetTitle: 'Sur quoi repose la cible',
    target: ({ latency, operations, pages, consistency }) => [
      `- AWS parle de moins de dix millisecondes au sein de DynamoDB pour les tables de cette sorte (${latency}), en moyenne, et pour des requêtes telles que GetItem ; la durée d'un Query dépend de ce qu'il rend (${operations}). Aucun chiffre n'est promis.`,
      "- La cible vaut pour 99 requêtes sur 100, mesurées par l'application, depuis la même région. Personne ne l'a mesurée ici. Dans CloudWatch, SuccessfulRequestLatency en est la part que prend DynamoDB, sans le réseau.",
      `- Une lecture par Query est une page de 1 Mo au plus (${pages}) ; chaque page suivante est une requête de plus. Une page pleine peut durer plus que la cible : donner davantage de la clé de tri, ou une Limit.`,
      `- Un index ne peut être lu de façon fortement cohérente (${consistency}) ; pour la table, cela coûterait le double et trouverait la même chose, car personne n'écrit dans une table en service.`,
    ],
    refreshTitle: 'Pendant un rafraîchissement',
    refresh: (parameter, keptForS, { latency }) => [
      `- La bascule est un paramètre, ${parameter}. L'application en garde la valeur ${keptForS} secondes puis le relit : une requête de plus en ${keptForS} secondes, à Parameter Store, et de nouveaux éléments avec ${keptForS} secondes de retard au plus.`,
      "- La table qui était en service reste jusqu'au rafraîchissement suivant : aucune lecture n'échoue entre-temps. Celle qui ne trouve plus la table (ResourceNotFoundException) lit le paramètre et redemande : deux requêtes de plus.",
      `- L'import se fait dans une table à part et ne prend rien à celle en service. Une table neuve accepte d'emblée 12 000 lectures par seconde, et davantage à mesure qu'elles viennent (${latency}) ; au-delà elle en refuse pendant un temps, et un SDK redemande.`,
    ],
  },
};
