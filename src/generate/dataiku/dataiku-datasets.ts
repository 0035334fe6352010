import { columnSummary } from '../../domain/privacy/plan-columns.ts';
import { planDatasets } from '../../domain/privacy/plan-datasets.ts';
import type { PlannedDataset } from '../../domain/privacy/planned-dataset.ts';
import type { Blueprint, GeneratedFile } from '../blueprint.ts';
import { jsonFile, type Json } from '../json-file.ts';
import { prefixOf, targetOf } from '../places.ts';
import { pythonModules } from '../python/python-modules.ts';

/**
 * Datasets that `dataiku` consumes, as Dataiku is to have them, and a script on its official client. Dataiku reads the objects themselves, past Lake
 * Formation: what it must not see is not in them.
 */
export function dataikuDatasets(blueprint: Blueprint): GeneratedFile[] {
  const consumed = planDatasets(blueprint.datasets.datasets, blueprint.mapping).filter(({ dataset }) =>
    dataset.consumers.includes('dataiku'),
  );
  if (consumed.length === 0) return [];
  return [
    jsonFile('dataiku/datasets.json', { datasets: consumed.map((planned) => datasetOf(blueprint, planned)) }),
    ...pythonModules('dataiku', ['dataiku']),
  ];
}

function datasetOf(blueprint: Blueprint, { dataset, output }: PlannedDataset): Json {
  const { folder } = targetOf(blueprint, dataset);
  return {
    name: dataset.target.table,
    bucket: folder.zone.bucket,
    path: `/${prefixOf(folder).replace(/\/$/, '')}`,
    formatType: 'parquet',
    partitions: dataset.partitions,
    // Partitions are told by folders alone, spelled as Hive spells them.
    filePathPattern: `/${dataset.partitions.map((name) => `${name}=%{${name}}/`).join('')}.*`,
    description: dataset.purpose ?? blueprint.migration.purpose ?? '',
    tags: ['lakelift', `lakelift:${blueprint.migration.id}`, ...dataset.legalBasis.map((basis) => `art. ${basis}`)],
    columns: Object.fromEntries(output.map((column) => [column.name, columnSummary(column)])),
  };
}
