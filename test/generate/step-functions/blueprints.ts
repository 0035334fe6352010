import type { Blueprint } from '../../../src/generate/blueprint.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { blueprintOf } from '../blueprint.ts';

const absences = await blueprintOf('absences');

/** None is made of DSN files; `maladie` can be made of small files; `suivi` is made of it and of `salaries`. */
export const BLUEPRINT: Blueprint = {
  ...absences,
  datasets: {
    ...absences.datasets,
    datasets: [
      aDataset({
        name: 'suivi',
        from: 'maladie',
        target: { zone: 'refined', database: 'refined_rh', table: 'suivi' },
        joins: [
          { with: 'salaries', kind: 'left', on: { matricule: 'matricule' }, where: [], columns: { service: {} } },
        ],
      }),
      ...absences.datasets.datasets.filter(({ from }) => from.startsWith('rh.')),
      aDataset({
        name: 'maladie',
        from: 'rh.absences_prevues',
        columns: { jour: { treat: 'month', as: 'mois' }, nature: { treat: 'drop' } },
      }),
    ],
  },
};
