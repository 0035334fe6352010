import type { TableDescription } from '../described-table.ts';
import { CSV, JSON_LINES, ORC, PARQUET } from '../lake-table.ts';
import { CONTROL_A, LATIN1, monthsOf, PIPES, SEMICOLONS, TABS } from './formats.ts';

/** Books, reserves, reinsurance, compliance and savings. */
export const FINANCE: readonly TableDescription[] = [
  {
    name: 'finance.ecritures',
    comment: 'Écritures comptables',
    format: PIPES,
    columns: [
      'id_ecriture bigint = id',
      'compte string = pick 401000|411000|606100|701000',
      'debit decimal(14,2) = amount 0 90000?',
      'credit decimal(14,2) = amount 0 90000?',
      'libelle string = text',
    ],
    keys: ['exercice int', 'periode int'],
    partitions: Array.from({ length: 12 }, (_, month) => ['2023', String(month + 1)]),
    rows: 350,
  },
  {
    name: 'finance.plan_comptable',
    format: CSV,
    columns: [
      'compte string = pick 401000|411000|606100',
      'libelle string = pick Fournisseurs|"Clients" douteux|Énergie',
    ],
    rows: 30,
  },
  {
    name: 'finance.mv_balance',
    comment: 'Balance, vue matérialisée',
    format: ORC,
    type: 'MATERIALIZED_VIEW',
    columns: ['compte string', 'solde decimal(16,2)'],
    opaque: '000000_0',
    alter: (table) => ({
      ...table,
      viewOriginalText: 'SELECT compte, sum(debit) FROM finance.ecritures GROUP BY compte',
    }),
  },
  {
    name: 'finance.factures',
    comment: 'Factures des fournisseurs',
    format: SEMICOLONS,
    columns: [
      'siret string = siret',
      'iban string = iban',
      'montant decimal(12,2) = amount 10 40000',
      'echeance date = date 2023 2024',
    ],
    keys: ['annee int'],
    partitions: [['2022'], ['2023'], ['2024']],
    rows: 250,
  },
  {
    name: 'actuariat.provisions',
    comment: 'Provisions par cohorte (IFRS 17)',
    format: TABS,
    columns: [
      'cohorte string = code CO',
      'bel decimal(18,4) = amount 0 90000',
      'ajustement_risque decimal(18,4) = amount 0 900',
      'csm decimal(18,4) = amount 0 5000?',
    ],
    keys: ['arrete date', 'branche string'],
    partitions: ['2023-06-30', '2023-12-31'].flatMap((day) =>
      ['auto', 'habitation', 'prévoyance'].map((line) => [day, line]),
    ),
    rows: 200,
  },
  {
    name: 'actuariat.hypotheses',
    format: JSON_LINES,
    columns: [
      'nom string = pick inflation|lapse|frais',
      'valeurs array<string> = list 0.5|1.0|1.5',
      'version int = int 1 9',
    ],
    rows: 40,
  },
  {
    name: 'actuariat.tables_mortalite',
    comment: 'Tables TH/TF par âge',
    format: CONTROL_A,
    columns: ['table_nom string = pick TH00-02|TF00-02', 'age int = int 0 110', 'qx double = real 0 1'],
    rows: 444,
  },
  {
    name: 'actuariat.engagements',
    comment: 'Engagements à la date d’inventaire',
    format: PARQUET,
    columns: ['id_contrat bigint = ref 9000', 'capital double = amount 1000 90000', 'age int = int 18 90'],
    keys: ['inventaire timestamp'],
    partitions: [['2022-12-31 00:00:00'], ['2023-12-31 00:00:00']],
    rows: 700,
  },
  {
    name: 'actuariat.scenarios',
    comment: 'Scénarios économiques, table Iceberg',
    format: PARQUET,
    columns: ['scenario int', 'pas int', 'taux double'],
    parameters: {
      table_type: 'ICEBERG',
      metadata_location: 'hdfs://sandbox/warehouse/actuariat/scenarios/metadata/v1.json',
    },
    opaque: 'metadata/v1.metadata.json',
  },
  {
    name: 'reassurance.traites',
    format: SEMICOLONS,
    columns: [
      'traite string = code T',
      'reassureur string = pick Réassureur A|Réassureur B',
      'priorite decimal(14,2) = amount 1000 90000',
      'portee decimal(14,2) = amount 1000 90000',
    ],
    rows: 24,
  },
  {
    name: 'reassurance.bordereaux',
    comment: 'Bordereaux reçus d’un ordinateur central, en ISO-8859-1',
    format: LATIN1,
    columns: [
      'traite string = code T',
      'assure string = pick Société Générale d’Été|Müller',
      'cede decimal(14,2) = amount 10 9000',
    ],
    encoding: 'latin1',
    rows: 300,
  },
  {
    name: 'conformite.clients_verifies',
    comment: 'Pièces et niveaux de vigilance (LCB-FT)',
    format: SEMICOLONS,
    columns: [
      'id_client bigint = ref 4000',
      'nom string = lastName',
      'date_naissance date = birthDate',
      'iban string = iban',
      'vigilance string = pick simplifiée|standard|renforcée',
    ],
    rows: 800,
  },
  {
    name: 'conformite.gels_avoirs',
    format: JSON_LINES,
    columns: [
      'nom string = lastName',
      'prenom string = firstName',
      'alias array<string> = list A. M.|dit « Momo »',
      'gele_le string = date 2019 2023',
    ],
    rows: 120,
  },
  {
    name: 'conformite.operations',
    comment: 'Opérations surveillées',
    format: PARQUET,
    columns: [
      'id_operation bigint = id',
      'iban string = iban',
      'montant double = amount 10 90000',
      'pays string = pick FR|LU|CH',
    ],
    keys: ['mois string'],
    partitions: monthsOf(2023),
    rows: 400,
  },
  {
    name: 'epargne.encours',
    comment: 'Encours des contrats d’assurance vie',
    format: PARQUET,
    columns: [
      'id_contrat bigint = ref 9000',
      'support string = pick fonds euros|UC actions|UC obligations',
      'encours double = amount 0 90000',
    ],
    keys: ['arrete string'],
    // The last month came from another job, as text.
    partitions: [...monthsOf(2023, 5), { values: ['2023-06'], format: PIPES }],
    rows: 500,
  },
  {
    name: 'epargne.arbitrages',
    format: PIPES,
    columns: [
      'id_arbitrage bigint = id',
      'id_contrat bigint = ref 9000',
      'de string = pick fonds euros|UC actions',
      'vers string = pick UC obligations|UC actions',
      'montant decimal(12,2) = amount 10 9000',
    ],
    keys: ['trimestre string'],
    partitions: [['2023-T1'], ['2023-T2'], ['__HIVE_DEFAULT_PARTITION__']],
    rows: 200,
  },
];
