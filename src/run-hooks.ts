import type { HookContext } from './domain/migration.ts';
import type { RunId } from './domain/names.ts';
import type { ReportCheck } from './domain/run-report.ts';
import { messageOf } from './errors.ts';
import type { UseCase } from './draw-plan.ts';

/** Puts the questions of the migration script; one that throws has failed. */
export async function runChecks(useCase: UseCase, runId: RunId): Promise<ReportCheck[]> {
  const results: ReportCheck[] = [];
  for (const { name, run: check } of useCase.migration.checks) {
    try {
      results.push({ name, ...(await check(hookContext(useCase, runId))) });
    } catch (error) {
      useCase.signal.throwIfAborted();
      results.push({ name, isOk: false, detail: messageOf(error) });
    }
  }
  return results;
}

export function hookContext({ migration, platform, progress, signal }: UseCase, runId: RunId): HookContext {
  const { sourceEngine, targetEngine } = platform;
  return {
    useCase: migration.id,
    runId,
    signal,
    note: (message) => progress({ kind: 'note', level: 'info', message }),
    querySource: sourceEngine && ((sql) => sourceEngine.query(sql, signal)),
    queryTarget: targetEngine && ((sql) => targetEngine.query(sql, signal)),
  };
}
