import {
  folderOf,
  linesFile,
  PARQUET,
  sketchPartition,
  sketchTable,
  textFormat,
  type LakeFile,
  type LakeTable,
} from './lake-table.ts';
import { parquetFile } from './parquet-file.ts';
import { drawPerson } from './people.ts';
import { Random } from './random.ts';

const DATABASE = 'rh';
const EMPLOYEES = 800;

/** Employees, monthly DSN lines and sick leaves: what the absences use case reads. */
export function rhTables(): LakeTable[] {
  return [salaries(), dsnSalarie(), arretTravail(), absencesPrevues()];
}

/** The same people in every table and in the DSN files. */
export function employees(): { readonly matricule: string; readonly person: ReturnType<typeof drawPerson> }[] {
  const random = new Random('salaries');
  return Array.from({ length: EMPLOYEES }, (_, index) => ({
    matricule: `M${String(index + 1).padStart(5, '0')}`,
    person: drawPerson(random),
  }));
}

function salaries(): LakeTable {
  const table = sketchTable({
    database: DATABASE,
    name: 'salaries',
    comment: 'Référentiel des salariés',
    format: textFormat({ 'serialization.format': '\t', 'field.delim': '\t' }),
    columns: [
      'matricule string',
      'nir string -- 13 caractères, sans clé',
      'nom string',
      'prenom string',
      'sexe char(1)',
      'date_naissance date',
      'code_postal varchar(5)',
      'date_embauche date',
      'service string',
      'taux_pas decimal(4,2) -- taux de prélèvement à la source',
    ],
  });
  const files = function* (): Generator<LakeFile> {
    const random = new Random('contrats de travail');
    const rows = employees().map(({ matricule, person }) =>
      [
        matricule,
        person.nir,
        person.lastName,
        person.firstName,
        person.isWoman ? 'F' : 'M',
        person.birthDate,
        person.postalCode,
        random.date(2001, 2023),
        random.pick(['Sinistres', 'Qualité', 'Réseau', 'DSI', '\\N']),
        random.amount(0, 30),
      ].join('\t'),
    );
    yield linesFile(`${folderOf(table)}/salaries.tsv`, rows);
  };
  return { table, partitions: [], folders: [folderOf(table)], files };
}

function dsnSalarie(): LakeTable {
  const table = sketchTable({
    database: DATABASE,
    name: 'dsn_salarie',
    comment: 'Lignes individuelles des DSN mensuelles',
    format: PARQUET,
    columns: [
      'matricule string',
      'nir string',
      'siret string',
      'nature_contrat string',
      'brut double',
      'heures double',
      'rang int',
    ],
    partitionKeys: ['mois_declaration string'],
  });
  const months = ['2024-01', '2024-02', '2024-03'].map((month) => sketchPartition(table, [month]));
  const files = function* (): Generator<LakeFile> {
    for (const partition of months) yield dsnFile(`${folderOf(partition)}/part-00000.snappy.parquet`);
  };
  return { table, partitions: months, folders: [folderOf(table)], files };
}

function dsnFile(path: string): LakeFile {
  const random = new Random(path);
  const staff = employees();
  return parquetFile(path, [
    { name: 'matricule', type: 'STRING', data: staff.map(({ matricule }) => matricule) },
    { name: 'nir', type: 'STRING', data: staff.map(({ person }) => person.nir) },
    { name: 'siret', type: 'STRING', data: staff.map(() => '00000000000000') },
    { name: 'nature_contrat', type: 'STRING', data: staff.map(() => random.pick(['01', '02', '29'])) },
    { name: 'brut', type: 'DOUBLE', data: staff.map(() => random.integer(180_000, 620_000) / 100) },
    { name: 'heures', type: 'DOUBLE', data: staff.map(() => random.pick([151.67, 121.33])) },
    { name: 'rang', type: 'INT32', data: staff.map((_, index) => index + 1) },
  ]);
}

function arretTravail(): LakeTable {
  const table = sketchTable({
    database: DATABASE,
    name: 'arret_travail',
    comment: 'Arrêts de travail',
    format: textFormat({ 'serialization.format': '|', 'field.delim': '|', 'escape.delim': '\\' }),
    columns: [
      'matricule string',
      'nir string',
      'date_debut date',
      'date_fin date',
      'motif_arret string -- nomenclature DSN S21.G00.60.001',
      'subrogation boolean',
      'medecin_rpps string',
      'commentaire string',
    ],
    partitionKeys: ['annee int', 'mois int'],
  });
  const partitions = [1, 2, 3].map((month) => sketchPartition(table, ['2024', String(month)]));
  // Written by another tool, in its own spelling of the keys: the metastore knows it by its location.
  const camelCase = sketchPartition(table, ['2023', '12'], `${folderOf(table)}/Annee=2023/Mois=12`);
  const files = function* (): Generator<LakeFile> {
    const random = new Random('arret_travail');
    const staff = employees();
    for (const partition of [camelCase, ...partitions]) {
      const rows = Array.from({ length: 250 }, () => leaveRow(random, staff));
      yield linesFile(`${folderOf(partition)}/000000_0`, rows);
    }
  };
  return { table, partitions: [camelCase, ...partitions], folders: [folderOf(table)], files };
}

function leaveRow(random: Random, staff: ReturnType<typeof employees>): string {
  const { matricule, person } = random.pick(staff);
  const remark = random.chance(0.2) ? 'prolongation \\| à vérifier' : '\\N';
  const doctor = String(random.integer(1e10, 1.09e10));
  return [
    matricule,
    person.nir,
    random.date(2024, 2024),
    random.date(2024, 2024),
    random.pick(['01', '02', '05', '06']),
    random.chance(0.5),
    doctor,
    remark,
  ].join('|');
}

/** An empty table: its folder is there, and nothing in it. */
function absencesPrevues(): LakeTable {
  const table = sketchTable({
    database: DATABASE,
    name: 'absences_prevues',
    format: textFormat({ 'serialization.format': '1' }),
    columns: ['matricule string', 'jour date', 'nature string'],
  });
  return { table, partitions: [], folders: [folderOf(table)], files: () => [] };
}
