import { Command, CommanderError } from 'commander';
import { noteEnvironmentSecrets, redact } from '../compose-secrets.ts';
import { withoutPeople } from '../domain/rules/personal-patterns.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { describeError, errorAsJson } from './terminal.ts';
import { DEFAULT_CONFIG } from './session.ts';
import { toolVersion } from './version.ts';
import { WORDS, languageOf } from './words.ts';

/** In the order of the help. Only the one that is named is loaded, the others where help is asked for: all of them take three times as long. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  wizard: async () => (await import('./wizard.ts')).wizardCommand(),
  init: async () => (await import('./init.ts')).initCommand(),
  doctor: async () => (await import('./doctor.ts')).doctorCommand(),
  assess: async () => (await import('./assess.ts')).assessCommand(),
  map: async () => (await import('./map.ts')).mapCommand(),
  permissions: async () => (await import('./permissions.ts')).permissionsCommand(),
  plan: async () => (await import('./plan.ts')).planCommand(),
  approve: async () => (await import('./approve.ts')).approveCommand(),
  run: async () => (await import('./run.ts')).runCommand(),
  reconcile: async () => (await import('./reconcile.ts')).reconcileCommand(),
  report: async () => (await import('./report.ts')).reportCommand(),
  accept: async () => (await import('./accept.ts')).acceptCommand(),
  evidence: async () => (await import('./evidence.ts')).evidenceCommand(),
  'verify-evidence': async () => (await import('./verify-evidence.ts')).verifyEvidenceCommand(),
  status: async () => (await import('./status.ts')).statusCommand(),
  zones: async () => (await import('./zones.ts')).zonesCommand(),
  generate: async () => (await import('./generate.ts')).generateCommand(),
  serve: async () => (await import('./serve.ts')).serveCommand(),
  erase: async () => (await import('./erase.ts')).eraseCommand(),
  dsn: async () => (await import('./dsn.ts')).dsnCommand(),
  unlock: async () => (await import('./unlock.ts')).unlockCommand(),
  demo: async () => (await import('./demo.ts')).demoCommand(),
  sandbox: async () => (await import('./sandbox.ts')).sandboxCommand(),
};

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

program.exitOverride();

// Whoever reads may stop reading (`| head`); the work goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  const words = isBare(process.argv) ? [...process.argv, 'wizard'] : process.argv;
  const [name = ''] = program.parseOptions(words.slice(2)).operands;
  const named = Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]!] : Object.values(COMMANDS);
  for (const load of named) program.addCommand((await load()).exitOverride());
  await program.parseAsync(words);
} catch (error) {
  process.exitCode = report(error);
}

/** At a terminal, lakelift without a command is the wizard; elsewhere it prints its help. */
function isBare(words: readonly string[]): boolean {
  const isTerminal = process.stdin.isTTY === true && process.stderr.isTTY === true && process.env['CI'] === undefined;
  const given = words.slice(2);
  const asksHelp = given.some((word) =>
    ['-h', '--help', '-V', '--version', '--json', '--no-input', 'help'].includes(word),
  );
  return isTerminal && !asksHelp && !given.some((word) => Object.hasOwn(COMMANDS, word)) && given.every(isGlobalOption);
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
