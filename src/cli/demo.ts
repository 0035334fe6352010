import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { parseConfig, type Project } from '../config/config.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { EXIT } from './exit-codes.ts';
import { run } from './run.ts';
import { terminalOf } from './session.ts';
import { paint, type Terminal } from './terminal.ts';
import { openUseCase } from './use-case.ts';

const USE_CASES = ['churn', 'absences', 'field-sales'];

export function demoCommand(): Command {
  return new Command('demo')
    .summary('migrate three use cases of a small insurer, without a cluster and without AWS')
    .description(
      'Starts a cluster and an AWS account inside this process (real protocols, temporary files), and runs three use cases from plan to report.',
    )
    .addHelpText('after', '\nExamples:\n  $ npm run demo\n  $ lakelift demo --lang fr')
    .action(async (_options: unknown, command: Command) => {
      const terminal = terminalOf(command);
      const directory = await mkdtemp(join(tmpdir(), 'lakelift-demo-'));
      const sandbox = await startSandbox({ directory });
      Object.assign(process.env, sandbox.environment);
      const project: Project = {
        root: process.cwd(),
        config: parseConfig({ ...sandbox.configuration, state: { directory: join(directory, 'state') } }),
      };
      let worst: number = EXIT.ok;
      const results: unknown[] = [];
      const collecting: Terminal = { ...terminal, printJson: (result) => void results.push(result) };
      try {
        for (const id of USE_CASES) {
          terminal.say(`\n${paint('bold', `▶ ${id}`, process.stderr)}`);
          worst = Math.max(
            worst,
            await openUseCase({ terminal: collecting, project }, id, (session) => run(session, { yes: true })),
          );
        }
      } finally {
        await sandbox.close();
        await rm(directory, { recursive: true, force: true });
      }
      if (terminal.isJson) terminal.printJson(results);
      // The lake of the demo holds traps on purpose: what waits for a decision is not a failed demo.
      process.exitCode = worst === EXIT.itemsFailed ? EXIT.ok : worst;
    });
}
