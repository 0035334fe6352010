import { appels, CONTRACTS, CUSTOMERS, resiliations, sinistres } from './assurance-events.ts';
import { CSV, folderOf, linesFile, ORC, sketchTable, textFormat, type LakeFile, type LakeTable } from './lake-table.ts';
import { drawPerson } from './people.ts';
import { Random } from './random.ts';

const DATABASE = 'assurance';
const PRODUCTS = ['Auto', 'Habitation', 'Santé', 'Prévoyance', 'Vie'];

/** Contracts, customers, claims and calls: what the customer-churn use case reads. */
export function assuranceTables(): LakeTable[] {
  return [clients(), contrats(), sinistres(), appels(), resiliations(), mouvements(), contratsActifs()];
}

function clients(): LakeTable {
  const table = sketchTable({
    database: DATABASE,
    name: 'clients',
    comment: 'Clients, une ligne par personne',
    format: CSV,
    columns: [
      'id_client string',
      'nom string',
      'prenom string',
      'date_naissance string',
      'email string',
      'telephone string',
      'adresse string',
      'code_postal string',
      'commune string',
    ],
    parameters: { 'skip.header.line.count': '1' },
  });
  return { table, partitions: [], folders: [folderOf(table)], files: () => clientFiles(folderOf(table)) };
}

function* clientFiles(folder: string): Generator<LakeFile> {
  const random = new Random('clients');
  const header = 'id_client,nom,prenom,date_naissance,email,telephone,adresse,code_postal,commune';
  for (let part = 0; part < 2; part++) {
    const rows = Array.from({ length: CUSTOMERS / 2 }, (_, index) => {
      const person = drawPerson(random);
      const values = [
        person.lastName,
        person.firstName,
        person.birthDate,
        person.email,
        person.phone,
        person.street,
        person.postalCode,
        person.town,
      ];
      return [String(part * (CUSTOMERS / 2) + index + 1), ...values].map(quoted).join(',');
    });
    yield linesFile(`${folder}/clients ${part + 1}.csv`, [header, ...rows]);
  }
  yield linesFile(`${folder}/_SUCCESS`, []);
}

function quoted(value: string): string {
  return `"${value.replace(/"/g, '\\"')}"`;
}

function contrats(): LakeTable {
  const table = sketchTable({
    database: DATABASE,
    name: 'contrats',
    comment: "Contrats d'assurance",
    format: textFormat({
      'serialization.format': '1',
      'field.delim': '\u0001',
      'colelction.delim': '\u0002',
      'mapkey.delim': '\u0003',
    }),
    columns: [
      'id_contrat bigint -- numéro de contrat',
      'id_client bigint',
      'produit string',
      'date_effet date',
      'date_fin date',
      'prime_annuelle decimal(10,2) -- en euros, TTC',
      'garanties array<string>',
      'options map<string,string>',
      'commentaire string',
    ],
    parameters: { numFiles: '3', numRows: '9000', totalSize: '0', COLUMN_STATS_ACCURATE: '{"BASIC_STATS":"true"}' },
  });
  return { table, partitions: [], folders: [folderOf(table)], files: () => contractFiles(folderOf(table)) };
}

function* contractFiles(folder: string): Generator<LakeFile> {
  const random = new Random('contrats');
  for (let part = 0; part < 3; part++) {
    const rows = Array.from({ length: CONTRACTS / 3 }, (_, index) =>
      contractRow(random, part * (CONTRACTS / 3) + index + 1),
    );
    yield linesFile(`${folder}/00000${part}_0`, rows);
  }
  // Empty files are what Hive leaves for reducers that had nothing to write.
  yield linesFile(`${folder}/000003_0`, []);
}

function contractRow(random: Random, id: number): string {
  const ends = random.chance(0.3) ? random.date(2022, 2024) : '\\N';
  const guarantees = ['vol', 'incendie', 'bris de glace', 'dégât des eaux'].filter(() => random.chance(0.5));
  const remark = random.chance(0.1) ? 'à rappeler – déménage à Orléans' : random.chance(0.5) ? '' : '\\N';
  return [
    id,
    random.integer(1, CUSTOMERS),
    random.pick(PRODUCTS),
    random.date(2015, 2023),
    ends,
    random.amount(80, 2400),
    guarantees.join('\u0002'),
    `franchise\u0003${random.integer(0, 5) * 50}\u0002bonus\u00030.${random.integer(50, 99)}`,
    remark,
  ].join('\u0001');
}

/** A full ACID table. Its delta file holds no real ORC: nothing may read the files of such a table but Hive itself. */
function mouvements(): LakeTable {
  const table = sketchTable({
    database: DATABASE,
    name: 'mouvements',
    type: 'MANAGED_TABLE',
    format: ORC,
    columns: ['id_contrat bigint', 'operation string', 'horodatage timestamp'],
    parameters: { transactional: 'true', transactional_properties: 'default' },
  });
  const files = () => [linesFile(`${folderOf(table)}/delta_0000001_0000001_0000/bucket_00000`, ['ORC'])];
  return { table, partitions: [], folders: [folderOf(table)], files };
}

function contratsActifs(): LakeTable {
  const table = sketchTable({
    database: DATABASE,
    name: 'v_contrats_actifs',
    type: 'VIRTUAL_VIEW',
    format: textFormat({}),
    columns: ['id_contrat bigint', 'id_client bigint', 'produit string'],
    viewText: 'SELECT `id_contrat`, `id_client`, `produit` FROM `assurance`.`contrats` WHERE `date_fin` IS NULL',
  });
  return { table, partitions: [], folders: [], files: () => [] };
}
