import { resolve } from 'node:path';
import { Command } from 'commander';
import { isLakeliftError } from '../errors.ts';
import { terminalAsk } from '../wizard/prompts.ts';
import { openRoom } from '../wizard/room.ts';
import { runWizard } from '../wizard/wizard.ts';
import { WIZARD_WORDS } from '../wizard/words.ts';
import { EXIT } from './exit-codes.ts';
import { DEFAULT_CONFIG, requireAnswer, terminalOf, type GlobalOptions } from './session.ts';
import { visible } from './terminal.ts';

export function wizardCommand(): Command {
  return new Command('wizard')
    .summary('lead through a use case step by step, from nothing to an accepted report')
    .description(
      'Connects and checks, helps to choose or define a use case, to decide zones and personal data, shows the plan, runs it and records the acceptance. Writes the same files that a person would, after showing what changes. Needs a terminal; without a command, lakelift starts it there.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift\n  $ lakelift wizard --lang fr\n  $ lakelift --config staging.yaml wizard',
    )
    .action(async (_options: unknown, command: Command) => {
      const terminal = terminalOf(command);
      requireAnswer(terminal, 'a command; "lakelift --help" lists them');
      const words = WIZARD_WORDS[terminal.language];
      const { config } = command.optsWithGlobals<GlobalOptions>();
      const again = config === DEFAULT_CONFIG ? 'lakelift wizard' : `lakelift --config ${config} wizard`;
      const root = process.cwd();
      const room = openRoom({ terminal, ask: terminalAsk(words), root, configFile: resolve(root, config) });
      try {
        await runWizard(room);
      } catch (error) {
        if (!isLakeliftError(error, 'interrupted')) throw error;
        terminal.say(words.left(visible(again)));
        process.exitCode = EXIT.interrupted;
      } finally {
        await room.close();
      }
    });
}
