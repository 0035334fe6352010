import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * `npm test`: types, lint, format, dead code, then every test on the sandbox and on the real stack.
 * The last line is `N passed, N failed, N skipped`; a check that fails counts as one failed test.
 */
const CHECKS = ['types', 'lint', 'format:check', 'unused'] as const;

interface VitestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

const totals = { passed: 0, failed: 0, skipped: 0 };

for (const check of CHECKS) {
  const { status } = spawnSync('npm', ['run', '--silent', check], { stdio: 'inherit' });
  if (status === 0) totals.passed++;
  else totals.failed++;
  console.log(`${status === 0 ? 'ok' : 'FAILED'}: ${check}`);
}

const directory = mkdtempSync(join(tmpdir(), 'lakelift-test-'));
try {
  for (const project of ['sandbox', 'stack']) runTests(project);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed === 0 ? 0 : 1;

function runTests(project: string): void {
  const output = join(directory, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${output}`];
  const { status } = spawnSync('vitest', ['run', '--config', '.config/vitest.ts', '--project', project, ...reporters], {
    stdio: 'inherit',
  });
  const result = readResult(output);
  if (result === undefined) {
    totals.failed++;
    return;
  }
  totals.passed += result.numPassedTests;
  totals.skipped += result.numPendingTests + result.numTodoTests;
  // A suite that cannot even load fails without a failed test.
  totals.failed +=
    result.numFailedTests > 0 || status === 0 ? result.numFailedTests : Math.max(1, result.numFailedTestSuites);
}

function readResult(path: string): VitestResult | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as VitestResult;
  } catch {
    return undefined;
  }
}
