import { Command } from 'commander';
import { connect, stateDirectory } from '../compose.ts';
import { stateStore } from '../compose-state.ts';
import type { Project } from '../config/config.ts';
import { hdfsPath, s3Key } from '../domain/names.ts';
import { isLakeliftError, LakeliftError } from '../errors.ts';
import type { QueryEngine } from '../ports/query-engine.ts';
import type { StateStore } from '../ports/state-store.ts';
import type { Platform } from '../ports/platform.ts';
import { examine, type Check, type CheckResult } from '../steps/doctor.ts';
import { conversionChecks } from './doctor-conversions.ts';
import { DOCTOR_WORDS, type DoctorWords } from './doctor-words.ts';
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
      const platform = await connect(
        { ...project, config: { ...project.config, limits: { ...project.config.limits, retryForMinutes: 0.01 } } },
        () => undefined,
      );
      try {
        await interruptible(terminal, async (signal) => {
          const words = DOCTOR_WORDS[terminal.isJson ? 'en' : terminal.language];
          const conversions = await conversionChecks(project, platform, words);
          const checks = [...checksOf(project, platform, words), ...conversions];
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
export function checksOf(project: Project, platform: Platform, words: DoctorWords): Check[] {
  const { sourceEngine, targetEngine, targetCatalog, catalog, source } = platform;
  return [
    { name: words.stateDirectory, run: () => checkWritable(stateDirectory(project)) },
    {
      name: 'HDFS',
      run: async (signal) => words.entries(await count(source.listDirectory(hdfsPath('/'), signal))),
    },
    { name: words.hiveSchemas, run: async (signal) => words.databases((await catalog.listDatabases(signal)).length) },
    ...Object.entries(project.config.zones).map(([zone, place]): Check => ({
      name: words.bucket(zone),
      run: async (signal) => words.canBeWritten(await checkBucket(platform, place, signal)),
    })),
    {
      name: 'Glue Data Catalog',
      run: async (signal) => words.catalogAnswers(await targetCatalog.hasDatabase('default', signal)),
    },
    ...stateChecks(project, words),
    ...engineChecks(sourceEngine, words.sourceEngine, words),
    ...engineChecks(targetEngine, words.targetEngine, words),
  ];
}

function engineChecks(engine: QueryEngine | undefined, nameOf: (name: string) => string, words: DoctorWords): Check[] {
  if (engine === undefined) return [];
  const run: Check['run'] = async (signal) => words.queryGives((await engine.query('SELECT 1', signal))[0]?.[0]);
  return [{ name: nameOf(engine.name), run }];
}

function stateChecks(project: Project, words: DoctorWords): Check[] {
  const store = stateStore(project);
  if (store === undefined) return [];
  const run: Check['run'] = async () => words.underConditions(await checkState(store).finally(() => store.close()));
  return [{ name: words.stateBucket, run }];
}

/** Leases rest on conditions: a store that ignores them would let two runs in. Returns where it is. */
async function checkState(store: StateStore): Promise<string> {
  const name = `doctor-${randomUUID()}`;
  await store.putText(name, '', { kind: 'if-absent' });
  try {
    const second = await store.putText(name, ' ', { kind: 'if-absent' }).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (isLakeliftError(second, 'conflict')) return store.place;
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

/** An upload that is started and aborted proves the right to write, and leaves nothing to be seen. Returns where. */
async function checkBucket(
  { store }: Platform,
  { bucket, prefix }: { bucket: string; prefix: string },
  signal: AbortSignal,
): Promise<string> {
  await store.checkBucket(bucket, signal);
  const address = { bucket, key: s3Key(`${prefix}${prefix === '' || prefix.endsWith('/') ? '' : '/'}lakelift-doctor`) };
  await store.abortUpload(address, await store.createUpload(address, {}, signal), signal);
  return `s3://${bucket}/${prefix}`;
}

async function count(entries: AsyncIterable<unknown>): Promise<number> {
  let total = 0;
  for await (const entry of entries) total += entry === undefined ? 0 : 1;
  return total;
}
