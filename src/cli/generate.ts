import { relative } from 'node:path';
import { Command } from 'commander';
import type { Project } from '../config/config.ts';
import { useCasesWithDatasets } from '../config/datasets-file.ts';
import { generatedPath, readTree, writeTree } from '../config/generated-tree.ts';
import { LakeliftError } from '../errors.ts';
import type { GeneratedFile } from '../generate/blueprint.ts';
import { generateFiles, generateShared } from '../generate/generators.ts';
import { planTree, type FileChange } from '../generate/tree-change.ts';
import { blueprintOf } from './blueprint-of.ts';
import { GENERATE_WORDS } from './generate-words.ts';
import { projectOf, terminalOf } from './session.ts';
import { visible, type Terminal } from './terminal.ts';

interface GenerateOptions {
  readonly dryRun?: boolean;
  readonly check?: boolean;
  readonly force?: boolean;
}

/** A folder below generated/, and what is to happen in it. */
interface Folder {
  readonly path: string;
  /** Relative to the project. */
  readonly shown: string;
  readonly changes: readonly FileChange[];
}

/** No use case begins with an underscore. */
const SHARED = '_zones';

export function generateCommand(): Command {
  return new Command('generate')
    .summary('write jobs, state machines, templates and documents for the datasets of use cases')
    .description(
      'Writes what runs and describes the datasets of mappings/<use-case>.datasets.yaml into generated/<use-case>/, for review; without a use case those of all, and into generated/_zones/ what they share. The same declarations give the same bytes. Files that it made earlier and makes no more are removed; where a person changed one, nothing is written.',
    )
    .argument('[use-case]', 'name of a script in migrations/; all that have datasets unless given')
    .option('--dry-run', 'list what would change, and write nothing')
    .option('--check', 'write nothing, and fail when the files are not as they would be generated now')
    .option('--force', 'replace files that were changed by hand')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift generate --dry-run\n  $ lakelift generate absences\n  $ lakelift generate --check\n\nExit codes: 0 written or up to date, 2 something is to be decided first, 4 files differ (--check) or were changed by hand.',
    )
    .action(async (id: string | undefined, options: GenerateOptions, command: Command) => {
      const terminal = terminalOf(command);
      const folders = await foldersOf(await projectOf(command), id);
      const isWritten = options.check !== true && options.dryRun !== true;
      if (isWritten) {
        if (options.force !== true) refuseEdited(folders);
        for (const { path, changes } of folders) await writeTree(path, changes);
      }
      const stale = options.check === true ? staleness(folders) : undefined;
      // With --json the error says it all: one document on stdout.
      if (stale === undefined || !terminal.isJson) print(terminal, folders, isWritten);
      if (stale !== undefined) throw stale;
    });
}

async function foldersOf(project: Project, id: string | undefined): Promise<Folder[]> {
  const ids = id === undefined ? await useCasesWithDatasets(project.root) : [id];
  if (ids.length === 0) throw noDatasets();
  const blueprints = await Promise.all(ids.map((one) => blueprintOf(project, one)));
  const outputs = blueprints.map((one): [string, GeneratedFile[]] => [one.migration.id, generateFiles(one)]);
  if (id === undefined) outputs.unshift([SHARED, generateShared(blueprints)]);
  return Promise.all(outputs.map(([name, files]) => folderOf(project.root, name, files)));
}

async function folderOf(root: string, name: string, files: readonly GeneratedFile[]): Promise<Folder> {
  const path = generatedPath(root, name);
  const paths = files.map((file) => file.path);
  return { path, shown: relative(root, path), changes: planTree(name, files, await readTree(path, paths)) };
}

function noDatasets(): LakeliftError {
  return new LakeliftError('There are no datasets to generate anything for.', {
    kind: 'usage',
    code: 'DATASETS_MISSING',
    hint: 'Declare them in mappings/<use-case>.datasets.yaml: docs/zones.md shows how.',
  });
}

function refuseEdited(folders: readonly Folder[]): void {
  const edited = filesWhere(folders, ({ isEdited }) => isEdited);
  if (edited.length === 0) return;
  const names = edited.map(({ path }) => path).join(', ');
  throw new LakeliftError(`Nothing was written: not as lakelift wrote it: ${names}`, {
    kind: 'differs',
    code: 'GENERATED_EDITED',
    subject: edited[0]!.path,
    hint: 'Say it in the datasets or the mapping instead, or move the file elsewhere; --force replaces it.',
  });
}

function staleness(folders: readonly Folder[]): LakeliftError | undefined {
  const different = filesWhere(folders, ({ change }) => change !== 'none');
  if (different.length === 0) return undefined;
  return new LakeliftError(`${different.length} files are not what would be generated now`, {
    kind: 'differs',
    code: 'GENERATED_STALE',
    subject: different[0]!.path,
    hint: 'Run "lakelift generate", review what changes and commit it.',
    details: different,
  });
}

function filesWhere(folders: readonly Folder[], holds: (change: FileChange) => boolean): Omit<FileChange, 'text'>[] {
  return folders.flatMap(({ shown, changes }) =>
    changes.filter(holds).map(({ path, change, isEdited }) => ({ path: `${shown}/${path}`, change, isEdited })),
  );
}

function print(terminal: Terminal, folders: readonly Folder[], isWritten: boolean): void {
  if (terminal.isJson) {
    terminal.printJson({ isWritten, files: filesWhere(folders, () => true) });
    return;
  }
  const words = GENERATE_WORDS[terminal.language];
  for (const { path, change, isEdited } of filesWhere(folders, (one) => one.change !== 'none'))
    terminal.print(`${words.changes[change]}  ${visible(path)}${isEdited ? `  (${words.edited})` : ''}`);
  for (const { shown, changes } of folders) {
    const changed = changes.filter(({ change }) => change !== 'none').length;
    const say = isWritten ? words.written : words.wouldWrite;
    terminal.say(changed === 0 ? words.upToDate(shown, changes.length) : say(shown, changed));
  }
}
