import { Command } from 'commander';
import { connect, datasetEngine, zoneTargets } from '../compose.ts';
import { readPseudonymKey } from '../compose-keys.ts';
import { datasetsPath, readDatasets } from '../config/datasets-file.ts';
import { readMapping } from '../config/mapping-file.ts';
import { loadMigration } from '../config/migration-file.ts';
import type { Mapping } from '../domain/mapping.ts';
import type { Dataset } from '../domain/privacy/dataset.ts';
import { datasetsInOrder } from '../domain/privacy/dataset-order.ts';
import { LakeliftError } from '../errors.ts';
import { formatCount } from '../report/quantities.ts';
import { buildDataset, type BuiltDataset } from '../steps/zones/build-dataset.ts';
import type { ZoneTarget } from '../steps/plan/plan-context.ts';
import { publishDataset, type PublishOutcome } from '../steps/zones/publish-dataset.ts';
import { ZONES_WORDS } from './zones-words.ts';
import { interruptible, projectOf, terminalOf } from './session.ts';
import { table, visible, type Terminal } from './terminal.ts';

interface Published {
  readonly dataset: Dataset;
  readonly zone: ZoneTarget;
  readonly built: BuiltDataset;
  /** undefined until it is written. */
  outcome: PublishOutcome | undefined;
}

export function zonesCommand(): Command {
  return new Command('zones').summary('make cleaned and refined from raw').addCommand(
    new Command('build')
      .summary('build the datasets of a use case here, for tables that fit on this machine')
      .description(
        'Builds the datasets of mappings/<use-case>.datasets.yaml from tables of raw: columns treated, classes of people too small left out or refused, and nothing written while a number or address of a person is left in clear. Then puts them into their zone and into Glue.',
      )
      .argument('<use-case>', 'name of a script in migrations/')
      .option('--dry-run', 'build and check, and write nothing')
      .addHelpText(
        'after',
        '\nExamples:\n  $ lakelift zones build absences --dry-run\n  $ lakelift zones build absences\n\nExit codes: 0 built, 2 something is to be decided, or a dataset is not as anonymous as it should be or leaks.',
      )
      .action(async (id: string, { dryRun = false }: { dryRun?: boolean }, command: Command) => {
        const terminal = terminalOf(command);
        const published = await interruptible(terminal, (signal) => build(command, { id, dryRun, signal }));
        if (terminal.isJson) terminal.printJson(published.map(asJson));
        else print(terminal, published);
      }),
  );
}

async function build(
  command: Command,
  { id, dryRun, signal }: { readonly id: string; readonly dryRun: boolean; readonly signal: AbortSignal },
): Promise<Published[]> {
  const project = await projectOf(command);
  const migration = await loadMigration(project.root, id);
  const mapping = await readMapping(project.root, id);
  const { pseudonyms, alsoPersonal, datasets } = await readDatasets(project.root, id);
  const key = pseudonyms && { ...pseudonyms, key: await readPseudonymKey(project, pseudonyms) };
  const zones = zoneTargets(project.config);
  const platform = connect(project, () => undefined);
  try {
    const engine = datasetEngine(platform);
    const published: Published[] = [];
    // All are built before one is written: a use case is not left half new.
    for (const dataset of datasetsInOrder(datasets)) {
      const zone = zones[dataset.target.zone];
      if (zone === undefined) throw noZone(dataset);
      const request = {
        dataset,
        mapping: mapped(mapping, dataset, project.root),
        engine,
        pseudonyms: key,
        alsoPersonal,
        signal,
      };
      published.push({ dataset, zone, built: await buildDataset(request), outcome: undefined });
    }
    if (dryRun) return published;
    const { store, targetCatalog: catalog } = platform;
    const place = { useCase: migration.id, scheme: pseudonyms, store, catalog, signal };
    for (const one of published) one.outcome = await publishDataset({ ...place, ...one });
    return published;
  } finally {
    await platform.close();
  }
}

function mapped({ tables, useCase }: Mapping, { from, name }: Dataset, root: string): Mapping['tables'][string] {
  const table = tables[from];
  if (table !== undefined) return table;
  throw new LakeliftError(`${name} is to be made from ${from}, which the mapping does not have`, {
    kind: 'usage',
    code: 'DATASET_UNDECIDED',
    subject: datasetsPath(root, useCase),
    hint: `Tables of the mapping: ${Object.keys(tables).join(', ')}.`,
  });
}

function noZone({ name, target: { zone } }: Dataset): LakeliftError {
  return new LakeliftError(`${name} belongs into ${zone}, and lakelift.yaml has no such zone`, {
    kind: 'usage',
    code: 'ZONE_MISSING',
    subject: zone,
    hint: `Give the bucket under zones.${zone}.`,
  });
}

function asJson({ dataset, built: { body, columns, ...built }, outcome }: Published): unknown {
  return {
    ...built,
    sizeBytes: body.length,
    target: dataset.target,
    from: dataset.from,
    anonymity: dataset.anonymity,
    columns: columns.map(({ source, name, class: kind, treatment, because }) => ({
      source,
      name,
      class: kind,
      treatment,
      because,
    })),
    outcome: outcome ?? 'not written',
  };
}

function print(terminal: Terminal, published: readonly Published[]): void {
  const words = ZONES_WORDS[terminal.language];
  const count = (value: number): string => formatCount(value, terminal.language);
  const rows = published.map(({ dataset: { target }, built, outcome }) => [
    visible(built.name),
    visible(`${target.zone} ${target.database}.${target.table}`),
    count(built.sourceRows),
    count(built.rows),
    count(built.suppressedRows),
    built.smallestClass === undefined ? '' : count(built.smallestClass),
    words.outcomes[outcome ?? 'not-written'],
  ]);
  for (const line of table(words.head, rows, new Set([2, 3, 4, 5]))) terminal.print(line);
}
