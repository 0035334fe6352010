import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Outside the tree, so that clones share it and `git clean` spares it. */
export const CACHE =
  process.env['LAKELIFT_STACK_CACHE'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'lakelift-stack');

/**
 * The folder of an installed artefact, built when it is missing. An installation that was cut off leaves only a temporary folder:
 * it gets its name when it is complete.
 */
export async function cached(name: string, build: (directory: string) => Promise<void>): Promise<string> {
  const directory = join(CACHE, name);
  if (existsSync(directory)) return directory;
  await mkdir(CACHE, { recursive: true });
  const partial = await mkdtemp(join(CACHE, '.partial-'));
  const startedAt = performance.now();
  try {
    await build(partial);
    await rename(partial, directory);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (existsSync(directory)) return directory;
    throw error;
  }
  console.error(`stack: installed ${name} in ${Math.round((performance.now() - startedAt) / 1000)} s`);
  return directory;
}

/** Runs a command to its end; on failure the error holds the end of what it printed. */
export async function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(command, args, {
    ...options,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  child.on('error', (cause: NodeJS.ErrnoException) => reject(cause.code === 'ENOENT' ? missingTool(command) : cause));
  child.on('close', (code) => {
    if (code === 0) resolve(output);
    else
      reject(
        new Error(
          `${command} ${args.filter((arg) => arg.length < 200).join(' ')} ended with ${code}:\n${output.slice(-3000)}`,
        ),
      );
  });
  return promise;
}

const TOOLS: Readonly<Record<string, string>> = {
  java: 'a JDK 17',
  javac: 'a JDK 17',
  mvn: 'Maven 3.8 or newer',
  go: 'Go 1.24 or newer',
  python3: 'Python 3.11 with venv and pip',
  'apt-get': 'a Chromium or Chrome on the path, or Debian to take one from',
};

export class MissingToolError extends Error {}

function missingTool(command: string): MissingToolError {
  return new MissingToolError(`The stack needs ${TOOLS[command] ?? command}: "${command}" is not on the path`);
}

/** Fails with what to install when a tool is missing. */
export async function checkTools(): Promise<void> {
  await Promise.all([
    run('java', ['-version']),
    run('mvn', ['-v']),
    run('go', ['version']),
    run('python3', ['--version']),
  ]);
}

/** Writes a file below a directory, folders included. */
export async function write(directory: string, name: string, content: string): Promise<string> {
  const path = join(directory, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
  return path;
}

export async function readJson<Value>(path: string): Promise<Value | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Value;
  } catch {
    return undefined;
  }
}
