import { Command } from 'commander';
import { datasetEngine } from '../compose-engines.ts';
import { connect, zoneTargets } from '../compose.ts';
import { readRotationKeys } from '../compose-keys.ts';
import { servingTables } from '../compose-serving.ts';
import { readDatasets } from '../config/datasets-file.ts';
import { readMapping } from '../config/mapping-file.ts';
import { loadMigration } from '../config/migration-file.ts';
import type { Dataset } from '../domain/privacy/dataset.ts';
import { placeOfCopy, type PublishedCopy } from '../domain/privacy/erasure.ts';
import { planDatasets } from '../domain/privacy/plan-datasets.ts';
import { schemeText, type PseudonymScheme } from '../domain/privacy/pseudonym.ts';
import { LakeliftError } from '../errors.ts';
import { formatCount } from '../report/quantities.ts';
import { refuseOpenErasure } from '../steps/zones/erasure-records.ts';
import { leftSmallFiles, type ChangedSmallFiles } from '../steps/zones/change-small-files.ts';
import { eraseFromServed } from '../steps/zones/erase-served.ts';
import {
  findWholeFiles,
  replaceDataset,
  type DatasetPlace,
  type PublishOutcome,
  type StandingFiles,
} from '../steps/zones/publish-dataset.ts';
import { PSEUDONYMS_PARAMETER } from '../steps/zones/register-dataset.ts';
import { rotateDataset, type RotatedDataset } from '../steps/zones/rotate-dataset.ts';
import { rotateSmallFiles } from '../steps/zones/rotate-small-files.ts';
import { EXIT } from './exit-codes.ts';
import { interruptible, projectOf, terminalOf } from './session.ts';
import { table, visible, type Terminal } from './terminal.ts';
import { ZONES_WORDS } from './zones-words.ts';
import { recordZone, zoneOf } from './zone-of.ts';

interface Rotation {
  readonly dataset: Dataset;
  readonly standing: StandingFiles;
  /** undefined where there was nothing to do. */
  readonly rotated: RotatedDataset | undefined;
  /** undefined until it is written. */
  outcome: PublishOutcome | undefined;
}

/** What was done to a table: of a dataset, or of what its function wrote. */
interface RotatedTable {
  readonly name: string;
  readonly target: Dataset['target'];
  readonly rows: number | undefined;
  readonly rotated: readonly string[];
  /** undefined until it is written. */
  readonly outcome: PublishOutcome | undefined;
}

interface Rotated {
  readonly tables: readonly RotatedTable[];
  /** What stands beside the datasets, and keeps the pseudonyms that it has. */
  readonly copies: readonly PublishedCopy[];
  /** Versions that pseudonyms went through: people are found by their keys. */
  readonly from: readonly number[];
}

export function rotateCommand(): Command {
  return new Command('rotate')
    .summary('turn the pseudonyms of published datasets into those of a new key')
    .description(
      'Puts a new pseudonym in place of each pseudonym of the datasets of a use case, by the new key over the old pseudonym: raw is not read, and the old key is not needed. Everything else stays. To be run for every use case of the domain, since tables of two versions do not join.',
    )
    .argument('<use-case>', 'name of a script in migrations/')
    .option('--dry-run', 'say what would be rotated, and write nothing')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift zones rotate absences --dry-run\n  $ lakelift zones rotate absences\n\nExit codes: 0 rotated or nothing to do, 3 what serving has published has pseudonyms of before, or cannot be looked into, or an object beside a dataset that is not as its function writes it, 2 a dataset does not stand as declared, or under another scheme.',
    )
    .action(async (id: string, { dryRun = false }: { dryRun?: boolean }, command: Command) => {
      const terminal = terminalOf(command);
      const { tables, copies, from } = await interruptible(terminal, (signal) =>
        rotate(command, { id, dryRun, signal }),
      );
      if (terminal.isJson) terminal.printJson({ tables: tables.map(asJson), notRotated: copies });
      else {
        print(terminal, tables);
        terminal.say(ZONES_WORDS[terminal.language].keepKeys(from.join(', ')));
      }
      const { notRotated } = ZONES_WORDS[terminal.language];
      for (const copy of copies)
        terminal.say(notRotated[copy.kind](visible(placeOfCopy(copy)), copy.objects, copy.reason));
      if (copies.length > 0) process.exitCode = EXIT.itemsFailed;
    });
}

async function rotate(
  command: Command,
  { id, dryRun, signal }: { readonly id: string; readonly dryRun: boolean; readonly signal: AbortSignal },
): Promise<Rotated> {
  const project = await projectOf(command);
  const migration = await loadMigration(project.root, id);
  const mapping = await readMapping(project.root, id);
  const { pseudonyms: scheme, datasets } = await readDatasets(project.root, id);
  if (scheme?.from === undefined) throw nothingToGoOnFrom(id, scheme);
  const keys = await readRotationKeys(project, scheme);
  const zones = zoneTargets(project.config);
  const serving = await servingTables(project);
  const platform = await connect(project, () => undefined);
  try {
    const { store, targetCatalog: catalog } = platform;
    const records = { useCase: migration.id, zone: recordZone(zones), store, signal };
    await refuseOpenErasure(records);
    const engine = await datasetEngine(platform);
    const rotations: Rotation[] = [];
    // All are made before one is written: a use case is not left half new.
    const place = { useCase: migration.id, scheme, store, catalog, signal };
    const placeOf = (dataset: Dataset): DatasetPlace => ({ ...place, zone: zoneOf(dataset, zones), dataset });
    for (const planned of planDatasets(datasets, mapping, { isPublished: true })) {
      const standing = await findWholeFiles(placeOf(planned.dataset));
      const rotated = await rotateDataset({ planned, scheme, keys, engine, catalog, signal });
      rotations.push({ dataset: planned.dataset, standing, rotated, outcome: undefined });
    }
    // To read takes its time.
    await refuseOpenErasure(records);
    if (!dryRun) await publish(rotations, scheme, placeOf);
    const tables = rotations.map(tableOfDataset);
    const copies: PublishedCopy[] = [];
    for (const dataset of datasets) {
      const beside = await rotateSmallFiles({ ...placeOf(dataset), scheme, keys, isConfirmed: !dryRun });
      if (beside === undefined) continue;
      tables.push(tableOfSmallFiles(dataset, beside, dryRun));
      copies.push(...leftSmallFiles(placeOf(dataset), beside.left));
    }
    // Nobody's are looked for: only pseudonyms that are not of the new version.
    const person = { pseudonyms: [], versions: [scheme.version] };
    const search = { useCase: migration.id, scheme, person, store, signal, isConfirmed: false };
    const { left } = await eraseFromServed({ ...search, datasets, place: placeOf, tables: serving });
    copies.push(...left);
    return { tables, copies, from: scheme.from };
  } finally {
    serving?.close();
    await platform.close();
  }
}

async function publish(
  rotations: readonly Rotation[],
  scheme: PseudonymScheme,
  placeOf: (dataset: Dataset) => DatasetPlace,
): Promise<void> {
  const parameters = { [PSEUDONYMS_PARAMETER]: schemeText(scheme) };
  for (const rotation of rotations) {
    const { dataset, standing, rotated } = rotation;
    if (rotated === undefined) continue;
    const replacement = { built: rotated.written, standing, parameters };
    rotation.outcome = await replaceDataset({ ...placeOf(dataset), ...replacement });
  }
}

function nothingToGoOnFrom(subject: string, scheme: PseudonymScheme | undefined): LakeliftError {
  const [domain, version] = [scheme?.domain ?? 'rh', (scheme?.version ?? 1) + 1];
  return new LakeliftError('The datasets name no version to go on from', {
    kind: 'usage',
    code: 'ROTATION_REFUSED',
    subject,
    hint: `Say "pseudonyms: { domain: ${domain}, version: ${version}, from: ${version - 1} }", and give the new key under privacy.keys.`,
  });
}

function tableOfDataset({ dataset: { name, target }, rotated, outcome }: Rotation): RotatedTable {
  return {
    name,
    target,
    rows: rotated?.written.rows,
    rotated: rotated?.rotated ?? [],
    outcome: rotated === undefined ? 'unchanged' : outcome,
  };
}

function tableOfSmallFiles({ target }: Dataset, beside: ChangedSmallFiles, dryRun: boolean): RotatedTable {
  const { name, rowsAfter, rowsChanged, columns } = beside;
  const isToDo = rowsChanged > 0;
  return {
    name,
    target: { ...target, table: name },
    rows: rowsAfter,
    rotated: isToDo ? columns : [],
    outcome: isToDo ? (dryRun ? undefined : 'updated') : 'unchanged',
  };
}

function asJson({ outcome, ...rest }: RotatedTable): unknown {
  return { ...rest, outcome: outcome ?? 'not written' };
}

function print(terminal: Terminal, tables: readonly RotatedTable[]): void {
  const words = ZONES_WORDS[terminal.language];
  const lines = tables.map(({ name, target, rows, rotated, outcome }) => [
    visible(name),
    visible(`${target.zone} ${target.database}.${target.table}`),
    rows === undefined ? '' : formatCount(rows, terminal.language),
    visible(rotated.join(', ')),
    words.outcomes[outcome ?? 'not-written'],
  ]);
  for (const line of table(words.rotationHead, lines, new Set([2]))) terminal.print(line);
}
