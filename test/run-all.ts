import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { TRIED_AGAIN } from './tried-again-reporter.ts';

/**
 * `npm test`: types, lint, format, dead code and the tests on the sandbox one after the other, and beside them the tests on the real stack, which wait for its
 * servers more than they compute. The last line is `N passed, N failed, N skipped`; a check that fails counts as one failed test. Before it stand the tests that
 * passed at a second attempt only.
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
const triedAgain: string[] = [];
const directory = mkdtempSync(join(tmpdir(), 'lakelift-test-'));
try {
  await Promise.all([checksAndSandbox(), runTests('stack')]);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
if (triedAgain.length > 0) console.log(triedAgain.join('\n'));
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed === 0 ? 0 : 1;

async function checksAndSandbox(): Promise<void> {
  for (const check of CHECKS) {
    const status = await run(check, 'npm', ['run', '--silent', check]);
    if (status === 0) totals.passed++;
    else totals.failed++;
    console.log(`${status === 0 ? 'ok' : 'FAILED'}: ${check}`);
  }
  await runTests('sandbox');
}

async function runTests(project: 'sandbox' | 'stack'): Promise<void> {
  const output = join(directory, `${project}.json`);
  const reporters = [
    ...['--reporter=default', '--reporter=./test/tried-again-reporter.ts'],
    ...['--reporter=json', `--outputFile.json=${output}`],
  ];
  const status = await run(project, 'vitest', [
    ...['run', '--config', '.config/vitest.ts', '--project', project],
    ...reporters,
  ]);
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

/** Its lines come out as they are written, with the name of what wrote them. */
async function run(name: string, command: string, args: readonly string[]): Promise<number> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      console.log(`${name} │ ${line}`);
      if (line.startsWith(TRIED_AGAIN)) triedAgain.push(line);
    });
  return new Promise((resolve, reject) => child.once('error', reject).once('close', (code) => resolve(code ?? 1)));
}

function readResult(path: string): VitestResult | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as VitestResult;
  } catch {
    return undefined;
  }
}
