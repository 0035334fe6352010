import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { connect, datasetEngine, whoAmI, zoneTargets } from '../compose.ts';
import { readPseudonymKeys } from '../compose-keys.ts';
import { readDatasets } from '../config/datasets-file.ts';
import { readMapping } from '../config/mapping-file.ts';
import { loadMigration } from '../config/migration-file.ts';
import { datasetsBelow } from '../domain/privacy/dataset-order.ts';
import { parseIdentifiers } from '../domain/privacy/identifiers.ts';
import { planDatasets } from '../domain/privacy/plan-datasets.ts';
import { schemeText } from '../domain/privacy/pseudonym.ts';
import { LakeliftError, messageOf } from '../errors.ts';
import { eraseFromDataset, findInRaw, type ErasedDataset, type RawFinding } from '../steps/zones/erase-person.ts';
import { publishDataset } from '../steps/zones/publish-dataset.ts';
import { ERASE_WORDS } from './erase-words.ts';
import { interruptible, projectOf, terminalOf } from './session.ts';
import { table, visible, type Terminal } from './terminal.ts';
import { zoneOf } from './zone-of.ts';

interface EraseOptions {
  readonly from?: string;
  readonly record?: string;
  readonly yes?: boolean;
}

/** To be signed off: counts alone, no identifier and no pseudonym. */
interface ErasureRecord {
  readonly useCase: string;
  readonly at: string;
  readonly by: string;
  readonly pseudonyms: string;
  readonly isDone: boolean;
  readonly datasets: readonly {
    readonly name: string;
    readonly table: string;
    readonly rowsBefore: number;
    readonly rowsAfter: number;
    readonly rowsErased: number;
    readonly notSearched: readonly string[];
    readonly k: number | undefined;
    readonly smallestClass: number | undefined;
  }[];
  /** Datasets without pseudonyms that are made of those that lost rows. */
  readonly toBuildAgain: readonly string[];
  readonly raw: readonly RawFinding[];
  /** Folders of plain files, which nobody can look into here. */
  readonly pathsNotSearched: readonly string[];
}

export function eraseCommand(): Command {
  return new Command('erase')
    .summary('erase one person from the published datasets of a use case')
    .description(
      'Finds the rows of one person by pseudonym in cleaned and refined, puts the datasets there without them, and writes a record of counts to sign off. In raw it says where the person is, and changes nothing. Without --yes it changes nothing anywhere. Identifiers come from a file or stdin, one a line: "nir 1 85 05 78 006 084", "text M00001".',
    )
    .argument('<use-case>', 'name of a script in migrations/')
    .option('--from <file>', 'file with the identifiers; stdin unless given')
    .option('--record <file>', 'where to write the record, as JSON')
    .option('--yes', 'erase')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift erase absences --from /run/secrets/person.txt\n  $ lakelift erase absences --from /run/secrets/person.txt --yes --record erasure-17.json\n\nExit codes: 0 done, or nothing to do, 2 a dataset does not stand as declared.',
    )
    .action(async (id: string, options: EraseOptions, command: Command) => {
      const terminal = terminalOf(command);
      const record = await interruptible(terminal, (signal) => erase(command, { id, options, signal }));
      const text = `${JSON.stringify(record, null, 2)}\n`;
      if (options.record !== undefined) writeFileSync(options.record, text, { flag: 'wx' });
      if (terminal.isJson) terminal.printJson(record);
      else print(terminal, record, createHash('sha256').update(text).digest('hex'));
    });
}

async function erase(
  command: Command,
  { id, options, signal }: { readonly id: string; readonly options: EraseOptions; readonly signal: AbortSignal },
): Promise<ErasureRecord> {
  if (options.record !== undefined) refuseRecord(options.record);
  const project = await projectOf(command);
  const migration = await loadMigration(project.root, id);
  const mapping = await readMapping(project.root, id);
  const { pseudonyms, datasets } = await readDatasets(project.root, id);
  if (pseudonyms === undefined) throw noPseudonyms(id);
  const identifiers = readIdentifiers(options.from);
  const keys = await readPseudonymKeys(project, pseudonyms, [pseudonyms.version, ...(pseudonyms.from ?? [])]);
  const zones = zoneTargets(project.config);
  const platform = connect(project, () => undefined);
  try {
    const { store, targetCatalog: catalog } = platform;
    const request = { identifiers, scheme: { ...pseudonyms, keys }, engine: datasetEngine(platform), catalog, signal };
    const erased = new Map<string, ErasedDataset>();
    const planned = planDatasets(datasets, mapping);
    for (const one of planned) {
      const found = await eraseFromDataset(one, request);
      if (found !== undefined) erased.set(one.dataset.name, found);
    }
    const raw = await findInRaw(mapping, request);
    const isDone = options.yes === true;
    for (const { dataset } of isDone ? planned : []) {
      const written = erased.get(dataset.name)?.written;
      if (written === undefined) continue;
      const place = { useCase: migration.id, scheme: pseudonyms, zone: zoneOf(dataset, zones), store, catalog, signal };
      await publishDataset({ ...place, dataset, built: written });
    }
    return {
      useCase: id,
      at: new Date().toISOString(),
      by: whoAmI(),
      pseudonyms: schemeText(pseudonyms),
      isDone,
      datasets: [...erased].map(([name, { written, ...figures }]) => {
        const { target, anonymity } = datasets.find((one) => one.name === name)!;
        const rowsAfter = written?.rows ?? figures.rowsBefore;
        return { name, table: `${target.database}.${target.table}`, ...figures, rowsAfter, k: anonymity?.k };
      }),
      toBuildAgain: datasets
        .filter((dataset) => !erased.has(dataset.name))
        .filter((dataset) => datasetsBelow(dataset).some((name) => (erased.get(name)?.rowsErased ?? 0) > 0))
        .map(({ name }) => name),
      raw,
      pathsNotSearched: Object.keys(mapping.paths),
    };
  } finally {
    await platform.close();
  }
}

function readIdentifiers(file: string | undefined): ReturnType<typeof parseIdentifiers> {
  const subject = file ?? 'stdin';
  if (file === undefined && process.stdin.isTTY === true)
    throw noIdentifiers(subject, 'a terminal shows what is typed');
  try {
    return parseIdentifiers(readFileSync(file ?? 0, 'utf8'));
  } catch (error) {
    throw noIdentifiers(subject, messageOf(error));
  }
}

function noIdentifiers(subject: string, what: string): LakeliftError {
  return new LakeliftError(`The identifiers cannot be read: ${what}`, {
    kind: 'usage',
    code: 'IDENTIFIERS_UNREADABLE',
    subject,
    hint: 'Give a file with --from, or pipe it in, one identifier a line: "nir 1 85 05 78 006 084", "text M00001".',
  });
}

/** Before anything is erased: what cannot be recorded is not done. */
function refuseRecord(file: string): void {
  if (existsSync(file))
    throw noRecord(file, 'stands already', 'Give another file with --record: records are not replaced.');
  const folder = dirname(file);
  if (!existsSync(folder)) throw noRecord(file, 'has no folder to stand in', `Make ${folder} first.`);
}

function noRecord(file: string, what: string, hint: string): LakeliftError {
  return new LakeliftError(`${file} ${what}`, { kind: 'usage', code: 'RECORD_REFUSED', subject: file, hint });
}

function noPseudonyms(id: string): LakeliftError {
  return new LakeliftError(`The datasets of ${id} have no pseudonyms to find a person by`, {
    kind: 'usage',
    code: 'ERASURE_REFUSED',
    subject: id,
    hint: 'Name "pseudonyms" in the datasets.',
  });
}

function print(terminal: Terminal, record: ErasureRecord, sha256: string): void {
  const words = ERASE_WORDS[terminal.language];
  const rows = [
    ...record.datasets.map((one) => [
      visible(one.table),
      String(one.rowsBefore),
      String(one.rowsErased),
      words.left(one),
    ]),
    ...record.raw.map((one) => [
      `raw ${visible(one.table)}`,
      '',
      one.rows === undefined ? '?' : String(one.rows),
      words.inRaw(one),
    ]),
  ];
  for (const line of table(words.head, rows, new Set([1, 2]))) terminal.print(line);
  for (const name of record.toBuildAgain) terminal.say(words.buildAgain(visible(name)));
  for (const path of record.pathsNotSearched) terminal.say(words.notSearched(visible(path)));
  terminal.say(record.isDone ? words.done(sha256) : words.notDone);
}
