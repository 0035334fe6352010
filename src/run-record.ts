import { randomBytes } from 'node:crypto';
import type { RunId } from './domain/names.ts';
import type { PlanSummary } from './domain/plan.ts';
import type { Ledger, RunRecord } from './ports/ledger.ts';

/** The run to work under: an unfinished one of the same plan is gone on with; otherwise a new one begins. */
export function openRun(
  ledger: Ledger,
  plan: PlanSummary,
  who: { readonly startedBy: string; readonly toolVersion: string },
): RunRecord {
  const [last] = ledger.listRuns();
  const isUnfinished = last !== undefined && last.status !== 'finished' && last.planHash === plan.hash;
  const run: RunRecord = isUnfinished
    ? { ...last, status: 'running', finishedAtMs: undefined }
    : {
        runId: newRunId(new Date()),
        planHash: plan.hash,
        toolVersion: who.toolVersion,
        startedBy: who.startedBy,
        startedAtMs: Date.now(),
        status: 'running',
      };
  ledger.startRun(run);
  return run;
}

/** Sorts by time and is plain enough for a folder: `20261123-231500-1a2b`. */
export function newRunId(now: Date): RunId {
  const [date, time] = now.toISOString().split('T') as [string, string];
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(2).toString('hex')}` as RunId;
}
