import { whoAmI } from '../compose.ts';
import { batchHistory } from '../compose-state.ts';
import { inBatchOrder, nextToBegin } from '../domain/batch/batch-order.ts';
import { BATCH_SCHEMA, type BatchRecord, type BatchResult } from '../domain/batch/batch-record.ts';
import { figuresOf, type Stage } from '../domain/portfolio.ts';
import { isLakeliftError, messageOf } from '../errors.ts';
import { mapInOrder } from '../steps/map-in-order.ts';
import { placesRead } from '../steps/plan/places-read.ts';
import { newRunId } from '../run-record.ts';
import type { ProgressEvent } from '../ports/progress.ts';
import { BatchDisplay } from './batch-display.ts';
import type { FoundMember } from './batch-members.ts';
import { executeRun, type RunEnd } from './execute-run.ts';
import { EXIT, exitCodeOf, worstExit } from './exit-codes.ts';
import { entryOf } from './portfolio.ts';
import { describeError, type Terminal } from './terminal.ts';
import { openAmong, type Connections } from './use-case.ts';

/** Use cases whose views are looked at together before a batch begins. */
const ASKED_AT_ONCE = 4;

export interface BatchOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  /** Use cases at a time. */
  readonly atOnce: number;
}

interface Batch {
  readonly connections: Connections;
  readonly display: BatchDisplay;
  readonly options: BatchOptions;
}

/**
 * Runs several use cases, some of them at a time, on shared connections. The failure of one leaves the others running; what stops all (Ctrl-C, the end
 * of the time window) drains those that run and begins none. Resolves with how each ended, in the order of waves and names.
 */
export async function runBatch(
  connections: Connections,
  members: readonly FoundMember[],
  options: BatchOptions,
): Promise<BatchRecord> {
  const startedAt = new Date();
  const display = new BatchDisplay(connections.terminal);
  try {
    const ordered = await withReads(connections, inBatchOrder(members));
    const results = await everyMember({ connections, display, options }, ordered);
    const record: BatchRecord = {
      schema: BATCH_SCHEMA,
      batchId: newRunId(startedAt),
      startedBy: whoAmI(),
      startedAt: startedAt.toISOString(),
      finishedAt: new Date().toISOString(),
      exitCode: worstExit(results.map(({ exitCode }) => exitCode)),
      useCases: results,
    };
    if (options.dryRun !== true) await remember(connections, record, display);
    return record;
  } finally {
    display.close();
  }
}

/** What views of one read that another of its wave brings decides which comes first. */
async function withReads({ platform, signal }: Connections, members: readonly FoundMember[]): Promise<FoundMember[]> {
  const readsOf = async (member: FoundMember): Promise<FoundMember> => {
    const { mapping } = member;
    const isAlone = members.every((other) => other === member || other.wave !== member.wave);
    if (mapping === undefined || isAlone) return member;
    return { ...member, reads: await placesRead(platform.catalog, mapping, signal) };
  };
  return Array.fromAsync(mapInOrder(members, ASKED_AT_ONCE, readsOf));
}

/** What was done stays done, whether or not it can be remembered. */
async function remember({ project }: Connections, record: BatchRecord, display: BatchDisplay): Promise<void> {
  try {
    await batchHistory(project).add(record);
  } catch (error) {
    display.above(`${record.batchId}: ${messageOf(error)}`);
  }
}

async function everyMember(batch: Batch, members: readonly FoundMember[]): Promise<BatchResult[]> {
  const { signal } = batch.connections;
  const waiting = [...members];
  const running = new Map<FoundMember, Promise<void>>();
  const results = new Map<FoundMember, BatchResult>();
  while (!signal.aborted && waiting.length + running.size > 0) {
    const next = running.size < batch.options.atOnce ? nextToBegin(waiting, [...running.keys()]) : undefined;
    if (next === undefined) {
      await Promise.race(running.values());
      continue;
    }
    waiting.splice(waiting.indexOf(next), 1);
    const ended = runMember(batch, next).then((result) => {
      results.set(next, result);
      running.delete(next);
    });
    running.set(next, ended);
  }
  await Promise.all(running.values());
  return members.map((member) => results.get(member) ?? notBegun(member, signal.reason));
}

async function runMember(batch: Batch, member: FoundMember): Promise<BatchResult> {
  const startedAt = performance.now();
  const display = batch.display.of(member.id);
  const printed: string[] = [];
  const { terminal } = batch.connections;
  // Nobody can be asked, and what several print at a time would be mixed.
  const quiet: Terminal = {
    ...terminal,
    canAsk: false,
    print: (line) => void printed.push(line),
    printJson: () => undefined,
    say: (line) => display.above(line),
  };
  const durationMs = (): number => Math.round(performance.now() - startedAt);
  try {
    if (member.fault !== undefined) throw member.fault as Error;
    const end = await openAmong({ ...batch.connections, terminal: quiet }, { id: member.id, display }, (session) =>
      executeRun(session, { ...batch.options, isBatch: true }),
    );
    if (!terminal.isJson) for (const line of printed) terminal.print(`${member.id}  ${line}`);
    return { ...resultOf(member, end), durationMs: durationMs() };
  } catch (error) {
    if (!terminal.isJson) for (const line of describeError(error, terminal.words).split('\n')) display.above(line);
    return { ...failure(member, error), hasBegun: true, durationMs: durationMs() };
  } finally {
    display.close();
  }
}

function resultOf({ id, wave }: FoundMember, { exitCode, plan, done }: RunEnd): Omit<BatchResult, 'durationMs'> {
  const { files, sizeBytes } = figuresOf(done?.result.report);
  return {
    useCase: id,
    wave,
    exitCode,
    hasBegun: true,
    planHash: plan.hash,
    files,
    sizeBytes,
    ...(done === undefined
      ? {}
      : {
          runId: done.result.run.runId,
          verdict: done.result.report.verdict,
          report: done.places.find((place) => place.endsWith('.html')),
        }),
  };
}

function notBegun(member: FoundMember, reason: unknown): BatchResult {
  return { ...failure(member, reason), hasBegun: false, durationMs: 0 };
}

function failure({ id, wave }: FoundMember, error: unknown): Omit<BatchResult, 'durationMs' | 'hasBegun'> {
  const { code, hint } = isLakeliftError(error) ? error : { code: 'UNEXPECTED', hint: undefined };
  return {
    useCase: id,
    wave,
    exitCode: exitCodeOf(error),
    files: 0,
    sizeBytes: 0,
    error: { code, message: messageOf(error), ...(hint === undefined ? {} : { hint }) },
  };
}

/** Use cases that did not end well: in the last batch that had them, unless a run of their own did since. */
export async function failedIds({ project, listeners }: Connections): Promise<Set<string>> {
  const last = new Map<string, { readonly exitCode: number; readonly startedAt: string }>();
  for (const { useCases, startedAt } of await batchHistory(project).list())
    for (const { useCase, exitCode } of useCases) if (!last.has(useCase)) last.set(useCase, { exitCode, startedAt });
  const failed = [...last].filter(([, { exitCode }]) => exitCode !== EXIT.ok);
  const still = await Promise.all(
    failed.map(async ([id, { startedAt }]) => {
      const progress = (event: ProgressEvent) => listeners.forEach((listen) => listen(event));
      const entry = await entryOf({ project, id, progress }).catch(() => undefined);
      const isMended = (entry?.lastRun?.startedAt ?? '') > startedAt && MENDED.has(entry!.stage);
      return isMended ? [] : [id];
    }),
  );
  return new Set(still.flat());
}

const MENDED: ReadonlySet<Stage> = new Set(['identical', 'accepted']);
