import { dsnText, type DsnMember } from './dsn-declaration.ts';
import { LAKE_TIME_MS, linesFile, type LakeFile } from './lake-table.ts';
import { Random } from './random.ts';
import { employees } from './rh.ts';

const DSN_FOLDER = '/data/rh/dsn';

/** Monthly DSN declarations as they arrive, and a list of them that is none. */
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

function declaration(path: string, month: string, members: readonly DsnMember[], random: Random): LakeFile {
  const content = Buffer.from(dsnText([{ month, members }], random), 'latin1');
  return { path, content, modifiedAtMs: LAKE_TIME_MS };
}
