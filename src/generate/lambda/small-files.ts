import { findDsnBlock } from '../../domain/dsn/dsn-block.ts';
import { anonymityParameters } from '../../domain/privacy/anonymity-parameters.ts';
import { datasetFolder, SMALL_FILES } from '../../domain/privacy/dataset-folder.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import { planDataset, sourceOfTable, tableOfMapping } from '../../domain/privacy/plan-dataset.ts';
import type { PlannedKey, PlannedSource } from '../../domain/privacy/planned-dataset.ts';
import { schemeText, type PseudonymScheme } from '../../domain/privacy/pseudonym.ts';
import { treatmentForm } from '../../domain/privacy/treatment.ts';
import { canLeak, scrutinyOf } from '../../domain/privacy/can-leak.ts';
import { STAMP } from '../../domain/target-table.ts';
import type { Blueprint, GeneratedFile } from '../blueprint.ts';
import { jsonFile, type Json } from '../json-file.ts';
import { takesSmallFiles } from '../names.ts';
import { dsnFolder, namesOf, prefixOf, quarantine, zoneOf } from '../places.ts';
import { dsnNormModule } from '../python/dsn-norm.ts';
import { pythonModules } from '../python/python-modules.ts';

/**
 * One Lambda function for each dataset whose rows come from one table of raw, line by line, or from DSN files, one by one: its handler, its declaration and the
 * modules that it takes along, below `lambda/<dataset>/`. How a table is laid out it learns from Glue when it runs. Throws `usage` for columns that are to be
 * decided.
 */
export function smallFileFunctions(blueprint: Blueprint): GeneratedFile[] {
  const small = blueprint.datasets.datasets.filter((dataset) => takesSmallFiles(blueprint, dataset));
  return small.flatMap((dataset) => {
    const folder = `lambda/${dataset.name}`;
    const isDsn = findDsnBlock(blueprint.mapping, dataset.from) !== undefined;
    return [
      jsonFile(`${folder}/dataset.json`, declarationOf(blueprint, dataset)),
      { path: `${folder}/handler.py`, text: handler(isDsn ? 'DsnFiles' : 'TableFiles') },
      ...pythonModules(folder, ['leaks', 'rules', 'small_files', 'treatments']),
      ...(isDsn
        ? [...pythonModules(folder, ['dsn', 'dsn_files']), dsnNormModule(folder)]
        : pythonModules(folder, ['rows', 'table_files'])),
    ];
  });
}

/** Where the function writes its rows, as lines of JSON beside the Parquet of whole builds, and lines that it cannot read. */
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

function declarationOf(blueprint: Blueprint, dataset: Dataset): Json {
  const { mapping, datasets, migration } = blueprint;
  const { quarantine: aside, target } = placesOf(blueprint, dataset);
  const planned = planDataset(dataset, (name) => sourceOfTable(mapping, name));
  const isPseudonymised = [planned.from, ...planned.joins.map(({ source }) => source)].some(({ columns, keys }) =>
    [...columns, ...keys].some(({ treatment }) => treatment.kind === 'pseudonymise'),
  );
  const scheme = datasets.pseudonyms ?? null;
  const names = namesOf(blueprint, dataset);
  return {
    dataset: dataset.name,
    mark: `${migration.id}/${dataset.name}`,
    from: originOf(blueprint, dataset),
    raw: { bucket: aside.bucket, quarantine: aside.folder },
    // Objects are named by the key of pseudonyms, also where no column becomes one.
    namesKey: scheme === null ? { bucket: names.zone.bucket, key: `${prefixOf(names)}key` } : null,
    target: { ...target, parameters: parametersOf(blueprint, dataset, isPseudonymised ? scheme : null) },
    pseudonyms: scheme,
    isPseudonymised,
    source: sourceOf(blueprint, planned.from),
    joins: planned.joins.map(({ kind, on, source }) => ({
      kind,
      on: on.map(({ here, there }) => [here, there]),
      source: sourceOf(blueprint, source),
    })),
    anonymity: dataset.anonymity ?? null,
    // How many rows there are is nothing that one object could tell.
    checks: dataset.checks.filter(({ rule }) => rule !== 'row-count'),
  };
}

/** Where its objects come from: a table of Glue with the columns that somebody has classed, those that go included, or a folder of DSN files. */
function originOf(blueprint: Blueprint, { from }: Dataset): Json {
  const block = findDsnBlock(blueprint.mapping, from);
  if (block !== undefined) {
    const folder = dsnFolder(blueprint, block);
    return { bucket: folder.zone.bucket, folder: prefixOf(folder) };
  }
  const { target, columns } = tableOfMapping(blueprint.mapping, from);
  const known = Object.entries(columns).flatMap(([name, { class: kind }]) => (kind === 'unclassified' ? [] : [name]));
  return { database: target.database, table: target.table, known };
}

/** Rows of a table, or of a block by its code; of columns in which nothing can be left in clear `searchedFor` is null. */
function sourceOf({ mapping, datasets }: Blueprint, { name, where, columns, keys }: PlannedSource): Json {
  return {
    name: findDsnBlock(mapping, name)?.table.block ?? name,
    where,
    columns: columns.map((column) => ({
      ...keyOf(column),
      class: column.class,
      searchedFor: canLeak(column) ? scrutinyOf(column, datasets.validByChance) : null,
    })),
    keys: keys.map(keyOf),
  };
}

function keyOf({ source, name, treatment, read }: PlannedKey): Json {
  const typed = read && { type: { ...read.reading, form: read.form, severity: read.severity } };
  return { source, name, treat: treatmentForm(treatment), ...typed };
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
    ...(anonymity && anonymityParameters(anonymity)),
  };
}

function handler(files: 'DsnFiles' | 'TableFiles'): string {
  const module = files === 'DsnFiles' ? 'lakelift_dsn_files' : 'lakelift_table_files';
  return `"""Entry point of the function: \`handler.handler\`. What it does is said in dataset.json."""

import json
import pathlib

from ${module} import ${files}
from lakelift_small_files import SmallFiles

declaration = json.loads(pathlib.Path(__file__).with_name("dataset.json").read_text(encoding="utf-8"))
handler = SmallFiles(declaration, ${files})
`;
}
