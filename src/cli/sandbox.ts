import { writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { startSandbox } from '../sandbox/sandbox.ts';
import { sandboxKeys } from './sandbox-keys.ts';
import { terminalOf } from './session.ts';

export function sandboxCommand(): Command {
  return new Command('sandbox')
    .summary('start a cluster and an AWS account in this process, to try things on')
    .description(
      'Starts the sandbox over a directory, writes a configuration that uses it, and runs until Ctrl-C. Objects and catalog are kept in the directory.',
    )
    .option('--directory <dir>', 'where its files lie', '.lakelift/sandbox')
    .option('--write-config <file>', 'configuration to write', '.lakelift/sandbox.yaml')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift sandbox &\n  $ export AWS_ACCESS_KEY_ID=SANDBOX AWS_SECRET_ACCESS_KEY=sandbox-secret\n  $ lakelift --config .lakelift/sandbox.yaml run absences',
    )
    .action(async (options: { directory: string; writeConfig: string }, command: Command) => {
      const terminal = terminalOf(command);
      const directory = resolve(options.directory);
      const sandbox = await startSandbox({ directory, lake: 'whole' });
      try {
        await writeFile(
          options.writeConfig,
          stringify({
            ...sandbox.configuration,
            privacy: { keys: await sandboxKeys(process.cwd()) },
            state: { directory: resolve(directory, 'state') },
          }),
        );
        const { environment } = sandbox;
        if (terminal.isJson) terminal.printJson({ config: options.writeConfig, environment });
        else for (const [name, value] of Object.entries(environment)) terminal.print(`export ${name}='${value}'`);
        terminal.say(`--config ${options.writeConfig}`);
        const stop = new AbortController();
        for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
        await once(stop.signal, 'abort');
      } finally {
        await sandbox.close();
      }
    });
}
