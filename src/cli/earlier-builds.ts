import { reportFolder } from '../compose-reports.ts';
import type { Project } from '../config/config.ts';
import type { UseCaseId } from '../domain/names.ts';
import type { EarlierBuild } from '../domain/privacy/describe-standing.ts';
import type { Dataset } from '../domain/privacy/dataset.ts';
import type { DatasetPrivacy } from '../domain/privacy/privacy-report.ts';
import type { StandingPrivacy } from '../domain/privacy/standing-report.ts';
import type { Ledger } from '../ports/ledger.ts';
import { readText, type FileDigest } from '../ports/report-folder.ts';
import { RUN_DOCUMENTS } from '../ports/run-documents.ts';
import { privacyReportSchema } from '../report/privacy-schema.ts';
import { PRIVACY_FILES } from '../report/report-files.ts';
import { standingPrivacySchema } from '../report/standing-schema.ts';

/**
 * What privacy reports of this project say of builds, the latest first: those that lie as they were written, by the digests of the ledger. Reports of what stood carry on
 * what they had from a build.
 */
export async function readEarlierBuilds(project: Project, useCase: UseCaseId, ledger: Ledger): Promise<EarlierBuild[]> {
  const found: EarlierBuild[] = [];
  for (const { runId } of ledger.listRuns()) {
    const written = ledger.findDocument(runId, RUN_DOCUMENTS.files) as Readonly<Record<string, FileDigest>> | undefined;
    const folder = reportFolder(project, useCase, runId);
    for (const name of [PRIVACY_FILES.laterJson, PRIVACY_FILES.json]) {
      const digest = written?.[name];
      if (digest === undefined || (await folder.digest(name))?.sha256 !== digest.sha256) continue;
      found.push(...buildsOf(JSON.parse(await readText(folder, name))));
    }
  }
  return found;
}

/** The one whose files have one of these SHA-256. */
export function earlierBuild(
  builds: readonly EarlierBuild[],
  { name, target }: Dataset,
  digests: readonly string[],
): EarlierBuild | undefined {
  const table = `${target.database}.${target.table}`;
  return builds.find(
    ({ privacy }) => privacy.name === name && privacy.table === table && digests.includes(privacy.sha256),
  );
}

function buildsOf(json: unknown): EarlierBuild[] {
  const ofBuild = privacyReportSchema.safeParse(json);
  if (ofBuild.success) {
    const { build, datasets } = ofBuild.data;
    return datasets.map((privacy) => ({ privacy, build }));
  }
  const ofStanding = standingPrivacySchema.safeParse(json);
  return ofStanding.success ? ofStanding.data.datasets.flatMap((dataset) => carriedOn(dataset) ?? []) : [];
}

function carriedOn({ standing, ...told }: StandingPrivacy): EarlierBuild | undefined {
  const { by, builtAt: at } = standing;
  if (by === undefined || at === undefined || !isOfBuild(told)) return undefined;
  return { privacy: told, build: { at, by } };
}

function isOfBuild(told: Omit<StandingPrivacy, 'standing'>): told is DatasetPrivacy {
  return (
    told.sha256 !== undefined &&
    told.sourceRows !== undefined &&
    told.suppressedRows !== undefined &&
    told.rows !== undefined
  );
}
