import type { Reporter, TestCase } from 'vitest/node';

export const TRIED_AGAIN = 'tried again:';

/** Says which tests passed at a second attempt only, and how the first failed: vitest's own reporter does so at a terminal alone. */
export default class TriedAgainReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const { flaky } = test.diagnostic() ?? {};
    if (flaky !== true) return;
    const [why] = (test.result().errors?.[0]?.message ?? 'no error was kept').split('\n', 1);
    console.log(`${TRIED_AGAIN} ${test.module.relativeModuleId} > ${test.fullName}: ${why}`);
  }
}
