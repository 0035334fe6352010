import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { dsnTables } from '../compose-engines.ts';
import { LakeliftError, messageOf } from '../errors.ts';
import type { DsnFileSummary } from '../ports/dsn-tables.ts';
import { formatCount } from '../report/quantities.ts';
import { readDsn, type DsnFile } from '../steps/dsn/read-dsn.ts';
import { unpacked } from '../steps/dsn/unpacked.ts';
import { DSN_WORDS, type DsnWords } from './dsn-words.ts';
import { EXIT } from './exit-codes.ts';
import { interruptible, terminalOf } from './session.ts';
import { table, visible, type Terminal } from './terminal.ts';

const READ_BYTES = 1024 * 1024;

export function dsnCommand(): Command {
  return new Command('dsn')
    .summary('turn DSN files into typed tables')
    .description(
      'Reads DSN files (phase 3), packed by gzip or not, and writes one table per block, rows joined by the lines they come from, dates and amounts typed. What is not as the norm wants it goes to quarantine with its line. The tables hold personal data in clear; schema.json says how each column is classed.',
    )
    .argument('<files...>', 'DSN files, or folders of them')
    .requiredOption('--to <folder>', 'where the tables go, as JSON Lines; replaces those of an earlier time')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift dsn depot/2024/01 --to work/dsn-2024-01\n  $ lakelift dsn a.dsn b.dsn --to work/dsn --json\n\nExit codes: 0 every line read and every file complete, 3 something is in quarantine or incomplete.',
    )
    .action(async (paths: string[], { to }: { to: string }, command: Command) => {
      const terminal = terminalOf(command);
      const names = await filesIn(paths);
      if (names.length === 0) throw noFiles(paths);
      const tables = await dsnTables(to);
      const files = await interruptible(terminal, (signal) => readDsn({ files: opened(names), tables, signal }));
      const isWhole = files.every(({ isComplete, faultCount }) => isComplete && faultCount === 0);
      if (terminal.isJson) terminal.printJson({ tables: to, files });
      else print(terminal, files, to, isWhole);
      process.exitCode = isWhole ? EXIT.ok : EXIT.itemsFailed;
    });
}

/** Files as given, and those below folders in the order of their names; hidden ones are left out. */
async function filesIn(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined)
      throw new LakeliftError(`There is no file ${path}`, {
        kind: 'usage',
        code: 'FILE_MISSING',
        subject: path,
        hint: 'Name DSN files of this machine, or folders of them.',
      });
    if (!found.isDirectory()) files.push(path);
    else {
      const entries = (await readdir(path)).filter((name) => !/^[._]/.test(name)).sort();
      files.push(...(await filesIn(entries.map((name) => join(path, name)))));
    }
  }
  return files;
}

function* opened(names: readonly string[]): Generator<DsnFile> {
  for (const name of names) yield { name, content: unpacked(name, contentOf(name)) };
}

async function* contentOf(name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(name, { highWaterMark: READ_BYTES }) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    const isDenied = (cause as NodeJS.ErrnoException).code === 'EACCES';
    throw new LakeliftError(`${name} cannot be read: ${messageOf(cause)}`, {
      kind: isDenied ? 'denied' : 'unavailable',
      code: 'DSN_FILE_UNREADABLE',
      subject: name,
      hint: 'No table was written. Make the file readable, or leave it out.',
      cause,
    });
  }
}

function noFiles(paths: readonly string[]): LakeliftError {
  return new LakeliftError(`There is no file in ${paths.join(', ')}`, {
    kind: 'usage',
    code: 'NO_FILES',
    hint: 'Name DSN files of this machine, or folders of them. Names that begin with a dot or an underscore are left out.',
  });
}

function print(terminal: Terminal, files: readonly DsnFileSummary[], to: string, isWhole: boolean): void {
  const words = DSN_WORDS[terminal.language];
  const count = (value: number): string => formatCount(value, terminal.language);
  const rows = files.map((file) => [
    visible(file.file),
    count(file.declarationCount),
    count(file.rubricCount),
    count(file.faultCount),
    stateOf(file, words, count),
  ]);
  const head = [words.file, words.declarations, words.rubrics, words.quarantined, words.state];
  for (const line of table(head, rows, new Set([1, 2, 3]))) terminal.print(line);
  terminal.print(isWhole ? words.allRead : words.notAllRead);
  terminal.print(`${words.tablesIn}: ${visible(to)}`);
}

function stateOf(
  { isComplete, isTest, countedRubrics }: DsnFileSummary,
  words: DsnWords,
  count: (value: number) => string,
): string {
  const complete = countedRubrics === undefined ? words.cutOff : words.miscounted(count(countedRubrics));
  return [isComplete ? words.complete : complete, ...(isTest ? [words.test] : [])].join(', ');
}
