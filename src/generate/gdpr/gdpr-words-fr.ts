import type { GdprWords } from './gdpr-words.ts';

export const FRENCH: GdprWords = {
  toComplete: 'à compléter',
  none: 'aucun',
  classes: {
    unclassified: 'sans classe',
    identifier: 'identifiant direct',
    'quasi-identifier': 'quasi-identifiant',
    sensitive: 'sensible',
    'free-text': 'texte libre',
    technical: 'technique',
    public: 'public',
  },
  forms: {
    keep: 'en clair',
    drop: 'non repris',
    department: 'département',
    year: 'année',
    month: 'mois',
    pseudonym: (key) => `pseudonyme à clé (${key})`,
    yearBand: (years) => `tranche de ${years} ans`,
    band: (width) => `tranche de ${width}`,
    mask: (shown) => `${shown} premiers caractères`,
  },
  figure: 'chiffre sur plusieurs lignes',
  register: {
    title: (useCase) => `Registre des activités de traitement : ${useCase}`,
    intro:
      'Fiche de l’article 30.1 du RGPD, établie d’après les déclarations du cas d’usage. Ce qu’elles ne disent pas est marqué « à compléter ».',
    head: ['Rubrique', 'Contenu'],
    controller: 'Responsable du traitement, et responsables conjoints',
    officer: 'Délégué à la protection des données',
    owner: 'Contact du cas d’usage',
    purposes: 'Finalités',
    bases: 'Bases légales',
    article: (basis) => `art. ${basis}`,
    subjects: 'Catégories de personnes concernées',
    data: 'Catégories de données',
    special: 'Données sensibles, infractions et condamnations (art. 9 et 10)',
    offences: 'Dont codes d’infractions et de condamnations (art. 10)',
    noOffences: 'aucun dans des fichiers DSN ; les colonnes de tables qui en diraient figurent à la ligne précédente',
    recipients: 'Destinataires',
    transfers: 'Transferts hors de l’Union européenne',
    place: (region) => `à confirmer ; les données sont dans la région AWS ${region}`,
    retention: 'Durées de conservation',
    security: 'Mesures de sécurité',
    pseudonyms: (scheme) => `Pseudonymes HMAC-SHA-256, clé ${scheme} conservée hors du lac`,
    treated: (forms) => `Colonnes transformées avant mise à disposition : ${forms}`,
    classes: (dataset, over, size) => `${dataset} : groupes par ${over}, d’au moins ${size}`,
    people: (k, of) => `${k} personnes, comptées par ${of}`,
    rows: (k) => `${k} lignes, dont une personne peut avoir plusieurs`,
    except: (column, reason) =>
      ` ; ${column} n’en fait pas partie et peut en distinguer de plus petits, par décision : ${reason}`,
    tooSmall: {
      refuse: ' ; sinon rien n’est publié',
      suppress: ' ; les lignes des groupes plus petits sont supprimées',
    },
    blanked: (columns) => ` ; dans les groupes plus petits, ${columns} d’abord vidé et les groupes refaits`,
    notAnonymous: (dataset, reason) => `${dataset} : pas de groupes, par décision : ${reason}`,
    gate: 'Recherche d’identifiants restés en clair dans toutes les valeurs avant chaque publication',
    validByChance: (reason) =>
      `un seul numéro qui peut être valide par hasard n’arrête pas la publication, ni aucun numéro d’entreprise, par décision : ${reason}`,
    stacks: (logDays) => [
      'Par les modèles d’infrastructure générés, là où ils sont déployés : chaque zone est chiffrée par une clé KMS à elle, n’est joignable que par TLS, et rien n’y est public',
      'chaque job et chaque fonction a un rôle à elle seule, qui lit ce dont son jeu est fait et écrit là où il se trouve ; la clé des pseudonymes n’est lue que par ce qui en fait',
      `les journaux des fonctions sont gardés ${logDays} jours et n’ont que des nombres et des codes, aucune valeur de personne ; ceux de Glue, le temps que dit le compte`,
    ],
    open: 'À compléter',
  },
  retention: {
    title: (useCase) => `Conservation et suppression : ${useCase}`,
    intro:
      'Pour chaque table, et chaque dossier de fichiers : combien de temps son contenu est gardé, et comment il est supprimé. Aucune construction n’écarte d’elle-même les lignes échues : ce qui est écrit ici revient au contact du cas d’usage.',
    head: ['Zone', 'Table', 'Jeu de données', 'Durée', 'À compter de', 'Suppression', 'Bases légales'],
    undecided: 'à décider',
    from: (column) => `date de ${column}`,
    bound: (column) =>
      `borner ${column} par « where » du jeu (is ">=", valeurs dans l’ordre des dates), puis reconstruire ; les lignes sans valeur partent aussi`,
    takeOut:
      '« where » ne peut borner cette colonne : retirer les lignes échues à la source, ou les fichiers échus de raw, puis reconstruire',
    decide: 'fixer « retention » dans le jeu de données',
    versions: (days) =>
      `Ce qui est supprimé ou remplacé peut encore être repris pendant ${days} jours, comme version antérieure de l’objet dans S3, par qui peut lire les versions ; ensuite, il n’est plus là. Cela vaut pour chaque ligne ci-dessous qui se trouve dans un bucket, là où le modèle généré des zones est déployé.`,
    backups: (days) =>
      `Ce qui est supprimé d’une table DynamoDB peut encore être repris pendant ${days} jours par sa restauration à un instant donné ; une table supprimée garde une dernière sauvegarde aussi longtemps.`,
    manifests:
      'listes de fichiers, dont les noms peuvent parler de personnes : retirer chacune une fois son exécution finie ; aucune règle du bucket ne le fait',
    raw: 'copie conforme de la source : à supprimer en entier quand plus aucun jeu n’en dépend',
    smallFiles: (days) =>
      `chaque construction retire les lignes des objets qu’elle a lus ; retirer celles de sources que raw n’a plus ; ${days === undefined ? 'sans durée décidée, aucune règle du bucket ne le fait' : `une règle du bucket supprime ceux que personne n’a réécrits en ${days} jours, et recommence à chaque effacement ou rotation : voir les requêtes plus bas`}`,
    servingFiles:
      'après chaque construction : « lakelift serve », puis rafraîchir ; une règle du bucket supprime les fichiers à importer',
    servingTables: 'après chaque rafraîchissement, supprimer la table d’avant, qui reste jusqu’au suivant',
    quarantine: 'lignes en clair : retirer ce qui a été traité ; aucune règle du bucket ne le fait',
    queries: 'Lignes échues',
    queriesIntro:
      'Requêtes pour Athena ou Trino, qui comptent ce qui est à supprimer aujourd’hui. Elles ne montrent personne.',
    objects: 'Objets échus des fonctions',
    objectsIntro:
      'Requêtes pour Athena ou Trino, qui nomment les objets à retirer aujourd’hui : aucune de leurs lignes ne peut plus être gardée, à compter de la date de l’objet de raw dont ils sont faits. Un effacement ou une rotation qui les réécrit n’y change rien.',
  },
  access: {
    title: (useCase) => `Matrice d’accès : ${useCase}`,
    intro: 'Qui voit quelle colonne, sous quelle forme. Ce qui n’y figure pas n’est donné à personne.',
    head: ['Jeu de données', 'Colonne', 'Classe', 'Forme'],
    sees: 'oui',
    left: 'Colonnes des sources qui ne sont pas reprises',
    leftIntro: 'Elles restent en raw, où aucun consommateur n’est déclaré.',
    nobody: (datasets) => `Sans consommateur déclaré : ${datasets}.`,
    except: (reason) => ` ; hors des groupes, par décision : ${reason}`,
    smallFiles: (tables) => `Les tables des fonctions ont les mêmes colonnes, pour les mêmes : ${tables}.`,
  },
};
