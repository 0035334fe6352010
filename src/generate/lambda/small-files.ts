import { datasetFolder } from '../../domain/privacy/dataset-folder.ts';
import type { TableMapping } from '../../domain/mapping.ts';
import type { Dataset, PlannedColumn } from '../../domain/privacy/dataset.ts';
import { planDataset, sourceOfTable, tableOfMapping } from '../../domain/privacy/plan-dataset.ts';
import { schemeText, type PseudonymScheme } from '../../domain/privacy/pseudonym.ts';
import { treatmentForm } from '../../domain/privacy/treatment.ts';
import { kindsOfPeople } from '../../domain/rules/personal-patterns.ts';
import { STAMP } from '../../domain/target-table.ts';
import type { Blueprint, GeneratedFile } from '../blueprint.ts';
import { takesSmallFiles } from '../names.ts';
import { prefixOf, quarantine, zoneOf } from '../places.ts';
import { pythonModules } from '../python/python-modules.ts';

/** Of a dataset's small files, beside the table that whole builds write: theirs is Parquet, these are lines of JSON. */
const SMALL_FILES = '_small_files';

/**
 * One Lambda function for each dataset whose rows come from one table of raw, line by line: its handler, its declaration and the modules that it takes along,
 * below `lambda/<dataset>/`. Its layout it learns from Glue when it runs. Throws `usage` for columns that are to be decided.
 */
export function smallFileFunctions(blueprint: Blueprint): GeneratedFile[] {
  const small = blueprint.datasets.datasets.filter((dataset) => takesSmallFiles(blueprint, dataset));
  return small.flatMap((dataset) => {
    const folder = `lambda/${dataset.name}`;
    const declaration = `${JSON.stringify(declarationOf(blueprint, dataset), null, 2)}\n`;
    return [
      { path: `${folder}/dataset.json`, text: declaration },
      { path: `${folder}/handler.py`, text: HANDLER },
      ...pythonModules(folder, ['leaks', 'rows', 'rules', 'small_files', 'treatments']),
    ];
  });
}

/** Where the function writes its rows, and lines that it cannot read. */
function placesOf(blueprint: Blueprint, { name, target }: Dataset) {
  const aside = quarantine(blueprint, { name });
  const zone = zoneOf(blueprint, target.zone);
  const table = `${target.table}${SMALL_FILES}`;
  const folder = datasetFolder(zone.prefix, { database: target.database, table });
  return {
    quarantine: { bucket: aside.zone.bucket, folder: `${prefixOf(aside)}lines/` },
    target: { bucket: zone.bucket, folder, database: target.database, table },
  };
}

function declarationOf(blueprint: Blueprint, dataset: Dataset): unknown {
  const { mapping, datasets, migration } = blueprint;
  const table = tableOfMapping(mapping, dataset.from);
  const { quarantine: aside, target } = placesOf(blueprint, dataset);
  const { columns } = planDataset(dataset, (name) => sourceOfTable(mapping, name));
  const isPseudonymised = columns.some(({ treatment }) => treatment.kind === 'pseudonymise');
  const scheme = isPseudonymised ? (datasets.pseudonyms ?? null) : null;
  return {
    dataset: dataset.name,
    mark: `${migration.id}/${dataset.name}`,
    from: { database: table.target.database, table: table.target.table },
    raw: { bucket: aside.bucket, quarantine: aside.folder },
    target: { ...target, parameters: parametersOf(blueprint, dataset, scheme) },
    pseudonyms: scheme,
    known: knownColumns(table),
    columns: columns.map(columnOf),
    where: dataset.where,
    anonymity: dataset.anonymity ?? null,
    // How many rows there are is nothing that one object could tell.
    checks: dataset.checks.filter(({ rule }) => rule !== 'row-count'),
    kindsOfPeople: [...kindsOfPeople(datasets.alsoPersonal)],
  };
}

/** All that somebody has classed, those that go included. */
function knownColumns({ columns }: TableMapping): string[] {
  return Object.entries(columns).flatMap(([name, { class: kind }]) => (kind === 'unclassified' ? [] : [name]));
}

function columnOf({ source, name, class: kind, treatment, because }: PlannedColumn): unknown {
  return { source, name, class: kind, treat: treatmentForm(treatment), because: because ?? null };
}

function parametersOf(
  { migration }: Blueprint,
  { name, anonymity }: Dataset,
  scheme: PseudonymScheme | null,
): Record<string, string> {
  return {
    [STAMP.useCase]: migration.id,
    [STAMP.source]: `small files of dataset ${migration.id}/${name}`,
    ...(scheme && { 'lakelift.pseudonyms': schemeText(scheme) }),
    ...(anonymity && { 'lakelift.k-anonymity': String(anonymity.k) }),
  };
}

const HANDLER = `"""Entry point of the function: \`handler.handler\`. What it does is said in dataset.json."""

import json
import pathlib

from lakelift_small_files import SmallFiles

handler = SmallFiles(json.loads(pathlib.Path(__file__).with_name("dataset.json").read_text(encoding="utf-8")))
`;
