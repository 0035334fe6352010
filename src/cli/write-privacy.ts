import { whoAmI } from '../compose.ts';
import { reportSinks } from '../compose-reports.ts';
import type { Project } from '../config/config.ts';
import type { Migration } from '../domain/migration.ts';
import type { RunId } from '../domain/names.ts';
import type { PseudonymScheme } from '../domain/privacy/pseudonym.ts';
import type { ReportUseCase } from '../domain/run-report.ts';
import type { Ledger } from '../ports/ledger.ts';
import { renderPrivacyPage } from '../report/privacy-page.ts';
import { PRIVACY_FILES } from '../report/report-files.ts';
import { visibleJson } from '../report/visible-text.ts';
import { decisionsOn } from '../steps/accept/accept-report.ts';
import type { BuiltDataset } from '../steps/zones/build-dataset.ts';
import { privacyReport } from '../steps/zones/privacy-report.ts';
import { withLockedLedger, withReadLedger } from './locked-ledger.ts';
import { notesTo } from './session.ts';
import type { Terminal } from './terminal.ts';
import { toolVersion } from './version.ts';
import { addDigests } from './write-acceptance.ts';

export interface PrivacyPlace {
  readonly terminal: Terminal;
  readonly project: Project;
  readonly migration: Migration;
}

export interface PrivacyToWrite extends PrivacyPlace {
  readonly scheme: PseudonymScheme | undefined;
  readonly validByChance: string | undefined;
  readonly built: readonly BuiltDataset[];
}

/** Who draws up a report, when, and beside the report of which run. */
export interface Drawn {
  readonly at: string;
  readonly by: string;
  readonly toolVersion: string;
  readonly runId: RunId;
}

/**
 * Puts the privacy report of a build beside the report of the latest run, where it is accepted and packed with it, and its digests into the ledger; returns the places,
 * the page first. What was accepted once stays as it is: later builds have files of their own. Nothing is written where no run is known.
 */
export async function writePrivacy(request: PrivacyToWrite): Promise<string[]> {
  const { terminal, project, migration, scheme, validByChance, built } = request;
  const place = { project, useCase: migration.id, progress: notesTo(terminal) };
  const runId = await withReadLedger(place, (ledger) => Promise.resolve(ledger.listRuns()[0]?.runId));
  if (runId === undefined) return [];
  return putPrivacy(request, runId, (build) => {
    const report = privacyReport(subjectOf(migration), { build, scheme, validByChance, built });
    return { report, page: renderPrivacyPage(report, terminal.language) };
  });
}

/** What a privacy report is of. */
export function subjectOf({ id, title, owner, wave, purpose, legalBasis }: Migration): ReportUseCase {
  return { id, title, owner, wave, purpose, legalBasis };
}

interface PrivacyDocument {
  readonly report: unknown;
  /** HTML. */
  readonly page: string;
}

/** Puts a privacy report, of a build or of what stands, beside the report of a run; in the place of an earlier one that nobody has accepted. */
export async function putPrivacy(
  { terminal, project, migration }: PrivacyPlace,
  runId: RunId,
  draw: (drawn: Drawn) => PrivacyDocument,
): Promise<string[]> {
  const drawn = { at: new Date().toISOString(), by: whoAmI(), toolVersion: toolVersion(), runId };
  const place = { project, useCase: migration.id, progress: notesTo(terminal) };
  return withLockedLedger(place, (ledger) => write(place, ledger, { runId, ...draw(drawn) }));
}

async function write(
  { project, useCase }: { readonly project: Project; readonly useCase: Migration['id'] },
  ledger: Ledger,
  { runId, report, page }: PrivacyDocument & { readonly runId: RunId },
): Promise<string[]> {
  const isAccepted = decisionsOn(ledger, runId).some(({ report: { lists } }) => PRIVACY_FILES.json in lists);
  const files = {
    [isAccepted ? PRIVACY_FILES.laterPage : PRIVACY_FILES.page]: page,
    [isAccepted ? PRIVACY_FILES.laterJson : PRIVACY_FILES.json]: `${visibleJson(report, 2)}\n`,
  };
  const places: string[] = [];
  for (const sink of reportSinks(project, useCase, runId))
    for (const [name, content] of Object.entries(files)) places.push(await sink.write(name, content));
  await addDigests(ledger, runId, files);
  return places;
}
