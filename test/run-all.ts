import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { TRIED_AGAIN } from './tried-again-reporter.ts';

/**
 * `npm test`: types, lint, format, dead code and the tests on the sandbox one after the other, and beside them the tests on the real stack, which wait for its
 * servers more than they compute. The last line is `N passed, N failed, N skipped`; a check that fails counts as one failed test. Before it stand the tests that
 * passed at a second attempt only. In CI the files of few failed tests are run once more when both are through, with nothing beside them: two cores that do
 * everything at once make any limit of time too short some day, and a fault of the code fails there too.
 */
const CHECKS = ['types', 'lint', 'format:check', 'unused'] as const;
const MOST_FILES_ALONE = 5;

type Project = 'sandbox' | 'stack';

interface VitestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly name: string; readonly status: string }[];
}

interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Tested extends Totals {
  readonly project: Project;
  /** An error that no test was there for: nothing is forgiven then. */
  readonly hasUnhandled: boolean;
  readonly failedFiles: readonly string[];
}

const triedAgain: string[] = [];
const unhandled = new Set<string>();
const directory = mkdtempSync(join(tmpdir(), 'lakelift-test-'));
const totals: Totals[] = [];
try {
  const tested = await Promise.all([checked().then(() => runTests('sandbox')), runTests('stack')]);
  for (const each of tested) totals.push(await alone(each));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
const [passed, failed, skipped] = (['passed', 'failed', 'skipped'] as const).map((key) =>
  totals.reduce((sum, each) => sum + each[key], 0),
);
if (triedAgain.length > 0) console.log(triedAgain.join('\n'));
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;

async function checked(): Promise<void> {
  for (const check of CHECKS) {
    const isGood = (await run(check, 'npm', ['run', '--silent', check])) === 0;
    totals.push({ passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0 });
    console.log(`${isGood ? 'ok' : 'FAILED'}: ${check}`);
  }
}

async function runTests(project: Project, files: readonly string[] = []): Promise<Tested> {
  const output = join(directory, `${project}-${files.length}.json`);
  const reporters = [
    ...['--reporter=default', '--reporter=./test/tried-again-reporter.ts'],
    ...['--reporter=json', `--outputFile.json=${output}`],
  ];
  const status = await run(project, 'vitest', [
    ...['run', '--config', '.config/vitest.ts', '--project', project],
    ...reporters,
    ...files,
  ]);
  const result = readResult(output);
  if (result === undefined) return { project, passed: 0, failed: 1, skipped: 0, hasUnhandled: true, failedFiles: [] };
  return {
    project,
    hasUnhandled: unhandled.has(project),
    passed: result.numPassedTests,
    skipped: result.numPendingTests + result.numTodoTests,
    // A suite that cannot even load fails without a failed test.
    failed: result.numFailedTests > 0 || status === 0 ? result.numFailedTests : Math.max(1, result.numFailedTestSuites),
    failedFiles: result.testResults.filter(({ status }) => status === 'failed').map(({ name }) => name),
  };
}

/** What was tested, after the files with failed tests were run once more with nothing beside them. */
async function alone(first: Tested): Promise<Totals> {
  const { project, failedFiles, hasUnhandled } = first;
  const isWorthwhile = !hasUnhandled && failedFiles.length > 0 && failedFiles.length <= MOST_FILES_ALONE;
  if (process.env['CI'] === undefined || !isWorthwhile) return first;
  const again = await runTests(project, failedFiles);
  if (again.failed > 0 || again.hasUnhandled) return first;
  triedAgain.push(...failedFiles.map((file) => `${TRIED_AGAIN} ${relative('.', file)}: passed alone only, see above`));
  return { ...first, passed: first.passed + first.failed, failed: 0 };
}

/** Its lines come out as they are written, with the name of what wrote them. */
async function run(name: string, command: string, args: readonly string[]): Promise<number> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      console.log(`${name} │ ${line}`);
      if (line.startsWith(TRIED_AGAIN)) triedAgain.push(line);
      if (/Unhandled (Errors|Rejection)/.test(line)) unhandled.add(name);
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
