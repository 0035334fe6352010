import { expect, it } from 'vitest';
import { dataikuDatasets } from '../../../src/generate/dataiku/dataiku-datasets.ts';
import { blueprintOf } from '../blueprint.ts';

it('tells Dataiku what was done to a column before, and of figures how they were summed up', async () => {
  const [{ text } = { text: '' }] = dataikuDatasets(await blueprintOf('absences'));
  const { datasets } = JSON.parse(text) as { datasets: { name: string; columns: Record<string, string> }[] };
  expect(datasets.find(({ name }) => name === 'absences_par_departement')?.columns).toMatchObject({
    departement: 'quasi-identifier, department',
    arrets: 'technical, count',
    premier_mois: 'quasi-identifier, min',
  });
});
