import type { TableDescription } from '../described-table.ts';
import { CSV, JSON_LINES, PARQUET } from '../lake-table.ts';
import { ACID, CONTROL_A, DOUBLE_PIPES, INSERT_ONLY, LOG_LINES, monthsOf, SEMICOLONS, TABS } from './formats.ts';

const hours = (count: number): string[][] =>
  Array.from({ length: count }, (_, hour) => ['2024-02-01', String(hour).padStart(2, '0')]);

/** What customers and partners see and say: portals, call centre, complaints, consents, web. */
export const CUSTOMERS: readonly TableDescription[] = [
  {
    name: 'portail.sessions',
    comment: 'Sessions de l’espace client',
    format: JSON_LINES,
    columns: [
      'id_session string = code S',
      'id_client bigint = ref 4000',
      'pages array<string> = list accueil|contrats|sinistre',
      'duree_s int = int 3 900',
    ],
    keys: ['jour string', 'heure string'],
    partitions: hours(24),
    rows: 30,
  },
  {
    name: 'portail.demandes',
    format: TABS,
    columns: [
      'id_demande bigint = id',
      'id_client bigint = ref 4000',
      'nature string = pick attestation|rib|résiliation',
      'message string = text',
      'recue_le timestamp = time 2024',
    ],
    rows: 600,
  },
  {
    name: 'partenaire.acces',
    comment: 'Accès des partenaires au portail',
    format: SEMICOLONS,
    columns: ['siret string = siret', 'identifiant string = email', 'dernier_acces date = date 2022 2024?'],
    rows: 250,
  },
  {
    name: 'partenaire.flux',
    comment: 'Flux reçus, champs séparés par deux barres',
    format: DOUBLE_PIPES,
    columns: ['partenaire string = pick banque A|banque B', 'contrat bigint = ref 9000', 'contenu string = text'],
    rows: 400,
  },
  {
    name: 'relation.transcriptions',
    comment: 'Appels transcrits',
    format: JSON_LINES,
    columns: [
      'id_appel string = code A',
      'id_client bigint = ref 4000',
      'texte string = text',
      'tonalite double = real -1 1',
    ],
    keys: ['mois string'],
    partitions: monthsOf(2024, 3),
    rows: 900,
    blockSizeBytes: 1024 * 1024,
  },
  {
    name: 'reclamation.dossiers',
    comment: 'Réclamations et délais de réponse',
    format: CONTROL_A,
    columns: [
      'id_reclamation bigint = id',
      'nom string = lastName',
      'email string = email',
      'recue_le date = date 2022 2023',
      'close_le date = date 2023 2023?',
      'motif string = text',
    ],
    rows: 450,
  },
  {
    name: 'reclamation.v_delais',
    format: CONTROL_A,
    columns: ['mois string', 'delai double'],
    type: 'VIRTUAL_VIEW',
    // Java called from SQL: nothing at the target runs it.
    view: "SELECT reflect('java.lang.String', 'valueOf', `recue_le`) AS `mois`, cast(1 AS double) AS `delai` FROM `reclamation`.`dossiers`",
  },
  {
    name: 'marketing.consentements',
    comment: 'Consentements, un enregistrement par changement',
    ...ACID,
    columns: ['id_client bigint', 'canal string', 'accord boolean', 'recueilli_le timestamp'],
    parameters: INSERT_ONLY,
  },
  {
    name: 'marketing.campagnes',
    format: CSV,
    columns: [
      'code string = code CAM',
      'libelle string = pick Rentrée, "offre auto"|Été – habitation',
      'debut string = date 2022 2024',
    ],
    parameters: { 'skip.header.line.count': '1' },
    rows: 45,
  },
  {
    name: 'marketing.envois',
    format: PARQUET,
    columns: ['id_envoi bigint = id', 'campagne string = code CAM', 'email string = email', 'ouvert boolean = flag'],
    keys: ['campagne_mois string'],
    partitions: [...monthsOf(2023, 6), { values: ['2023-07'], isMissing: true }],
    rows: 300,
  },
  {
    name: 'web.acces',
    comment: 'Journal des serveurs web, trois mots par ligne',
    format: LOG_LINES,
    columns: ['adresse string = code 10.', 'chemin string = pick /devis|/contrat|/sinistre', 'agent string = text'],
    keys: ['jour string'],
    partitions: Array.from({ length: 10 }, (_, day) => [`2024-02-${String(day + 1).padStart(2, '0')}`]),
    rows: 500,
    suffix: '.log.gz',
  },
  {
    name: 'web.clics',
    comment: 'Clics, compressés avec le codec par défaut de Hive',
    format: TABS,
    columns: ['id_session string = code S', 'element string = pick bouton|lien', 'quand timestamp = time 2024'],
    rows: 1500,
    suffix: '.deflate',
  },
];
