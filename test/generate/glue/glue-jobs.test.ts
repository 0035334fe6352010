import { expect, it } from 'vitest';
import type { TableMapping } from '../../../src/domain/mapping.ts';
import { glueJobs } from '../../../src/generate/glue/glue-jobs.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { smallMapping } from '../../steps/zones/small-lake.ts';
import { blueprintOf } from '../blueprint.ts';

const absences = await blueprintOf('absences');
const TABLE = { types: {}, columns: { id: { class: 'technical' }, jour: { class: 'technical' } }, lines: [] } as const;
const { tables } = smallMapping({ 'rh.today': TABLE, 'rh.then': TABLE, 'rh.int96': TABLE, 'rh.converted': TABLE });
const answered = (name: string, answer: Partial<TableMapping>) => ({ [name]: { ...tables[name]!, ...answer } });
const mapping = {
  ...absences.mapping,
  tables: {
    ...tables,
    ...answered('rh.then', { calendar: 'keep' }),
    ...answered('rh.int96', { calendar: 'keep-int96' }),
    ...answered('rh.converted', { calendar: 'keep', storage: 'convert' }),
  },
};

/** How the job of a dataset reads each table that it is made of. */
function readings(from: string, ...others: string[]): string[] {
  const joins = others.map(
    (other) => ({ with: other, kind: 'left', on: { id: 'id' }, where: [], columns: {} }) as const,
  );
  const dataset = aDataset({ from, joins });
  const [job] = glueJobs({ ...absences, mapping, datasets: { useCase: 'absences', datasets: [dataset] } });
  return [...job!.text.matchAll(/job\.table\("rh\.(\w+)", "[^"]+", \[[^\]]*\](.*)\)/g)].map(
    ([, name, modes]) => `${name}${modes}`,
  );
}

it.each([
  ['as they stand', 'rh.today', 'today'],
  ['by the calendar of then, where the mapping says so', 'rh.then', 'then, rebase="LEGACY", int96="LEGACY"'],
  ['as they stand beside instants of twelve bytes of then', 'rh.int96', 'int96, int96="LEGACY"'],
  ['as they stand where the table is converted: its days are kept', 'rh.converted', 'converted'],
])('days are read %s', (_, from, expected) => {
  expect(readings(from)).toEqual([expected]);
});

it('each table is read by its own calendar, whichever are joined', () => {
  const read = readings('rh.today', 'rh.then', 'rh.int96');
  expect(read).toEqual(['today', 'then, rebase="LEGACY", int96="LEGACY"', 'int96, int96="LEGACY"']);
});
