import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

const REPOSITORY = join(import.meta.dirname, '../..');
const MAIN = join(REPOSITORY, 'src/cli/main.ts');

/** A project as a user has it: a folder of its own, with lakelift installed. */
export interface TestProject {
  readonly root: string;
  lakelift(...args: readonly string[]): Promise<CommandResult>;
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

export function createProject({ config, migrations = {}, mappings = {}, environment }: ProjectFiles): TestProject {
  const root = mkdtempSync(join(tmpdir(), 'lakelift-project-'));
  for (const folder of ['migrations', 'mappings', 'node_modules']) mkdirSync(join(root, folder));
  symlinkSync(REPOSITORY, join(root, 'node_modules/lakelift'));
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(root, 'lakelift.yaml'), stringify(config));
  for (const [id, text] of Object.entries(migrations)) writeFileSync(join(root, 'migrations', `${id}.ts`), text);
  for (const [id, text] of Object.entries(mappings)) writeFileSync(join(root, 'mappings', `${id}.yaml`), text);
  return { root, lakelift: (...args) => runCommand(root, args, environment) };
}

function runCommand(
  cwd: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', LANG: 'C', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => void (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (output.stderr += chunk.toString()));
  child.once('error', reject).once('close', (code) => resolve({ code, ...output }));
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
