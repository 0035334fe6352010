import { LAKE_TIME_MS, linesFile, type LakeFile } from './lake-table.ts';
import { Random } from './random.ts';
import { employees } from './rh.ts';

const DSN_FOLDER = '/data/rh/dsn';

/**
 * Monthly DSN declarations as they arrive: one rubric a line, `code,'value'`, ISO-8859-1, CRLF, the count of rubrics at the end.
 * Invented people and an employer that does not exist; S10.G00.00.005 = 01 marks a test.
 */
export function* dsnFiles(): Generator<LakeFile> {
  const staff = employees();
  for (const [index, month] of ['01', '02', '03'].entries()) {
    for (let establishment = 1; establishment <= 4; establishment++) {
      const members = staff.filter((_, person) => person % 4 === establishment - 1);
      const path = `${DSN_FOLDER}/2024/${month}/DSN_00000000${establishment}_2024${month}.dsn`;
      yield declaration(path, `01${month}2024`, members, new Random(`${index}/${establishment}`));
    }
  }
  yield declaration(
    `${DSN_FOLDER}/2024/03/annule & remplace n°2 (50%).dsn`,
    '01032024',
    staff.slice(0, 5),
    new Random('annule'),
  );
  yield linesFile(`${DSN_FOLDER}/2024/_recu.csv`, ['fichier;recu_le', 'DSN_000000001_202401.dsn;2024-02-05']);
}

function declaration(path: string, month: string, members: ReturnType<typeof employees>, random: Random): LakeFile {
  const rubrics: [string, string][] = [
    ['S10.G00.00.001', 'lakelift'],
    ['S10.G00.00.005', '01'],
    ['S10.G00.00.006', 'P24V01'],
    ['S20.G00.05.001', '01'],
    ['S20.G00.05.005', month],
    ['S21.G00.06.001', '000000000'],
    ...members.flatMap(({ matricule, person }) => individual(matricule, person, random)),
  ];
  rubrics.push(['S90.G00.90.001', String(rubrics.length + 2)], ['S90.G00.90.002', '1']);
  const text = rubrics.map(([code, value]) => `${code},'${value}'\r\n`).join('');
  return { path, content: Buffer.from(text, 'latin1'), modifiedAtMs: LAKE_TIME_MS };
}

function individual(
  matricule: string,
  person: ReturnType<typeof employees>[number]['person'],
  random: Random,
): [string, string][] {
  const [year = '', month = '', day = ''] = person.birthDate.split('-');
  const rubrics: [string, string][] = [
    ['S21.G00.30.001', person.nir],
    ['S21.G00.30.002', latin1(person.lastName)],
    ['S21.G00.30.004', latin1(person.firstName)],
    ['S21.G00.30.005', person.isWoman ? '02' : '01'],
    ['S21.G00.30.006', `${day}${month}${year}`],
    ['S21.G00.30.019', matricule],
    ['S21.G00.50.002', random.amount(1800, 6200)],
    ['S21.G00.50.006', random.amount(0, 30)],
  ];
  if (random.chance(0.1))
    rubrics.push(['S21.G00.60.001', random.pick(['01', '02', '06'])], ['S21.G00.60.002', '15022024']);
  return rubrics;
}

/** The characters that ISO-8859-1 has; declarations spell the others without. */
function latin1(name: string): string {
  return name.replace(/œ/g, 'oe').replace(/ễ/g, 'e');
}
