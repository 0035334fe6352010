import { expect, it } from 'vitest';
import type { Join } from '../../../src/domain/privacy/dataset.ts';
import { rebaseOf } from '../../../src/generate/glue/calendar.ts';
import { glueJobs } from '../../../src/generate/glue/glue-jobs.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { blueprintOf } from '../blueprint.ts';

const absences = await blueprintOf('absences');
const { tables } = absences.mapping;
const mapping = {
  ...absences.mapping,
  tables: {
    ...tables,
    'rh.salaries': { ...tables['rh.salaries']!, calendar: 'keep' as const },
    'rh.dsn_salarie': { ...tables['rh.dsn_salarie']!, calendar: 'keep' as const, storage: 'convert' as const },
  },
};
const joined = (other: string): Join => ({ with: other, kind: 'left', on: { nir: 'nir' }, where: [], columns: {} });

it.each([
  ['as they stand', 'rh.arret_travail', [], 'CORRECTED'],
  ['by the calendar of then, where the mapping says so', 'rh.salaries', [], 'LEGACY'],
  ['as they stand where the table is converted: its days are kept', 'rh.dsn_salarie', [], 'CORRECTED'],
  ['by the calendar of then beside DSN files, which are text', 'rh.salaries', ['dsn_rh.individu'], 'LEGACY'],
] as const)('days are read %s', (_, from, others, expected) => {
  expect(rebaseOf({ mapping }, aDataset({ from, joins: others.map(joined) }))).toBe(expected);
});

it('is not decided in silence where one job would read two calendars', () => {
  const mixed = aDataset({ from: 'rh.salaries', joins: [joined('rh.arret_travail')] });
  expect(() => rebaseOf({ mapping }, mixed)).toThrow(
    expect.objectContaining({ kind: 'usage', code: 'DATASET_CALENDARS' }) as Error,
  );
});

it('stands in the job itself, so that whatever starts it says nothing of it', () => {
  const { datasets } = absences.datasets;
  const jobs = glueJobs({
    ...absences,
    mapping,
    datasets: { ...absences.datasets, datasets: [datasets[0]!, datasets[1]!] },
  });
  const texts = new Map(jobs.map(({ path, text }) => [path, text]));
  expect(texts.get('glue/salaries.py')).toContain('    rebase="LEGACY",\n)');
  expect(texts.get('glue/arrets.py')).not.toContain('rebase');
});
