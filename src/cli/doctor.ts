import { Command } from 'commander';
import { connect, stateDirectory } from '../compose.ts';
import { stateStore } from '../compose-state.ts';
import type { Project } from '../config/config.ts';
import { hdfsPath, s3Key } from '../domain/names.ts';
import { isLakeliftError, LakeliftError } from '../errors.ts';
import type { StateStore } from '../ports/state-store.ts';
import type { Platform } from '../ports/platform.ts';
import { examine, type Check, type CheckResult } from '../steps/doctor.ts';
import { conversionChecks } from './doctor-conversions.ts';
import { EXIT } from './exit-codes.ts';
import { interruptible, projectOf, terminalOf } from './session.ts';
import { paint, visible, type Terminal } from './terminal.ts';
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** For one check. */
export const CHECK_TIMEOUT_MS = 30_000;

export function doctorCommand(): Command {
  return new Command('doctor')
    .summary('check that source and target can be reached and used')
    .description(
      'Tries every connection and right that a run needs, and says what to do about each that fails. Nothing is left behind.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift doctor\n  $ lakelift doctor --json\n\nExit codes: 0 all checks passed, 5 a right is missing, 2 anything else failed.',
    )
    .action(async (_options: unknown, command: Command) => {
      const terminal = terminalOf(command);
      const project = await projectOf(command);
      const platform = connect(
        { ...project, config: { ...project.config, limits: { ...project.config.limits, retryForMinutes: 0.01 } } },
        () => undefined,
      );
      try {
        await interruptible(terminal, async (signal) => {
          const checks = [...checksOf(project, platform), ...(await conversionChecks(project, platform))];
          const results: CheckResult[] = [];
          for await (const result of examine(checks, CHECK_TIMEOUT_MS, signal)) {
            results.push(result);
            if (terminal.isJson) continue;
            for (const line of checkLines(terminal, result)) terminal.print(line);
          }
          const failed = results.filter(({ isOk }) => !isOk);
          if (terminal.isJson) terminal.printJson(results);
          else terminal.say(failed.length === 0 ? terminal.words.allWell : terminal.words.checksFailed(failed.length));
          process.exitCode =
            failed.length === 0 ? EXIT.ok : failed.every(({ kind }) => kind === 'denied') ? EXIT.denied : EXIT.usage;
        });
      } finally {
        await platform.close();
      }
    });
}

/** A check's outcome as a person reads it, with what to do about a failure. */
export function checkLines({ words }: Terminal, { isOk, name, detail, hint }: CheckResult): string[] {
  const line = `${isOk ? paint('green', '✓') : paint('red', '✗')} ${name}: ${visible(detail)}`;
  return hint === undefined ? [line] : [line, `    ${paint('cyan', words.hint)}: ${visible(hint)}`];
}

/** Every connection and right that a run needs, whatever its use case. */
export function checksOf(project: Project, platform: Platform): Check[] {
  const { sourceEngine, targetEngine, targetCatalog, catalog, source } = platform;
  const engines = [sourceEngine, targetEngine].filter((engine) => engine !== undefined);
  return [
    { name: 'state directory', run: () => checkWritable(stateDirectory(project)) },
    {
      name: 'HDFS',
      run: async (signal) => `root lists ${await count(source.listDirectory(hdfsPath('/'), signal))} entries`,
    },
    { name: 'Hive schemas', run: async (signal) => `${(await catalog.listDatabases(signal)).length} databases` },
    ...Object.entries(project.config.zones).map(([zone, { bucket, prefix }]): Check => ({
      name: `${zone} bucket`,
      run: (signal) => checkBucket(platform, { bucket, prefix }, signal),
    })),
    {
      name: 'Glue Data Catalog',
      run: async (signal) =>
        `answers; database "default" ${(await targetCatalog.hasDatabase('default', signal)) ? 'exists' : 'does not exist'}`,
    },
    ...stateChecks(project),
    ...engines.map((engine): Check => ({
      name: `SQL engine ${engine.name}`,
      run: async (signal) => `SELECT 1 gives ${(await engine.query('SELECT 1', signal))[0]?.[0] ?? 'nothing'}`,
    })),
  ];
}

function stateChecks(project: Project): Check[] {
  const store = stateStore(project);
  if (store === undefined) return [];
  const run = (): Promise<string> => checkState(store).finally(() => store.close());
  return [{ name: 'state bucket', run }];
}

/** Leases rest on conditions: a store that ignores them would let two runs in. */
async function checkState(store: StateStore): Promise<string> {
  const name = `doctor-${randomUUID()}`;
  await store.putText(name, '', { kind: 'if-absent' });
  try {
    const second = await store.putText(name, ' ', { kind: 'if-absent' }).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (isLakeliftError(second, 'conflict')) return `${store.place} can be written, under conditions`;
    throw new LakeliftError(`${store.place} writes over what it was told not to`, {
      kind: 'unsupported',
      code: 'STATE_WITHOUT_CONDITIONS',
      hint: 'Use a store that knows If-None-Match and If-Match on PutObject.',
      cause: second,
    });
  } finally {
    await store.remove(name);
  }
}

async function checkWritable(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const probe = join(directory, '.doctor');
  await writeFile(probe, '');
  await rm(probe);
  return directory;
}

/** An upload that is started and aborted proves the right to write, and leaves nothing to be seen. */
async function checkBucket(
  { store }: Platform,
  { bucket, prefix }: { bucket: string; prefix: string },
  signal: AbortSignal,
): Promise<string> {
  await store.checkBucket(bucket, signal);
  const address = { bucket, key: s3Key(`${prefix}${prefix === '' || prefix.endsWith('/') ? '' : '/'}lakelift-doctor`) };
  await store.abortUpload(address, await store.createUpload(address, {}, signal), signal);
  return `s3://${bucket}/${prefix} can be listed and written`;
}

async function count(entries: AsyncIterable<unknown>): Promise<number> {
  let total = 0;
  for await (const entry of entries) total += entry === undefined ? 0 : 1;
  return total;
}
