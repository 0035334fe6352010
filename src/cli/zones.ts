import { Command } from 'commander';
import { datasetEngine } from '../compose-engines.ts';
import { connect, zoneTargets } from '../compose.ts';
import { readPseudonymKeys } from '../compose-keys.ts';
import { readDatasets } from '../config/datasets-file.ts';
import { readMapping } from '../config/mapping-file.ts';
import { loadMigration } from '../config/migration-file.ts';
import type { Dataset } from '../domain/privacy/dataset.ts';
import { datasetsInOrder } from '../domain/privacy/dataset-order.ts';
import { checkText } from '../domain/privacy/check.ts';
import { formatCount } from '../report/quantities.ts';
import { buildDataset, type BuiltDataset } from '../steps/zones/build-dataset.ts';
import type { ZoneTarget } from '../steps/plan/plan-context.ts';
import { findOpenErasure } from '../steps/zones/erasure-records.ts';
import {
  emptySmallFiles,
  findSmallFiles,
  type EmptiedSmallFiles,
  type SmallFilesBefore,
} from '../steps/zones/empty-small-files.ts';
import { tableBeside } from '../steps/zones/change-small-files.ts';
import { setAside } from '../steps/zones/set-aside.ts';
import { publishDataset, type PublishOutcome } from '../steps/zones/publish-dataset.ts';
import { withDsnFolders, type DsnFoldersRequest, type OpenDsnFolder } from './dsn-folders.ts';
import { EXIT } from './exit-codes.ts';
import { recordZone, zoneOf } from './zone-of.ts';
import { takesSmallFiles } from '../generate/names.ts';
import { dsnFigures, isWhole, tellDsn, type ReadDsn } from './zones-dsn.ts';
import { manifestCommand } from './zones-manifest.ts';
import { zonesReportCommand } from './zones-report.ts';
import { rotateCommand } from './zones-rotate.ts';
import { ZONES_WORDS, type ZonesWords } from './zones-words.ts';
import { interruptible, projectOf, terminalOf } from './session.ts';
import { table, visible, type Terminal } from './terminal.ts';
import { writePrivacy } from './write-privacy.ts';

interface Built {
  readonly published: readonly Published[];
  readonly dsn: readonly ReadDsn[];
}

interface Published {
  readonly dataset: Dataset;
  readonly zone: ZoneTarget;
  readonly built: BuiltDataset;
  /** undefined until it is written. */
  outcome: PublishOutcome | undefined;
  /** What its functions had written beside it; undefined where that is nothing. */
  smallFiles?: EmptiedSmallFiles | undefined;
}

export function zonesCommand(): Command {
  return new Command('zones')
    .summary('make cleaned and refined from raw')
    .addCommand(buildCommand())
    .addCommand(rotateCommand())
    .addCommand(manifestCommand())
    .addCommand(zonesReportCommand());
}

function buildCommand(): Command {
  return new Command('build')
    .summary('build the datasets of a use case here, for tables that fit on this machine')
    .description(
      'Builds the datasets of mappings/<use-case>.datasets.yaml from tables of raw: columns treated, classes of people too small left out or refused, and nothing written while a number or address of a person is left in clear. Then puts them into their zone and into Glue.',
    )
    .argument('<use-case>', 'name of a script in migrations/')
    .option('--dry-run', 'build and check, and write nothing')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift zones build absences --dry-run\n  $ lakelift zones build absences\n\nExit codes: 0 built, 3 built, and something of the DSN files is in quarantine or incomplete, or what functions wrote of the same objects could not be emptied, 2 something is to be decided, or a dataset is not as anonymous as it should be or leaks.',
    )
    .action(async (id: string, { dryRun = false }: { dryRun?: boolean }, command: Command) => {
      const terminal = terminalOf(command);
      const { published, dsn } = await interruptible(terminal, (signal) =>
        build(command, { id, dryRun, signal, terminal }),
      );
      if (terminal.isJson) terminal.printJson(published.map((one) => asJson(one, dsn)));
      else print(terminal, published);
      const faulty = dsn.filter(({ folder }) => !isWhole(folder));
      for (const one of faulty) tellDsn(terminal, one);
      const isDouble = published.some(({ smallFiles }) => smallFiles?.failure !== undefined);
      if (faulty.length > 0 || isDouble) process.exitCode = EXIT.itemsFailed;
    });
}

interface BuildOptions {
  readonly id: string;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly terminal: Terminal;
}

async function build(command: Command, { id, dryRun, signal, terminal }: BuildOptions): Promise<Built> {
  const project = await projectOf(command);
  const migration = await loadMigration(project.root, id);
  const mapping = await readMapping(project.root, id);
  const { pseudonyms, validByChance, datasets } = await readDatasets(project.root, id);
  const versions = pseudonyms && [pseudonyms.version, ...(pseudonyms.from ?? [])];
  const keyed = pseudonyms && { ...pseudonyms, keys: await readPseudonymKeys(project, pseudonyms, versions!) };
  const zones = zoneTargets(project.config);
  const platform = await connect(project, () => undefined);
  const { store, targetCatalog: catalog } = platform;
  try {
    const fed = dryRun ? [] : datasets.filter((dataset) => takesSmallFiles({ mapping }, dataset));
    const standing = await findAllSmallFiles({ datasets: fed, zones, store, signal });
    return await withDsnFolders({ datasets, mapping, zones, store, signal }, async (folders) => {
      const given = new Map(folders.flatMap(({ tables }) => [...tables]));
      const engine = await datasetEngine(platform);
      const published: Published[] = [];
      const made = new Map<string, BuiltDataset>();
      // All are built before one is written: a use case is not left half new.
      for (const dataset of datasetsInOrder(datasets)) {
        const zone = zoneOf(dataset, zones);
        const request = { dataset, mapping, made, given, engine, pseudonyms: keyed, validByChance, signal };
        const built = await buildDataset(request);
        made.set(dataset.name, built);
        published.push({ dataset, zone, built, outcome: undefined });
      }
      if (dryRun) return { published, dsn: folders.map((folder) => ({ folder, quarantine: undefined })) };
      const open = await findOpenErasure({ useCase: migration.id, zone: recordZone(zones), store, signal });
      // It may be that only building makes its end possible: so nothing is refused.
      if (open !== undefined) terminal.say(ZONES_WORDS[terminal.language].erasureOpen(open.record));
      const place = { useCase: migration.id, scheme: pseudonyms, store, catalog, signal };
      const dsn: ReadDsn[] = [];
      for (const folder of folders) dsn.push({ folder, quarantine: await setAside({ ...place, ...folder }) });
      for (const one of published) one.outcome = await publishDataset({ ...place, ...one });
      for (const one of published) {
        const before = standing.get(one.dataset.name);
        if (before === undefined) continue;
        const keys = { raw: recordZone(zones), pseudonyms: keyed };
        one.smallFiles = await emptySmallFiles({ ...place, ...one, ...keys, before, read: filesRead(one, folders) });
      }
      const built = published.map((one) => one.built);
      const report = { scheme: pseudonyms, validByChance, built };
      const [page] = await writePrivacy({ terminal, project, migration, ...report });
      if (page !== undefined && !terminal.isJson) terminal.say(ZONES_WORDS[terminal.language].privacy(visible(page)));
      return { published, dsn };
    });
  } finally {
    await platform.close();
  }
}

/** What functions had written, by the name of the dataset, before anything was read. */
async function findAllSmallFiles({
  datasets,
  zones,
  store,
  signal,
}: Pick<DsnFoldersRequest, 'datasets' | 'zones' | 'store' | 'signal'>): Promise<Map<string, SmallFilesBefore>> {
  const found = new Map<string, SmallFilesBefore>();
  for (const dataset of datasets) {
    const before = await findSmallFiles({ dataset, zone: zoneOf(dataset, zones), store, signal });
    if (before.size > 0) found.set(dataset.name, before);
  }
  return found;
}

function filesRead({ dataset: { from }, built }: Published, folders: readonly OpenDsnFolder[]): readonly string[] {
  return folders.find(({ tables }) => tables.has(from))?.readFiles ?? built.readFiles;
}

function asJson({ dataset, built, outcome, smallFiles }: Published, dsn: readonly ReadDsn[]): unknown {
  const {
    name,
    types,
    partitionKeys,
    sourceRows,
    rows,
    suppressedRows,
    blankedRows,
    blankedCells,
    smallestClass,
    checks,
    sha256,
    files,
    columns,
  } = built;
  const { target, from, joins, anonymity, notAnonymous, partitions } = dataset;
  return {
    name,
    types: [...types, ...partitionKeys],
    sourceRows,
    rows,
    suppressedRows,
    ...(anonymity?.blank && { blankedRows, blankedCells }),
    smallestClass,
    checks,
    sha256,
    sizeBytes: files.reduce((sum, { body }) => sum + body.length, 0),
    files: files.length,
    target,
    from,
    joins: joins.map((join) => join.with),
    anonymity,
    notAnonymous,
    partitions,
    columns: columns.map(({ source, name, class: kind, treatment, because, earlier, measure }) => ({
      source,
      name,
      class: kind,
      treatment,
      because,
      earlier,
      measure,
    })),
    dsn: dsn
      .filter(({ folder }) => [from, ...joins.map((join) => join.with)].some((name) => folder.tables.has(name)))
      .map(dsnFigures),
    outcome: outcome ?? 'not written',
    ...(smallFiles && { smallFiles }),
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
  for (const { built } of published) for (const line of warnings(built, words)) terminal.say(line);
  for (const { dataset, smallFiles } of published)
    if (smallFiles !== undefined) terminal.say(visible(words.smallFiles(tableBeside({ dataset }), smallFiles)));
  for (const line of table(words.head, rows, new Set([2, 3, 4, 5]))) terminal.print(line);
}

function warnings(
  { name, dataset, checks, blankedCells, blankedRows, pseudonymsNotCounted }: BuiltDataset,
  words: ZonesWords,
): string[] {
  const failed = checks.filter(({ failing }) => failing > 0);
  return [
    ...failed.map(({ check, failing }) => words.warning(checkText(check), failing)),
    ...(dataset.anonymity?.blank === undefined ? [] : [words.blanked(blankedCells, blankedRows)]),
    ...(pseudonymsNotCounted.length > 0 ? [words.countsRows(pseudonymsNotCounted)] : []),
  ].map((warning) => visible(`${name}: ${warning}`));
}
