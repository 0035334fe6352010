import { Command } from 'commander';
import { loadMigration } from '../config/migration-file.ts';
import { percentOf, type Portfolio, type PortfolioEntry } from '../domain/portfolio.ts';
import { PORTFOLIO_WORDS } from '../report/portfolio-words.ts';
import { formatBytes, formatCount } from '../report/quantities.ts';
import { BATCH_WORDS } from './batch-words.ts';
import { drawPortfolio, entryOf, writePortfolio } from './portfolio.ts';
import { notesTo, projectOf, terminalOf } from './session.ts';
import { paint, table, type Terminal } from './terminal.ts';

const BATCHES_SHOWN = 5;

export function statusCommand(): Command {
  return new Command('status')
    .summary('show where every use case stands')
    .description(
      'Lists the use cases of the project with their stage, how far a run is, what blocks them and what to do next, and the last batches. Reads ledgers only, also while runs are under way; where the state is kept in a bucket, as it was saved there last.',
    )
    .argument('[use-case]', 'only this one')
    .option('--html', 'write reports/portfolio.html as well')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift status\n  $ lakelift status absences --json\n  $ watch -c lakelift status',
    )
    .action(async (id: string | undefined, options: { html?: boolean }, command: Command) => {
      const terminal = terminalOf(command);
      const project = await projectOf(command);
      const progress = notesTo(terminal);
      if (id !== undefined) {
        const entry = await entryOf({ project, id: (await loadMigration(project.root, id)).id, progress });
        return print(terminal, [entry]);
      }
      const portfolio = await drawPortfolio(project, progress);
      print(terminal, portfolio.entries);
      if (!terminal.isJson) printBatches(terminal, portfolio.batches);
      if (options.html !== true) return;
      for (const place of await writePortfolio(project, portfolio, terminal.language)) terminal.say(place);
    });
}

function print(terminal: Terminal, entries: readonly PortfolioEntry[]): void {
  if (terminal.isJson) return terminal.printJson(entries.map(statusJson));
  const { language, words } = terminal;
  const told = BATCH_WORDS[language];
  const head = [told.useCase, told.wave, words.status, told.progress, told.blockers, words.next];
  const rows = entries.map((entry) => [
    entry.useCase.id,
    String(entry.useCase.wave),
    PORTFOLIO_WORDS[language].stages[entry.stage],
    progressOf(entry, terminal),
    blockersOf(entry, terminal),
    entry.next,
  ]);
  for (const line of table(head, rows, new Set([1]))) terminal.print(line);
  for (const { useCase, runningAt } of entries)
    if (runningAt !== undefined) terminal.print(`${useCase.id}: ${paint('dim', runningAt)}`);
}

/** Files proven of those planned; of a plan alone nothing. */
function progressOf({ progress }: PortfolioEntry, { language }: Terminal): string {
  if (progress === undefined) return '-';
  const { files, ofFiles, sizeBytes } = progress;
  return `${percentOf(progress)} % (${formatCount(files, language)}/${formatCount(ofFiles, language)}, ${formatBytes(sizeBytes, language)})`;
}

function blockersOf({ blockers }: PortfolioEntry, { language }: Terminal): string {
  const words = PORTFOLIO_WORDS[language].blockers;
  return blockers.map(({ kind, count }) => `${formatCount(count, language)} ${words[kind]}`).join(', ') || '-';
}

function printBatches(terminal: Terminal, batches: Portfolio['batches']): void {
  if (batches.length === 0) return;
  const words = BATCH_WORDS[terminal.language];
  terminal.print(`\n${words.lastBatches}:`);
  for (const { batchId, startedBy, exitCode, useCases } of batches.slice(0, BATCHES_SHOWN)) {
    const good = useCases.filter((result) => result.exitCode === 0).length;
    const waves = [...new Set(useCases.map(({ wave }) => wave))].sort((a, b) => a - b).join(', ');
    terminal.print(
      `  ${batchId}  ${words.wave} ${waves}  ${startedBy}  ${words.batchLine(good, useCases.length)}  ${words.exitCode} ${exitCode}`,
    );
  }
}

/** One flat object a use case, for scripts. */
function statusJson({ useCase, stage, lastRun, progress, verdict, decision, ...entry }: PortfolioEntry): unknown {
  const { approval, runningAt, blockers, next } = entry;
  return {
    useCase: useCase.id,
    wave: useCase.wave,
    stage,
    status: lastRun?.status ?? 'new',
    runId: lastRun?.runId,
    runningAt,
    approval,
    progress,
    blockers,
    verdict,
    decision,
    next,
  };
}
