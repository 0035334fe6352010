import { Command } from 'commander';
import { connect, zoneTargets } from '../compose.ts';
import { readDatasets } from '../config/datasets-file.ts';
import { readMapping } from '../config/mapping-file.ts';
import { loadMigration } from '../config/migration-file.ts';
import { isToLookAt, type StandingPrivacy, type StandingPrivacyReport } from '../domain/privacy/standing-report.ts';
import { formatCount, formatTime } from '../report/quantities.ts';
import { renderStandingPage } from '../report/standing-page.ts';
import { STANDING_WORDS } from '../report/standing-words.ts';
import { findStanding } from '../steps/zones/find-standing.ts';
import { readAudit } from '../steps/zones/read-audit.ts';
import { describeDatasets, standingReport } from '../steps/zones/standing-report.ts';
import { earlierBuild, readEarlierBuilds } from './earlier-builds.ts';
import { EXIT } from './exit-codes.ts';
import { withReadLedger } from './locked-ledger.ts';
import { interruptible, notesTo, projectOf, terminalOf } from './session.ts';
import { table, visible, type Terminal } from './terminal.ts';
import { noRun } from './use-case.ts';
import { putPrivacy, subjectOf } from './write-privacy.ts';
import { recordZone, zoneOf } from './zone-of.ts';
import { ZONES_WORDS } from './zones-words.ts';

interface Reported {
  readonly places: readonly string[];
  readonly report: StandingPrivacyReport;
}

export function zonesReportCommand(): Command {
  return new Command('report')
    .summary('write the privacy report of the datasets as they stand, whoever made them')
    .description(
      'Reads what builds, jobs and functions have left of figures (with the tables of the catalog, and below _audit/ of raw) and writes the privacy report of the datasets as they stand, beside the report of the latest run, to be accepted and packed with it. It takes the place of the one that stands there, unless that was accepted. What nothing says is a dash. No row is read.',
    )
    .argument('<use-case>', 'name of a script in migrations/')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift zones report absences\n  $ lakelift zones report absences --lang fr\n  $ lakelift zones report absences --json\n\nExit codes: 0 written, 3 written, and a dataset is to be looked at: it does not stand, nothing gives its figures, it is not as declared, or an execution or a function has failed.',
    )
    .action(async (id: string, _options: unknown, command: Command) => {
      const terminal = terminalOf(command);
      const reported = await interruptible(terminal, (signal) => report(command, id, signal));
      const { places, report: written } = reported;
      if (terminal.isJson) terminal.printJson({ places, report: written });
      else print(terminal, reported);
      if (written.datasets.some(isToLookAt)) process.exitCode = EXIT.itemsFailed;
    });
}

async function report(command: Command, id: string, signal: AbortSignal): Promise<Reported> {
  const [terminal, project] = [terminalOf(command), await projectOf(command)];
  const migration = await loadMigration(project.root, id);
  const useCase = migration.id;
  const mapping = await readMapping(project.root, id);
  const datasets = await readDatasets(project.root, id);
  const { validByChance } = datasets;
  const zones = zoneTargets(project.config);
  const { runId, builds } = await withReadLedger({ project, useCase, progress: notesTo(terminal) }, async (ledger) => {
    const [last] = ledger.listRuns();
    if (last === undefined) throw noRun(id);
    return { runId: last.runId, builds: await readEarlierBuilds(project, useCase, ledger) };
  });
  const platform = await connect(project, () => undefined);
  const { store, targetCatalog: catalog } = platform;
  try {
    const audit = await readAudit({ useCase, zone: recordZone(zones), store, signal });
    const place = { useCase, scheme: datasets.pseudonyms, store, catalog, signal, audit };
    const described = await describeDatasets(datasets, mapping, ({ dataset }) => {
      const findBuild = (digests: readonly string[]) => earlierBuild(builds, dataset, digests);
      return findStanding({ ...place, dataset, zone: zoneOf(dataset, zones), findBuild });
    });
    let written: StandingPrivacyReport | undefined;
    const places = await putPrivacy({ terminal, project, migration }, runId, (drawnUp) => {
      written = standingReport(subjectOf(migration), drawnUp, { validByChance, datasets: described });
      return { report: written, page: renderStandingPage(written, terminal.language) };
    });
    return { places, report: written! };
  } finally {
    await platform.close();
  }
}

function print(terminal: Terminal, { places, report: { datasets } }: Reported): void {
  const words = STANDING_WORDS[terminal.language];
  const rows = datasets.map((dataset) => rowOf(terminal, dataset));
  for (const line of table(words.terminalHead, rows, new Set([3, 4, 5]))) terminal.print(line);
  terminal.say(ZONES_WORDS[terminal.language].privacy(visible(places[0]!)));
}

function rowOf({ language }: Terminal, { name, standing, rows, suppressedRows, anonymity }: StandingPrivacy): string[] {
  const words = STANDING_WORDS[language];
  const count = (value: number | undefined): string => (value === undefined ? '–' : formatCount(value, language));
  const { madeBy, writtenAt } = standing;
  return [
    visible(name),
    words.madeBy[madeBy],
    writtenAt === undefined ? '–' : formatTime(writtenAt, language),
    ...[rows, suppressedRows, anonymity?.smallestClass].map(count),
  ];
}
