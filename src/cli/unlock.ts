import { Command } from 'commander';
import { stateStore } from '../compose-state.ts';
import { loadMigration } from '../config/migration-file.ts';
import { LakeliftError } from '../errors.ts';
import { breakLease } from '../steps/state/state-lease.ts';
import { projectOf, terminalOf } from './session.ts';

export function unlockCommand(): Command {
  return new Command('unlock')
    .summary('end the lease of a killed job on the state of a use case, by its exact id')
    .description(
      'A lease that is not renewed runs out by itself; this ends it at once. Make sure first that its process is gone: if it is not, it stops at its next attempt to write the state, and what it has copied stays.',
    )
    .argument('<use-case>', 'name of a script in migrations/')
    .argument('<lease-id>', 'as the refused command named it')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift unlock absences 0b6c3a52-7a49-4b0e-9d2b-0d5f1c1f7a10\n\nExit codes: 0 ended, 2 not locked, locked under another id, or no state bucket is configured.',
    )
    .action(async (id: string, leaseId: string, _options: unknown, command: Command) => {
      const terminal = terminalOf(command);
      const project = await projectOf(command);
      const { id: useCase } = await loadMigration(project.root, id);
      const store = stateStore(project);
      if (store === undefined) throw noStateBucket();
      try {
        const ended = await breakLease(store, useCase, leaseId);
        if (terminal.isJson) terminal.printJson({ useCase, ended });
        else terminal.print(`${useCase}: ${ended.startedBy}, ${ended.since}, ${ended.id}`);
      } finally {
        store.close();
      }
    });
}

function noStateBucket(): LakeliftError {
  return new LakeliftError('The state of this project lies on this machine: its locks go with their processes', {
    kind: 'usage',
    code: 'NO_STATE_BUCKET',
    hint: 'Set state.bucket in lakelift.yaml to keep it in a bucket.',
  });
}
