import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { datasetEngine } from '../compose-engines.ts';
import { connect, whoAmI, zoneTargets } from '../compose.ts';
import { readPseudonymKeys } from '../compose-keys.ts';
import { nameMask } from '../compose-reports.ts';
import { servingTables } from '../compose-serving.ts';
import { readDatasets } from '../config/datasets-file.ts';
import { readMapping } from '../config/mapping-file.ts';
import { loadMigration } from '../config/migration-file.ts';
import { isLeft, isNotFound, leftInRaw, placeOfCopy } from '../domain/privacy/erasure.ts';
import { parseIdentifiers } from '../domain/privacy/identifiers.ts';
import { LakeliftError, messageOf } from '../errors.ts';
import { eraseUseCase, type Erasure } from '../steps/zones/erase-use-case.ts';
import { textOfErasure } from '../steps/zones/erasure-records.ts';
import { ERASE_WORDS } from './erase-words.ts';
import { EXIT } from './exit-codes.ts';
import { interruptible, projectOf, terminalOf } from './session.ts';
import { table, visible, type Terminal } from './terminal.ts';
import { refuseErasureFiles, writeErasure } from './write-erasure.ts';
import { recordZone, zoneNamed, zoneOf } from './zone-of.ts';

interface EraseOptions {
  readonly from?: string;
  readonly record?: string;
  readonly alsoIn?: readonly string[];
  readonly alsoRaw?: boolean;
  readonly yes?: boolean;
}

export function eraseCommand(): Command {
  return new Command('erase')
    .summary('erase one person from the published datasets of a use case')
    .description(
      'Finds the rows of one person by pseudonym in cleaned and refined, puts the datasets there without them, takes their items out of what was served (files to import, and tables of DynamoDB), and keeps a record of counts to sign off, below _audit/ of raw; an erasure that was cut off goes on when it is run again. In raw it says where the person is, and changes nothing, unless told to with --also-raw. Without --yes it changes nothing anywhere. Identifiers come from a file or stdin, one a line: "nir 1 85 05 78 006 084", "text M00001".',
    )
    .argument('<use-case>', 'name of a script in migrations/')
    .option('--from <file>', 'file with the identifiers; stdin unless given')
    .option('--also-in <database...>', 'databases of Glue that only datasets were in which are declared no more')
    .option(
      '--record <file>',
      'where to write the record as well, as JSON, with its page beside it in French and English (HTML, Markdown)',
    )
    .option('--also-raw', 'take their rows out of raw as well, of tables of Parquet and text and of DSN files')
    .option('--yes', 'erase')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift erase absences --from /run/secrets/person.txt\n  $ lakelift erase absences --from /run/secrets/person.txt --yes --record erasure-17.json\n\nExit codes: 0 done, or nothing to do, 2 a dataset does not stand as declared, or Glue has no database of --also-in, 3 what is published (with --also-raw, what stands in raw) could not all be looked into, and is left to its owner, or nobody could be found by kinds of identifiers that no column has, 6 a "lakelift serve" of the use case is running.',
    )
    .action(async (id: string, options: EraseOptions, command: Command) => {
      const terminal = terminalOf(command);
      const erasure = await interruptible(terminal, (signal) => erase(command, { id, options, signal }));
      const text = textOfErasure(erasure.record);
      const sha256 = createHash('sha256').update(text).digest('hex');
      const pages = options.record === undefined ? [] : writeErasure(options.record, erasure, sha256);
      if (terminal.isJson) terminal.printJson(erasure.record);
      else {
        print(terminal, erasure, sha256);
        if (pages.length > 0) terminal.say(ERASE_WORDS[terminal.language].pages(pages.map(visible)));
      }
      if (isLeft(erasure.record)) process.exitCode = EXIT.itemsFailed;
    });
}

async function erase(
  command: Command,
  { id, options, signal }: { readonly id: string; readonly options: EraseOptions; readonly signal: AbortSignal },
): Promise<Erasure> {
  if (options.record !== undefined) refuseErasureFiles(options.record);
  const project = await projectOf(command);
  const { id: useCase } = await loadMigration(project.root, id);
  const mapping = await readMapping(project.root, id);
  const { pseudonyms, datasets } = await readDatasets(project.root, id);
  if (pseudonyms === undefined) throw noPseudonyms(id);
  const identifiers = readIdentifiers(options.from);
  const keys = await readPseudonymKeys(project, pseudonyms, [pseudonyms.version, ...(pseudonyms.from ?? [])]);
  const zones = zoneTargets(project.config);
  const records = { useCase, zone: recordZone(zones) };
  const mask = nameMask(project, mapping);
  const tables = await servingTables(project);
  const platform = await connect(project, () => undefined);
  try {
    const { store, targetCatalog: catalog } = platform;
    for (const name of options.alsoIn ?? [])
      if (!(await catalog.hasDatabase(name.toLowerCase(), signal))) throw noDatabase(name);
    const place = { useCase, scheme: pseudonyms, store, catalog, signal };
    return await eraseUseCase({
      ...{ identifiers, mapping, datasets, catalog, signal, by: whoAmI() },
      alsoIn: options.alsoIn ?? [],
      scheme: { ...pseudonyms, keys },
      engine: await datasetEngine(platform),
      records: { ...records, store, signal },
      tables,
      masked: (value) => mask.value(value),
      zoneOfPath: ({ dsn, target }) => zoneNamed(target.zone, dsn?.as ?? target.prefix, zones),
      place: (dataset) => ({ ...place, zone: zoneOf(dataset, zones), dataset }),
      alsoRaw: options.alsoRaw === true,
      isConfirmed: options.yes === true,
    });
  } finally {
    tables?.close();
    await platform.close();
  }
}

function noDatabase(name: string): LakeliftError {
  return new LakeliftError(`Glue has no database ${name}: nothing was looked into`, {
    kind: 'usage',
    code: 'DATABASE_UNKNOWN',
    subject: name,
    hint: 'Give --also-in the names of databases as Glue has them.',
  });
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

function noPseudonyms(id: string): LakeliftError {
  return new LakeliftError(`The datasets of ${id} have no pseudonyms to find a person by`, {
    kind: 'usage',
    code: 'ERASURE_REFUSED',
    subject: id,
    hint: 'Name "pseudonyms" in the datasets.',
  });
}

function print(terminal: Terminal, { record, location, goneOnWith, open }: Erasure, sha256: string): void {
  const words = ERASE_WORDS[terminal.language];
  const rows = [
    ...record.datasets.map((one) => [
      visible(one.table),
      String(one.rowsBefore),
      String(one.rowsErased),
      words.left(one),
    ]),
    ...record.served.map((one) => [visible(one.location), countOf(one.itemsBefore), String(one.itemsErased), '']),
    ...record.raw.map((one) => [
      `raw ${visible(one.table)}`,
      '',
      countOf(one.rows),
      words.inRaw(one, record.alsoRaw === true),
    ]),
  ];
  for (const line of table(words.head, rows, new Set([1, 2]))) terminal.print(line);
  const isErased = location !== undefined;
  for (const one of record.raw.flatMap(({ objects }) => objects))
    terminal.say(words.inObject({ ...one, location: visible(one.location) }, isErased));
  for (const name of record.toBuildAgain) terminal.say(words.buildAgain(visible(name)));
  for (const path of record.pathsNotSearched) terminal.say(words.notSearched(visible(path)));
  const without = Object.keys(record.kinds).filter((kind) => record.kinds[kind] === 0);
  if (without.length > 0) terminal.say(words.withoutColumn(without));
  if (isNotFound(record)) terminal.say(words.notFound);
  for (const copy of record.publishedNotErased)
    terminal.say(words.published[copy.kind](visible(placeOfCopy(copy)), copy.objects, copy.reason));
  if (goneOnWith !== undefined) terminal.say(words.goneOnWith(goneOnWith.record));
  if (open !== undefined) terminal.say(words.open(open.record));
  if (location === undefined) return terminal.say(words.notDone);
  const ended = record.isDone ? words.done : words.leftToOwners;
  const isInRaw = record.alsoRaw !== true || leftInRaw(record).length > 0;
  terminal.say(ended(visible(location), sha256, isInRaw));
}

function countOf(count: number | undefined): string {
  return count === undefined ? '?' : String(count);
}
