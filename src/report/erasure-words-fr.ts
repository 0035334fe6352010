import type { ErasureWords } from './erasure-words.ts';

export const ERASURE_WORDS_FR: ErasureWords = {
  title: 'Effacement d’une personne',
  documentTitle: (useCase) => `Effacement d’une personne : ${useCase}`,
  states: {
    done: {
      headline: 'Effacée de tout ce qui est publié',
      meaning:
        'Les lignes de la personne ont été cherchées par leurs pseudonymes dans les zones nettoyée et raffinée et dans ce qui est servi aux applications, et retirées. Toutes les colonnes de pseudonymes de ce qui est publié ont été parcourues.',
    },
    'done-with-raw': {
      headline: 'Effacée de tout ce qui est publié et de la zone brute',
      meaning:
        'Les lignes de la personne ont été cherchées par leurs pseudonymes dans les zones nettoyée et raffinée et dans ce qui est servi aux applications, et par ses identifiants dans les tables et les fichiers DSN de la zone brute, et retirées. Les dossiers d’autres fichiers, les objets cachés par leur nom et les textes libres de la zone brute n’ont pas été parcourus.',
    },
    left: {
      headline: 'Inachevé : une partie est à traiter par ses responsables',
      meaning:
        'Les lignes trouvées ont été retirées. Ce qui n’a pu être parcouru est nommé ci-dessous avec son motif : l’effacement n’est pas achevé tant que cela subsiste.',
    },
    'not-found': {
      headline: 'Inachevé : la personne ne pouvait être trouvée',
      meaning:
        'Aucune colonne n’est un pseudonyme du genre des identifiants donnés, et rien n’a été trouvé parmi les textes. Un autre identifiant est à demander à la personne.',
    },
    'not-ended': {
      headline: 'Non exécuté : décompte seul, ou effacement interrompu',
      meaning: 'Ces chiffres disent ce qui a été trouvé. Rien ne prouve que cela soit effacé.',
    },
    withdrawn: {
      headline: 'Retiré : rien n’a été écrit',
      meaning: 'L’effacement n’a pu commencer. Rien n’a changé.',
    },
  },
  sections: {
    subject: 'Objet',
    published: 'Trouvé et effacé',
    left: 'Publié, et non parcouru',
    raw: 'Dans la zone brute',
    todo: 'À faire',
    remains: 'Ce qu’aucun effacement n’atteint',
    proof: 'À conserver comme preuve',
    signatures: 'Signatures',
  },
  facts: {
    useCase: 'Cas d’usage',
    begun: 'Commencé le',
    ended: 'Terminé le',
    by: 'Exécuté par',
    pseudonyms: 'Pseudonymes (schéma, domaine, version de clé)',
    kinds: 'Genres d’identifiants donnés',
    record: 'Fiche',
    sha256: 'Empreinte SHA-256 de la fiche',
    withdrawn: 'Retiré parce que',
  },
  notYet: 'non terminé',
  kind: (word, columns) => `${word} (colonnes : ${columns})`,
  publishedHead: ['table ou dossier', 'avant', 'de la personne', 'après'],
  servedKinds: { 'serving-files': 'fichiers à importer', 'serving-table': 'table DynamoDB' },
  nothingPublished: 'Aucun jeu de données avec des pseudonymes n’est publié.',
  unknown: 'inconnu',
  leftHead: ['où', 'ce que c’est', 'objets', 'motif'],
  leftKinds: {
    'small-files': 'objets écrits à côté d’un jeu de données',
    'serving-files': 'fichiers à importer',
    'serving-tables': 'tables DynamoDB',
    'undeclared-table': 'table dont aucun jeu de données n’est plus déclaré',
  },
  reasons: {
    NO_PSEUDONYMS: 'elle n’a pas de pseudonymes',
    OTHER_PSEUDONYMS: 'ses pseudonymes sont d’une autre clé',
    DATASET_ELSEWHERE: 'elle n’est dans aucune zone du projet',
    NO_DYNAMODB: 'aucun DynamoDB n’est configuré',
    DUCKDB_UNSUPPORTED: 'son format n’est pas lu ici',
    NO_IDENTIFIER_COLUMN: 'aucune colonne n’identifie quelqu’un',
    NAME_HOLDS_THEM: 'son nom contient un identifiant de la personne',
    NESTED_IDENTIFIER:
      'des colonnes de listes, tableaux associatifs ou structures pourraient la contenir, et ne sont pas parcourues',
    DSN_PACKED: 'il est compressé autrement que par gzip',
    DSN_GZIP_BROKEN: 'ce n’est pas un fichier gzip entier',
    LINE_IN_PIECES: 'il contient des lignes en morceaux, entre lesquels elle peut se trouver',
    ERASURE_UNSURE: 'sans ses lignes, il se lirait autrement',
    OBJECT_TOO_LARGE: 'il dépasse 512 Mio',
    DSN_RECORD_OF_OTHERS: 'le bloc qui la nomme contient ceux d’autres personnes',
    PARQUET_NOT_REWRITTEN: 'ce fichier Parquet ne peut être récrit sans toucher à d’autres valeurs',
    CREATING: 'elle est en cours d’importation',
  },
  nothingLeft: 'Rien : toutes les colonnes de pseudonymes de ce qui est publié ont été parcourues.',
  rawHead: ['table ou dossier', 'lignes de la personne', 'non parcouru parce que'],
  objectsHead: ['objet', 'lignes de la personne'],
  replacedHead: ['objet', 'lignes', 'octets avant', 'octets après', 'CRC32C avant', 'CRC32C après', 'reste parce que'],
  whyRaw:
    'La zone brute est la copie de la source à l’octet près et n’est pas modifiée. Tant qu’elle contient la personne, une reconstruction la fait revenir.',
  rawErased:
    'Les lignes de la personne ont été retirées de la zone brute aussi : chaque objet ci-dessous dont les octets sont donnés a été remplacé par le même sans ces lignes, et relu avant d’être écrit. Ses métadonnées disent de quel fichier il est la copie et quelle fiche dit en quoi il en diffère.',
  rawWould:
    'Les lignes de la personne seraient retirées de la zone brute aussi : chaque objet ci-dessous serait remplacé par le même sans ces lignes.',
  nothingInRaw: 'Aucune table ni aucun dossier n’est déclaré dans la zone brute.',
  pathsNotSearched: 'Dossiers et objets non parcourus, ou pas en entier',
  decideRaw:
    'Effacer la personne à la source et migrer à nouveau, ou décider par écrit que la zone brute reste, et ne pas reconstruire.',
  rawLeft:
    'Traiter ce qui reste dans la zone brute : effacer la personne à la source et migrer à nouveau, ou retirer l’objet.',
  source:
    'Effacer la personne à la source aussi, tant qu’elle vit : une nouvelle version d’un de ces fichiers n’est pas copiée par-dessus.',
  buildAgain: (dataset) =>
    `Reconstruire ${dataset}, fait de lignes de cette personne, une fois qu’elles sont effacées.`,
  lookByHand: (table, columns) => `Chercher à la main dans ${table} : ${columns}, gardé en clair.`,
  smallClass: (table, smallest, k) =>
    `Reconstruire ${table} : il y reste un groupe de ${smallest}, pour k = ${k} demandé.`,
  owners: 'Traiter ce qui est publié et n’a pas été parcouru, puis effacer à nouveau avec les mêmes identifiants.',
  nothingToDo: 'Rien.',
  remains: [
    'Les versions précédentes des objets de S3, jusqu’à ce que le cycle de vie du bucket les supprime.',
    'La restauration à un instant donné des tables DynamoDB, pendant 35 jours, et les sauvegardes et exports faits par quelqu’un.',
    'Les copies prises du lac vers d’autres outils, et les textes libres de la zone brute.',
    'Les tables supprimées du catalogue dont les fichiers restent, et les bases que le cas d’usage ne nomme plus.',
  ],
  proof: [
    'La fiche JSON, telle qu’elle est, avec son empreinte, et cette page signée, aussi longtemps que la preuve peut être demandée.',
    'La demande de la personne et la réponse qui lui est faite, hors du lac.',
    'Le fichier des identifiants est à détruire une fois l’effacement achevé : ni la fiche ni cette page n’en contiennent.',
  ],
  signatories: ['Qui a exécuté l’effacement', 'Le délégué à la protection des données'],
  readApproved: 'Nom, fonction, date, mention « lu et approuvé »',
  footer: (tool) =>
    `Établi par lakelift ${tool}. Heures en UTC. Cette page ne contient ni identifiant, ni pseudonyme, ni clé.`,
};
