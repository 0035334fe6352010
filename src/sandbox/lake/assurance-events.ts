import {
  folderOf,
  JSON_LINES,
  linesFile,
  PARQUET,
  sketchPartition,
  sketchTable,
  textFormat,
  type LakeFile,
  type LakeTable,
} from './lake-table.ts';
import { parquetFile } from './parquet-file.ts';
import { Random, two } from './random.ts';

const DATABASE = 'assurance';
/** Customers and contracts that the events refer to. */
export const CUSTOMERS = 4000;
export const CONTRACTS = 9000;

/** Folders of claims whose names need Hive's escaping, S3's care, or both. */
const CLAIM_TYPES = [
  'Auto',
  'dégât des eaux',
  'vol & vandalisme',
  'sinistre 50%',
  'bris:glace',
  'a+b=c',
  '__HIVE_DEFAULT_PARTITION__',
];

export function sinistres(): LakeTable {
  const table = sketchTable({
    database: DATABASE,
    name: 'sinistres',
    format: textFormat({ 'serialization.format': ';', 'field.delim': ';', 'serialization.null.format': '' }),
    columns: [
      'id_sinistre bigint',
      'id_contrat bigint',
      'date_sinistre date',
      'montant decimal(12,2)',
      'lieu string',
      'observations string',
    ],
    partitionKeys: ['annee int', 'type_sinistre string'],
  });
  const regular = [2022, 2023].flatMap((year) =>
    CLAIM_TYPES.map((type) => sketchPartition(table, [String(year), type])),
  );
  const archived = sketchPartition(table, ['2021', 'Auto'], '/archives/sinistres/2021_auto');
  const withoutFolder = sketchPartition(table, ['2024', 'Auto']);
  const files = function* (): Generator<LakeFile> {
    const random = new Random('sinistres');
    for (const partition of [...regular, archived]) {
      const rows = Array.from({ length: 300 }, () => claimRow(random, partition.values[0]!));
      yield linesFile(`${folderOf(partition)}/000000_0`, rows);
    }
    yield linesFile(`${folderOf(table)}/.hive-staging_hive_2024-05-31_01/_tmp.000000_0`, ['left by a job']);
    yield linesFile(`${folderOf(table)}/annee=2020/type_sinistre=Auto/000000_0`, [
      'dropped from the metastore; the files stayed',
    ]);
  };
  return { table, partitions: [archived, ...regular, withoutFolder], folders: [folderOf(table)], files };
}

function claimRow(random: Random, year: string): string {
  const town = random.pick(['Paris', 'Évry', "L'Île-d'Yeu", '']);
  const date = `${year}-${two(random.integer(1, 12))}-${two(random.integer(1, 28))}`;
  return [
    random.integer(1, 1e6),
    random.integer(1, CONTRACTS),
    date,
    random.amount(50, CONTRACTS),
    town,
    random.chance(0.2) ? 'expert à mandater' : '',
  ].join(';');
}

export function appels(): LakeTable {
  const table = sketchTable({
    database: DATABASE,
    name: 'appels',
    comment: 'Appels au centre de relation client',
    format: JSON_LINES,
    columns: [
      'id_appel string',
      'id_client bigint',
      'debut string',
      'duree_s int',
      'motif string',
      'mots_cles array<string>',
      'agent struct<id:int,site:string>',
    ],
    partitionKeys: ['jour string'],
  });
  const days = ['2024-03-01', '2024-03-02', '2024-03-03'].map((day) => sketchPartition(table, [day]));
  const files = function* (): Generator<LakeFile> {
    const random = new Random('appels');
    for (const [index, partition] of days.entries()) {
      // The first day is one file of a dozen blocks: it goes up in several parts.
      const rows = Array.from({ length: index === 0 ? 80_000 : 500 }, (_, call) =>
        callRow(random, `${partition.values[0]!}-${call}`),
      );
      yield linesFile(`${folderOf(partition)}/appels.json`, rows, 1024 * 1024);
    }
  };
  return { table, partitions: days, folders: [folderOf(table)], files };
}

function callRow(random: Random, id: string): string {
  return JSON.stringify({
    id_appel: id,
    id_client: random.integer(1, CUSTOMERS),
    debut: `${two(random.integer(8, 19))}:${two(random.integer(0, 59))}`,
    duree_s: random.integer(10, 1800),
    motif: random.pick(['résiliation', 'devis', 'sinistre', 'réclamation']),
    mots_cles: ['prix', 'délai', 'courtoisie'].filter(() => random.chance(0.4)),
    agent: { id: random.integer(1, 60), site: random.pick(['Nîmes', 'Saint-Malo']) },
  });
}

export function resiliations(): LakeTable {
  const table = sketchTable({
    database: DATABASE,
    name: 'resiliations',
    format: PARQUET,
    columns: ['id_contrat bigint', 'motif string', 'anciennete_mois int', 'score_risque double', 'a_rappeler boolean'],
    partitionKeys: ['mois string'],
  });
  const months = ['2023-11', '2023-12', '2024-01'].map((month) => sketchPartition(table, [month]));
  const files = function* (): Generator<LakeFile> {
    for (const partition of months) yield churnFile(`${folderOf(partition)}/part-00000.snappy.parquet`);
  };
  return { table, partitions: months, folders: [folderOf(table)], files };
}

function churnFile(path: string): LakeFile {
  const random = new Random(path);
  const rows = Array.from({ length: 400 }, () => random.integer(1, CONTRACTS));
  return parquetFile(path, [
    { name: 'id_contrat', type: 'INT64', data: rows.map(BigInt) },
    { name: 'motif', type: 'STRING', data: rows.map(() => random.pick(['déménagement', 'tarif', 'décès', null])) },
    { name: 'anciennete_mois', type: 'INT32', data: rows.map(() => random.integer(1, 240)) },
    { name: 'score_risque', type: 'DOUBLE', data: rows.map(() => random.next()) },
    { name: 'a_rappeler', type: 'BOOLEAN', data: rows.map(() => random.chance(0.5)) },
  ]);
}
