import { Command } from 'commander';
import { whoAmI } from '../compose.ts';
import { reportFolder } from '../compose-reports.ts';
import type { Project } from '../config/config.ts';
import { loadMigration } from '../config/migration-file.ts';
import type { Acceptance } from '../domain/acceptance/acceptance.ts';
import type { AcceptanceDraft } from '../domain/acceptance/judge-acceptance.ts';
import type { OpenPoint, OpenPoints } from '../domain/acceptance/open-points.ts';
import type { RunId } from '../domain/names.ts';
import type { RunReport } from '../domain/run-report.ts';
import { LakeliftError } from '../errors.ts';
import type { Ledger } from '../ports/ledger.ts';
import {
  openPoints,
  recordAcceptance,
  requireGenuineReport,
  type GenuineReport,
} from '../steps/accept/accept-report.ts';
import { ACCEPT_WORDS } from './accept-words.ts';
import { decisionOf, reservationOf, waiversOf, type AcceptOptions } from './acceptance-options.ts';
import { askAcceptance } from './ask-acceptance.ts';
import { EXIT } from './exit-codes.ts';
import { acceptedFiles, readReport } from './read-report.ts';
import { withLockedLedger } from './locked-ledger.ts';
import { notesTo, projectOf, requireAnswer, terminalOf } from './session.ts';
import { paint, visible, type Terminal } from './terminal.ts';
import { noRun } from './use-case.ts';
import { toolVersion } from './version.ts';
import { writeAcceptance } from './write-acceptance.ts';
import { writePdf } from './write-pdf.ts';

const repeated = (value: string, before: readonly string[]): string[] => [...before, value];

export function acceptCommand(): Command {
  return new Command('accept')
    .summary('accept the migration of a use case, or refuse it, on its last report')
    .description(
      'Records who accepts which report (by its SHA-256), with which reservations, and writes the acceptance record ("procès-verbal de recette") beside the report. Refused while a difference is not explained: mend it, or waive it by its id with a reason. Asks at a terminal; in batch, --report, --decision, --by and --role answer.',
    )
    .argument('<use-case>', 'name of a script in migrations/')
    .option('--list', 'print what the report leaves open, with the id of each point, and stop')
    .option('--run <run-id>', 'the run whose report was read; refused unless it is the latest')
    .option('--report <sha256>', 'SHA-256 of the report.json that was read; another one is refused with exit code 7')
    .option('--decision <decision>', 'accepted, accepted-with-reservations or refused')
    .option('--by <name>', 'who decides')
    .option('--role <role>', 'in which role')
    .option(
      '--reservation <text|owner|date>',
      'what must still be done, by whom, until when; may be repeated',
      repeated,
      [],
    )
    .option('--waive <id=reason>', 'take an open point on yourself; may be repeated', repeated, [])
    .option('--waivers <file>', 'the same as a list in YAML or JSON, each entry with id and reason')
    .option('--remark <text>', 'a remark; for a refusal, its reason')
    .option('--pdf', 'the record as PDF too, through headless Chromium where there is one')
    .addHelpText(
      'after',
      `
Examples:
  $ lakelift accept absences
  $ lakelift accept absences --list --json | jq .differences
  $ lakelift accept absences --report 3b5d… --decision accepted --by "Anne Martin" --role "DSI"
  $ lakelift accept absences --report 3b5d… --decision accepted-with-reservations --by "Anne Martin" --role "DSI" \\
      --reservation "View v_effectif to be rewritten | equipe-data | 2027-01-31" --waive "0f3a91c2b7d4=archive, replaced by DSN"

Exit codes: 0 recorded, 2 usage, 4 differences are not explained or the report was altered, 6 a run is under way, 7 not the latest report.`,
    )
    .action(async (id: string, options: AcceptOptions, command: Command) => {
      const place = { terminal: terminalOf(command), project: await projectOf(command), id };
      process.exitCode = await acceptUseCase(place, options);
    });
}

/** Records a decision on the last report of a use case, asking for what the options leave open; returns the exit code. */
export async function acceptUseCase(
  { terminal, project, id }: { readonly terminal: Terminal; readonly project: Project; readonly id: string },
  options: AcceptOptions,
): Promise<number> {
  const { id: useCase } = await loadMigration(project.root, id);
  return withLockedLedger({ project, useCase, progress: notesTo(terminal) }, (ledger) =>
    accept({ terminal, project, ledger, options }),
  );
}

interface AcceptRequest {
  readonly terminal: Terminal;
  readonly project: Project;
  readonly ledger: Ledger;
  readonly options: AcceptOptions;
}

async function accept({ terminal, project, ledger, options }: AcceptRequest): Promise<number> {
  const { report, genuine } = await reportToAccept(project, ledger, options);
  const waivers = await waiversOf(project.root, options);
  const open = await openPoints(report, genuine, waivers);
  if (options.list === true) return printOpenPoints(terminal, genuine, open);
  const draft = await draftOf({ terminal, report, genuine, open }, options, waivers);
  if (draft === undefined) return declined(terminal);
  const who = { at: new Date().toISOString(), recordedBy: whoAmI(), toolVersion: toolVersion() };
  const decisions = await recordAcceptance(ledger, { report, genuine, draft }, who);
  const places = await writeAcceptance(
    { project, report, ledger, runId: genuine.runId, language: terminal.language },
    decisions,
  );
  const printed = options.pdf === true ? await writePdf(terminal, project, places) : [];
  printRecorded(terminal, decisions.at(-1)!, [...places, ...printed]);
  return EXIT.ok;
}

async function reportToAccept(
  project: Project,
  ledger: Ledger,
  options: AcceptOptions,
): Promise<{ report: RunReport; genuine: GenuineReport }> {
  const runId = (options.run ?? ledger.listRuns()[0]?.runId) as RunId | undefined;
  if (runId === undefined) throw noRun(ledger.useCase);
  const folder = reportFolder(project, ledger.useCase, runId);
  const genuine = await requireGenuineReport(ledger, { runId, folder, files: acceptedFiles });
  if (options.report !== undefined && options.report !== genuine.sha256)
    throw anotherReport(ledger.useCase, options.report, genuine.sha256);
  return { report: await readReport(folder), genuine };
}

/** From the options where nobody can be asked. */
async function draftOf(
  given: { terminal: Terminal; report: RunReport; genuine: GenuineReport; open: OpenPoints },
  options: AcceptOptions,
  waivers: AcceptanceDraft['waivers'],
): Promise<AcceptanceDraft | undefined> {
  const { terminal, report, genuine, open } = given;
  const decision = options.decision === undefined ? undefined : decisionOf(options.decision);
  const reservations = options.reservation.map(reservationOf);
  const by =
    options.by === undefined || options.role === undefined ? undefined : { name: options.by, role: options.role };
  const remark = options.remark === undefined ? {} : { remark: options.remark };
  if (options.report !== undefined && decision !== undefined && by !== undefined)
    return { decision, by, reservations, waivers, ...remark };
  requireAnswer(terminal, '--report, --decision, --by and --role');
  showReport(terminal, report, { genuine, open });
  return askAcceptance(terminal, open, {
    sha256: genuine.sha256,
    reservations,
    waivers,
    ...remark,
    ...(decision === undefined ? {} : { decision }),
    ...(by === undefined ? {} : { by }),
  });
}

function showReport(
  terminal: Terminal,
  { useCase, run }: RunReport,
  { genuine, open }: { genuine: GenuineReport; open: OpenPoints },
): void {
  const told = ACCEPT_WORDS[terminal.language];
  terminal.say(paint('bold', told.report(useCase.title[terminal.language], run.runId), process.stderr));
  terminal.say(`${told.digest}: ${genuine.sha256}`);
  if (open.differences.total + open.others.total === 0) terminal.say(told.nothingOpen);
  if (open.differences.total > 0) terminal.say(told.differences(open.differences.total));
  if (open.others.total > 0) terminal.say(told.others(open.others.total));
  for (const point of open.others.shown.slice(0, 15)) terminal.say(`  ${pointLine(point)}`);
}

function printOpenPoints(terminal: Terminal, { runId, sha256 }: GenuineReport, open: OpenPoints): number {
  const { differences, others } = open;
  if (terminal.isJson) terminal.printJson({ runId, report: sha256, differences, others });
  else {
    for (const point of [...differences.shown, ...others.shown]) terminal.print(`${point.kind}  ${pointLine(point)}`);
    terminal.say(`${ACCEPT_WORDS[terminal.language].digest}: ${sha256}`);
  }
  return EXIT.ok;
}

function pointLine({ id, scope, subject, detail }: OpenPoint): string {
  return `${id}  ${visible(scope)}: ${visible(subject)}: ${visible(detail)}`;
}

function printRecorded(terminal: Terminal, acceptance: Acceptance, places: readonly string[]): void {
  const told = ACCEPT_WORDS[terminal.language];
  if (terminal.isJson) terminal.printJson({ ...acceptance, files: places });
  else terminal.print(`${told.recorded}: ${told.decisions[acceptance.decision]}, ${places[0]!}`);
}

function declined(terminal: Terminal): number {
  terminal.say(terminal.words.declined);
  return EXIT.stalePlan;
}

function anotherReport(useCase: string, asked: string, actual: string): LakeliftError {
  return new LakeliftError(`The report is now ${actual}, not ${asked}`, {
    kind: 'stale-plan',
    code: 'REPORT_STALE',
    subject: useCase,
    hint: 'It was written again since. Read it, and accept its digest.',
  });
}
