import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { stringify } from 'yaml';

const REPOSITORY = join(import.meta.dirname, '../..');
export const MAIN = join(REPOSITORY, 'src/cli/start.js');
/** Halves the start of each command, of which tests start many. */
const COMPILE_CACHE = join(REPOSITORY, 'node_modules/.cache/node-compile');

/** A project as a user has it: a folder of its own, with lakelift installed. */
export interface TestProject {
  readonly root: string;
  lakelift(...args: readonly string[]): Promise<CommandResult>;
  lakeliftIn(environment: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<CommandResult>;
  /** In another directory. */
  lakeliftAt(directory: string, ...args: readonly string[]): Promise<CommandResult>;
  /** Its stdout piped into a shell command; the exit code is lakelift's, unless that is 0. */
  lakeliftPiped(into: string, ...args: readonly string[]): Promise<CommandResult>;
  /** Under a limit on the size of files, in blocks of 512 bytes: stands for a disk that is full. */
  lakeliftLimited(limit: { readonly fileBlocks: number }, ...args: readonly string[]): Promise<CommandResult>;
  /** Sent the signal whenever one of `when` is settled. */
  lakeliftSignalled(
    signal: NodeJS.Signals,
    when: readonly Promise<unknown>[],
    ...args: readonly string[]
  ): Promise<CommandResult>;
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProjectFiles {
  readonly config: unknown;
  /** Text of each script in migrations/, by use case. */
  readonly migrations?: Readonly<Record<string, string>>;
  /** Text of each mapping, by use case. */
  readonly mappings?: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
}

const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

/** It is there until the last test of the file has ended. */
export function createProject({ config, migrations = {}, mappings = {}, environment }: ProjectFiles): TestProject {
  const root = mkdtempSync(join(tmpdir(), 'lakelift-project-'));
  roots.push(root);
  for (const folder of ['migrations', 'mappings', 'node_modules']) mkdirSync(join(root, folder));
  symlinkSync(REPOSITORY, join(root, 'node_modules/lakelift'));
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(root, 'lakelift.yaml'), stringify(config));
  for (const [id, text] of Object.entries(migrations)) writeFileSync(join(root, 'migrations', `${id}.ts`), text);
  for (const [id, text] of Object.entries(mappings)) writeFileSync(join(root, 'mappings', `${id}.yaml`), text);
  return {
    root,
    lakelift: (...args) => runCommand({ cwd: root, environment, command: [process.execPath, MAIN, ...args] }),
    lakeliftIn: (more, ...args) =>
      runCommand({ cwd: root, environment: { ...environment, ...more }, command: [process.execPath, MAIN, ...args] }),
    lakeliftAt: (cwd, ...args) => runCommand({ cwd, environment, command: [process.execPath, MAIN, ...args] }),
    lakeliftPiped: (into, ...args) =>
      runCommand({
        cwd: root,
        environment,
        command: ['bash', '-c', `set -o pipefail; "$@" | ${into}`, 'bash', process.execPath, MAIN, ...args],
      }),
    lakeliftLimited: ({ fileBlocks }, ...args) =>
      runCommand({
        cwd: root,
        environment,
        command: [
          'sh',
          '-c',
          `trap '' XFSZ; ulimit -f ${fileBlocks}; exec "$@"`,
          'sh',
          process.execPath,
          MAIN,
          ...args,
        ],
      }),
    lakeliftSignalled: (signal, when, ...args) =>
      runCommand({ cwd: root, environment, command: [process.execPath, MAIN, ...args], signals: { when, signal } }),
  };
}

interface Command {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly signals?: { readonly when: readonly Promise<unknown>[]; readonly signal: NodeJS.Signals };
}

function runCommand({ cwd, environment, command, signals }: Command): Promise<CommandResult> {
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
  const [program, ...args] = command;
  const child = spawn(program!, args, {
    cwd,
    env: { ...process.env, NO_COLOR: '1', LANG: 'C', NODE_COMPILE_CACHE: COMPILE_CACHE, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const each of signals?.when ?? []) void each.then(() => child.kill(signals?.signal));
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (output.stderr += text));
  child.once('error', reject).once('close', (code) => {
    resolve({ code, ...output });
  });
  return promise;
}

/** Text of a migration script for tests. */
export function migrationScript(
  id: string,
  source: { readonly tables?: readonly string[]; readonly paths?: readonly string[] },
): string {
  return `import { defineMigration } from 'lakelift';
export default defineMigration({ id: ${JSON.stringify(id)}, title: { fr: 'Essai', en: 'Trial' }, owner: 'a@example.org', wave: 1,
  source: ${JSON.stringify({ tables: source.tables ?? [], paths: source.paths ?? [] })}, purpose: 'Test', legalBasis: 'art. 6.1.f', consumers: [] });
`;
}
