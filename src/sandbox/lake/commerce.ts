import {
  folderOf,
  JSON_LINES,
  linesFile,
  sketchPartition,
  sketchTable,
  textFormat,
  type LakeFile,
  type LakeTable,
} from './lake-table.ts';
import { drawPerson } from './people.ts';
import { Random, two } from './random.ts';

const DATABASE = 'commerce';
const PROSPECTS = 1500;

/** Prospects, visits and portfolios of the sales force: what the field-sales use case reads. */
export function commerceTables(): LakeTable[] {
  return [prospects(), visites(), portefeuille()];
}

function prospects(): LakeTable {
  const table = sketchTable({
    database: DATABASE,
    name: 'prospects',
    comment: 'Prospects du réseau',
    format: textFormat({ 'serialization.format': ';', 'field.delim': ';' }),
    columns: [
      'id_prospect bigint',
      'nom string',
      'prenom string',
      'email string',
      'telephone string',
      'code_postal string',
      'commune string',
      'besoin string',
      'score int',
    ],
    parameters: { 'skip.header.line.count': '1' },
  });
  const files = function* (): Generator<LakeFile> {
    const random = new Random('prospects');
    const rows = Array.from({ length: PROSPECTS }, (_, index) => {
      const { lastName, firstName, email, phone, postalCode, town } = drawPerson(random);
      return [
        index + 1,
        lastName,
        firstName,
        email,
        phone,
        postalCode,
        town,
        random.pick(['Auto', 'Santé', '\\N']),
        random.integer(0, 100),
      ].join(';');
    });
    yield linesFile(`${folderOf(table)}/prospects.txt`, [
      'id;nom;prenom;email;telephone;cp;commune;besoin;score',
      ...rows,
    ]);
  };
  return { table, partitions: [], folders: [folderOf(table)], files };
}

function visites(): LakeTable {
  const table = sketchTable({
    database: DATABASE,
    name: 'visites',
    format: JSON_LINES,
    columns: [
      'id_visite bigint',
      'id_prospect bigint',
      'id_commercial int',
      'date_visite string',
      'position struct<lat:double,lon:double>',
      'compte_rendu string',
    ],
    partitionKeys: ['annee string', 'mois string'],
  });
  const months = Array.from({ length: 12 }, (_, index) => sketchPartition(table, ['2023', two(index + 1)]));
  const files = function* (): Generator<LakeFile> {
    const random = new Random('visites');
    for (const partition of months) {
      // Many small files, as an hourly job leaves them.
      for (let hour = 0; hour < 12; hour++) {
        const rows = Array.from({ length: 8 }, () => visitRow(random, partition.values[1]!));
        yield linesFile(`${folderOf(partition)}/visites-${two(hour)}h.json`, rows);
      }
    }
  };
  return { table, partitions: months, folders: [folderOf(table)], files };
}

function visitRow(random: Random, month: string): string {
  return JSON.stringify({
    id_visite: random.integer(1, 1e6),
    id_prospect: random.integer(1, PROSPECTS),
    id_commercial: random.integer(1, 40),
    date_visite: `2023-${month}-${two(random.integer(1, 28))}`,
    position: { lat: 43 + random.next() * 7, lon: random.next() * 6 },
    compte_rendu: random.pick(['intéressé, à revoir', 'absent', 'a déjà signé ailleurs', 'rendez-vous « Noël »']),
  });
}

function portefeuille(): LakeTable {
  const table = sketchTable({
    database: DATABASE,
    name: 'portefeuille',
    comment: 'Portefeuille de chaque commercial',
    format: textFormat({ 'serialization.format': '1', 'collection.delim': ',', 'mapkey.delim': ':' }),
    columns: ['id_commercial int', 'secteur string', 'contrats array<bigint>', 'objectifs map<string,decimal(9,2)>'],
  });
  const files = function* (): Generator<LakeFile> {
    const random = new Random('portefeuille');
    const rows = Array.from({ length: 40 }, (_, index) => {
      const contracts = Array.from({ length: random.integer(0, 30) }, () => random.integer(1, 9000));
      return [
        index + 1,
        random.pick(['Nord', 'Île-de-France', 'Sud-Est']),
        contracts.join(','),
        `auto:${random.amount(10, 500)},vie:${random.amount(10, 500)}`,
      ].join('\u0001');
    });
    yield linesFile(`${folderOf(table)}/000000_0`, rows);
  };
  return { table, partitions: [], folders: [folderOf(table)], files };
}
