import { Command, CommanderError } from 'commander';
import { noteEnvironmentSecrets, redact } from '../compose-secrets.ts';
import { withoutPeople } from '../domain/rules/personal-patterns.ts';
import { acceptCommand } from './accept.ts';
import { approveCommand } from './approve.ts';
import { assessCommand } from './assess.ts';
import { doctorCommand } from './doctor.ts';
import { demoCommand } from './demo.ts';
import { dsnCommand } from './dsn.ts';
import { eraseCommand } from './erase.ts';
import { evidenceCommand } from './evidence.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { generateCommand } from './generate.ts';
import { initCommand } from './init.ts';
import { mapCommand } from './map.ts';
import { permissionsCommand } from './permissions.ts';
import { planCommand } from './plan.ts';
import { reconcileCommand } from './reconcile.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { sandboxCommand } from './sandbox.ts';
import { unlockCommand } from './unlock.ts';
import { serveCommand } from './serve.ts';
import { statusCommand } from './status.ts';
import { describeError, errorAsJson } from './terminal.ts';
import { verifyEvidenceCommand } from './verify-evidence.ts';
import { zonesCommand } from './zones.ts';
import { DEFAULT_CONFIG } from './session.ts';
import { toolVersion } from './version.ts';
import { wizardCommand } from './wizard.ts';
import { WORDS, languageOf } from './words.ts';

const program = new Command('lakelift')
  .description(
    'Takes a Cloudera lake (HDFS + Hive) to S3 and the AWS Glue Data Catalog, one use case at a time, with proof that nothing was lost.',
  )
  .version(toolVersion(), '-V, --version')
  .option('-c, --config <file>', 'configuration of the project', DEFAULT_CONFIG)
  .option('--lang <fr|en>', 'language of what people read; from the locale unless given')
  .option('--json', 'machine-readable result on stdout, progress as JSON lines on stderr')
  .option('--no-input', 'never ask; fail naming the option that answers')
  .showHelpAfterError('(add --help for the options)')
  .addHelpText(
    'after',
    '\nExit codes: 0 all well, 1 unexpected, 2 usage or configuration, 3 failed or undecided items, 4 differences, 5 denied, 6 locked, 7 stale or unapproved plan, 8 time window closed, 130 interrupted.',
  );

for (const command of [
  wizardCommand(),
  initCommand(),
  doctorCommand(),
  assessCommand(),
  mapCommand(),
  permissionsCommand(),
  planCommand(),
  approveCommand(),
  runCommand(),
  reconcileCommand(),
  reportCommand(),
  acceptCommand(),
  evidenceCommand(),
  verifyEvidenceCommand(),
  statusCommand(),
  zonesCommand(),
  generateCommand(),
  serveCommand(),
  eraseCommand(),
  dsnCommand(),
  unlockCommand(),
  demoCommand(),
  sandboxCommand(),
]) {
  program.addCommand(command.exitOverride());
}
program.exitOverride();

// Whoever reads may stop reading (`| head`); the work goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  await program.parseAsync(isBare(process.argv) ? [...process.argv, 'wizard'] : process.argv);
} catch (error) {
  process.exitCode = report(error);
}

/** At a terminal, lakelift without a command is the wizard; elsewhere it prints its help. */
function isBare(words: readonly string[]): boolean {
  const isTerminal = process.stdin.isTTY === true && process.stderr.isTTY === true && process.env['CI'] === undefined;
  const given = words.slice(2);
  const names = program.commands.map((command) => command.name());
  const asksHelp = given.some((word) =>
    ['-h', '--help', '-V', '--version', '--json', '--no-input', 'help'].includes(word),
  );
  return isTerminal && !asksHelp && !given.some((word) => names.includes(word)) && given.every(isGlobalOption);
}

/** An option that every command takes, or the value of one. */
function isGlobalOption(word: string, index: number, words: readonly string[]): boolean {
  const before = words[index - 1];
  return /^(-c|--config|--lang)(=|$)/.test(word) || before === '-c' || before === '--config' || before === '--lang';
}

function report(error: unknown): number {
  noteEnvironmentSecrets();
  if (error instanceof CommanderError) return reportUsage(error);
  const options = program.opts<{ lang?: string; json?: boolean }>();
  if (options.json === true) process.stdout.write(`${redact(JSON.stringify(errorAsJson(error)))}\n`);
  process.stderr.write(
    `${redact(withoutPeople(describeError(error, WORDS[languageOf(options.lang, process.env)])))}\n`,
  );
  return exitCodeOf(error);
}

/** Commander has said it on stderr already. Options are not known yet where it could not read them. */
function reportUsage({ exitCode, code, message }: CommanderError): number {
  if (exitCode === 0) return EXIT.ok;
  const error = { code, kind: 'usage', message, hint: 'Add --help for the options.' };
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error })}\n`);
  return EXIT.usage;
}
