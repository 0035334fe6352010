import type { ReportTiming } from './domain/run-report.ts';
import type { Progress, StepName } from './ports/progress.ts';

/** Announces steps as they start and finish, and remembers how long each took. */
export class StepTimer {
  readonly #progress: Progress;
  readonly timings: ReportTiming[] = [];

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  async time<Result>(
    step: StepName,
    expected: { readonly items?: number; readonly sizeBytes?: number },
    work: () => Promise<Result>,
  ): Promise<Result> {
    const startedAt = performance.now();
    this.#progress({ kind: 'step-started', step, ...expected });
    const result = await work();
    const durationMs = Math.round(performance.now() - startedAt);
    this.timings.push({ step, durationMs });
    this.#progress({ kind: 'step-finished', step, durationMs });
    return result;
  }
}
