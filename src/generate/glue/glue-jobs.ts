import { anonymityParameters } from '../../domain/privacy/anonymity-parameters.ts';
import { datasetFolder, SMALL_FILES } from '../../domain/privacy/dataset-folder.ts';
import { canLeak, scrutinyOf } from '../../domain/privacy/can-leak.ts';
import { sourceOfDataset, sourceOfTable, tableOfMapping } from '../../domain/privacy/plan-dataset.ts';
import { planDatasets } from '../../domain/privacy/plan-datasets.ts';
import { findDsnBlock } from '../../domain/dsn/dsn-block.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import { dsnSources } from '../../domain/privacy/dsn-sources.ts';
import type { TableMapping } from '../../domain/mapping.ts';
import type { PlannedDataset, PlannedSource } from '../../domain/privacy/planned-dataset.ts';
import { schemeText } from '../../domain/privacy/pseudonym.ts';
import { rawCalendars } from '../../domain/privacy/raw-calendars.ts';
import type { Scrutiny } from '../../domain/rules/personal-values.ts';
import { STAMP } from '../../domain/target-table.ts';
import type { Calendar } from '../../domain/writer-marks/writer-marks.ts';
import type { Blueprint, GeneratedFile } from '../blueprint.ts';
import { takesSmallFiles } from '../names.ts';
import { dsnFolder, namesOf, prefixOf, quarantine, targetOf, zoneOf, type Folder } from '../places.ts';
import { DSN_NORM, dsnNormModule } from '../python/dsn-norm.ts';
import { pythonModules, type PythonModule } from '../python/python-modules.ts';
import { call, literal } from './python-text.ts';
import { checkLine, filterText, measureText, treatedColumn, unreadableLines } from './job-lines.ts';

const MODULES = ['job', 'leaks', 'treatments'] as const;

/** Modules that every job takes along (`--extra-py-files`): where datasets have functions, what clears up beside them; of DSN files, what reads them, and what the norm says of their blocks. */
export function jobModules(blueprint: Blueprint): readonly string[] {
  return readsDsn(blueprint) ? [...modulesOf(blueprint), DSN_NORM] : modulesOf(blueprint);
}

function modulesOf(blueprint: Blueprint): PythonModule[] {
  const hasFunctions = blueprint.datasets.datasets.some((dataset) => takesSmallFiles(blueprint, dataset));
  return [
    ...MODULES,
    ...(hasFunctions ? (['beside'] as const) : []),
    ...(readsDsn(blueprint) ? (['dsn'] as const) : []),
  ];
}

function readsDsn({ datasets, mapping }: Blueprint): boolean {
  return dsnSources(datasets.datasets, mapping).size > 0;
}

/** Spark 3.5 and Python 3.11. Glue 6.0 has Spark 4, whose casts fail where those of 3.5 give NULL; the jobs turn that off. */
const GLUE_VERSION = '5.1';

/**
 * One PySpark job for each dataset, as `zones build` makes it: `glue/<dataset>.py`, and beside them the modules that all take along. Throws `usage` for what is to
 * be decided.
 */
export function glueJobs(blueprint: Blueprint): GeneratedFile[] {
  const { datasets, mapping } = blueprint;
  const planned = planDatasets(datasets.datasets, mapping);
  const jobs = planned.map((one) => ({ path: `glue/${one.dataset.name}.py`, text: jobText(blueprint, one, planned) }));
  const modules = pythonModules('glue', modulesOf(blueprint));
  return [...jobs, ...modules, ...(readsDsn(blueprint) ? [dsnNormModule('glue')] : [])];
}

function jobText(blueprint: Blueprint, planned: PlannedDataset, all: readonly PlannedDataset[]): string {
  const { dataset, joins, columns, output } = planned;
  const { anonymity, aggregate, partitions } = dataset;
  const context = { blueprint, all, dataset };
  const body = [
    ...sourceLines('rows', planned.from, context),
    ...joins.flatMap(({ source, kind, on }, at) => {
      const equal = on.map(({ here, there }) => `(F.col(${literal(here)}) == F.col(${literal(there)}))`).join(' & ');
      return [
        ...sourceLines(`other_${at + 1}`, source, context),
        `rows = rows.join(other_${at + 1}, ${equal}, ${literal(kind)})`,
      ];
    }),
    `rows = job.kept(rows.select(${columns.map(({ name }) => literal(name)).join(', ')}))`,
    ...(anonymity === undefined
      ? ['job.count(rows)']
      : [
          `rows = ${call('job.anonymous', ['rows'], {
            over: anonymity.over,
            k: anonymity.k,
            on_failure: anonymity.onFailure,
            of: anonymity.of,
            diversity: anonymity.diversity && [anonymity.diversity.of, anonymity.diversity.l],
            blank: anonymity.blank,
          })}`,
        ]),
    ...(aggregate === undefined ? [] : summedLines(planned, aggregate.by)),
    `rows = rows.select(${output.map(({ name }) => literal(name)).join(', ')})`,
    ...dataset.checks.map(checkLine),
    `job.refuse_leaks(rows, ${literal(searched(planned, blueprint.datasets.validByChance))})`,
    `job.write(rows, ${literal(partitions)})`,
  ];
  const lines = body.join('\n');
  return `${headOf(blueprint, planned, lines)}\n\n${lines}\n`;
}

function summedLines({ measures }: PlannedDataset, by: readonly string[]): string[] {
  const figures = measures.map(({ name, measure }) => `    ${measureText(measure)}.alias(${literal(name)}),`);
  return [`rows = rows.groupBy(${by.map(literal).join(', ')}).agg(`, ...figures, ')'];
}

/** Columns to look into, and for what. */
function searched({ output }: PlannedDataset, validByChance: string | undefined): Record<string, Scrutiny> {
  return Object.fromEntries(output.filter(canLeak).map((column) => [column.name, scrutinyOf(column, validByChance)]));
}

interface SourceContext {
  readonly blueprint: Blueprint;
  readonly all: readonly PlannedDataset[];
  readonly dataset: Dataset;
}

function sourceLines(variable: string, source: PlannedSource, context: SourceContext): string[] {
  const selected = [...source.columns, ...source.keys];
  return [
    readLine(variable, source.name, context),
    ...source.where.map((filter) => `${variable} = ${variable}.where(${filterText(variable, filter)})`),
    ...unreadableLines(variable, selected),
    `${variable} = ${variable}.select(`,
    ...selected.map((column) => `    ${treatedColumn(variable, column)},`),
    ')',
  ];
}

/** Rows of a table, of a dataset or of DSN files, as they stand. */
function readLine(variable: string, name: string, { blueprint, all, dataset }: SourceContext): string {
  const block = findDsnBlock(blueprint.mapping, name);
  if (block !== undefined) {
    const folder = folderText(dsnFolder(blueprint, block));
    const aside = folderText(quarantine(blueprint, dataset));
    const given = [name, folder, block.table.block, aside].map(literal);
    return `${variable} = ${call('job.dsn', given, {})}`;
  }
  const made = all.find((one) => one.dataset.name === name);
  const { columns, known } = made === undefined ? sourceOfTable(blueprint.mapping, name) : sourceOfDataset(made);
  const table = made === undefined ? tableOfMapping(blueprint.mapping, name) : undefined;
  const target = (made?.dataset ?? table!).target;
  const classed = columns.filter((column) => (known[column]?.class ?? 'unclassified') !== 'unclassified');
  const given = [name, `${target.database}.${target.table}`, classed].map(literal);
  return `${variable} = ${call('job.table', given, table === undefined ? {} : rebaseOf(table))}`;
}

/** How Spark is to read Parquet that says nothing of its calendar, where that is another one than today's. */
function rebaseOf(table: TableMapping): Record<string, string | undefined> {
  const { days, int96 } = rawCalendars(table);
  const mode = (calendar: Calendar) => (calendar === 'hybrid' ? 'LEGACY' : undefined);
  return { rebase: mode(days), int96: mode(int96) };
}

function folderText(folder: Folder): string {
  return `s3://${folder.zone.bucket}/${prefixOf(folder)}`;
}

function headOf(blueprint: Blueprint, { dataset, output, from, joins }: PlannedDataset, body: string): string {
  const used = ['fulfils', 'mean', 'total'].filter((name) => body.includes(`${name}(`));
  const { datasets, migration } = blueprint;
  const { database, table, zone } = dataset.target;
  const { bucket, prefix } = zoneOf(blueprint, zone);
  const sources = [from, ...joins.map(({ source }) => source)];
  const needsKey = sources.some(({ columns, keys }) =>
    [...columns, ...keys].some(({ treatment }) => treatment.kind === 'pseudonymise'),
  );
  const isPseudonymised = output.some(({ treatment, earlier }) =>
    [treatment, earlier].some((one) => one?.kind === 'pseudonymise'),
  );
  const scheme = datasets.pseudonyms;
  const target = { folder: `s3://${bucket}/${datasetFolder(prefix, { database, table })}`, database, table };
  const properties = {
    [STAMP.useCase]: migration.id,
    [STAMP.source]: `dataset ${migration.id}/${dataset.name}`,
    ...(isPseudonymised && scheme && { 'lakelift.pseudonyms': schemeText(scheme) }),
    ...(dataset.anonymity && anonymityParameters(dataset.anonymity)),
  };
  const key = needsKey && scheme !== undefined ? { ...scheme } : undefined;
  return `"""${database}.${table}, made of ${sources.map(({ name }) => name).join(', ')}.

Generated by lakelift from mappings/${migration.id}.datasets.yaml: change that, and generate again. Glue ${GLUE_VERSION}, or spark-submit; lakelift_job.py says which arguments it takes.
"""

${body.includes('F.') ? 'from pyspark.sql import functions as F\n\n' : ''}from lakelift_job import ${['Job', ...used].join(', ')}

job = Job(
    ${literal(dataset.name)},
    target=${literal(target)},
    pseudonyms=${literal(key)},
    properties=${literal(properties)},${besideText(blueprint, dataset)}
)`;
}

/** What its functions write, where it has some: once the job has replaced the dataset, their rows of the same objects would stand twice. */
function besideText(blueprint: Blueprint, dataset: Dataset): string {
  if (!takesSmallFiles(blueprint, dataset)) return '';
  const scheme = blueprint.datasets.pseudonyms;
  const beside = {
    source: dataset.from,
    folder: folderText(targetOf(blueprint, dataset, SMALL_FILES).folder),
    pseudonyms: scheme && { ...scheme },
    namesKey: `${folderText(namesOf(blueprint, dataset))}key`,
  };
  return `\n    beside=${literal(beside)},`;
}
