import { relative } from 'node:path';
import { Command } from 'commander';
import { zoneTargets } from '../compose.ts';
import type { Project } from '../config/config.ts';
import { readDatasets } from '../config/datasets-file.ts';
import { generatedPath, readTree, writeTree } from '../config/generated-tree.ts';
import { readMapping } from '../config/mapping-file.ts';
import { loadMigration } from '../config/migration-file.ts';
import { LakeliftError } from '../errors.ts';
import type { Blueprint } from '../generate/blueprint.ts';
import { generateFiles } from '../generate/generators.ts';
import { planTree, type FileChange } from '../generate/tree-change.ts';
import { GENERATE_WORDS } from './generate-words.ts';
import { projectOf, terminalOf } from './session.ts';
import { visible, type Terminal } from './terminal.ts';

interface GenerateOptions {
  readonly dryRun?: boolean;
  readonly check?: boolean;
  readonly force?: boolean;
}

export function generateCommand(): Command {
  return new Command('generate')
    .summary('write jobs, state machines, templates and documents for the datasets of a use case')
    .description(
      'Writes what runs and describes the datasets of mappings/<use-case>.datasets.yaml into generated/<use-case>/, for review: the same declarations give the same bytes. Files that it made earlier and makes no more are removed; one that a person changed is left alone, and then nothing is written.',
    )
    .argument('<use-case>', 'name of a script in migrations/')
    .option('--dry-run', 'list what would change, and write nothing')
    .option('--check', 'write nothing, and fail when the files are not as they would be generated now')
    .option('--force', 'replace files that were changed by hand')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift generate absences --dry-run\n  $ lakelift generate absences\n  $ lakelift generate absences --check\n\nExit codes: 0 written or up to date, 2 something is to be decided first, 4 files differ (--check) or were changed by hand.',
    )
    .action(async (id: string, options: GenerateOptions, command: Command) => {
      const terminal = terminalOf(command);
      const project = await projectOf(command);
      const files = generateFiles(await blueprintOf(project, id));
      const folder = generatedPath(project.root, id);
      const tree = await readTree(
        folder,
        files.map(({ path }) => path),
      );
      const shown = relative(project.root, folder);
      const changes = planTree(id, files, tree);
      const isWritten = options.check !== true && options.dryRun !== true;
      if (isWritten) {
        if (options.force !== true) refuseEdited(shown, changes);
        await writeTree(folder, changes);
      }
      const stale = options.check === true ? staleness(id, shown, changes) : undefined;
      // With --json the error says it all: one document on stdout.
      if (stale === undefined || !terminal.isJson) print(terminal, { folder: shown, changes, isWritten });
      if (stale !== undefined) throw stale;
    });
}

async function blueprintOf({ root, config }: Project, id: string): Promise<Blueprint> {
  return {
    migration: await loadMigration(root, id),
    mapping: await readMapping(root, id),
    datasets: await readDatasets(root, id),
    zones: zoneTargets(config),
    region: config.target.region,
  };
}

function refuseEdited(folder: string, changes: readonly FileChange[]): void {
  const edited = changes.filter(({ isEdited }) => isEdited).map(({ path }) => `${folder}/${path}`);
  if (edited.length === 0) return;
  throw new LakeliftError(`Nothing was written: not as lakelift wrote it: ${edited.join(', ')}`, {
    kind: 'differs',
    code: 'GENERATED_EDITED',
    subject: folder,
    hint: 'Say it in the datasets or the mapping instead, or move the file elsewhere; --force replaces it.',
  });
}

function staleness(id: string, folder: string, changes: readonly FileChange[]): LakeliftError | undefined {
  const different = changes.filter(({ change }) => change !== 'none');
  if (different.length === 0) return undefined;
  return new LakeliftError(`${folder} is not what would be generated now: ${different.length} files differ`, {
    kind: 'differs',
    code: 'GENERATED_STALE',
    subject: folder,
    hint: `Run "lakelift generate ${id}", review what changes and commit it.`,
    details: different.map(withoutText),
  });
}

function print(
  terminal: Terminal,
  {
    folder,
    changes,
    isWritten,
  }: { readonly folder: string; readonly changes: readonly FileChange[]; readonly isWritten: boolean },
): void {
  const changed = changes.filter(({ change }) => change !== 'none');
  if (terminal.isJson) {
    terminal.printJson({ folder, isWritten, files: changes.map(withoutText) });
    return;
  }
  const words = GENERATE_WORDS[terminal.language];
  for (const { path, change, isEdited } of changed)
    terminal.print(`${words.changes[change]}  ${visible(`${folder}/${path}`)}${isEdited ? `  (${words.edited})` : ''}`);
  const say = isWritten ? words.written : words.wouldWrite;
  terminal.say(changed.length === 0 ? words.upToDate(folder, changes.length) : say(folder, changed.length));
}

function withoutText({ path, change, isEdited }: FileChange): Omit<FileChange, 'text'> {
  return { path, change, isEdited };
}
