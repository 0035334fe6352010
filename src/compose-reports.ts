import { createHmac } from 'node:crypto';
import { isAbsolute, join, resolve } from 'node:path';
import { findChromium, printPdf } from './adapters/chromium/print-pdf.ts';
import { DirectoryReportFolder } from './adapters/directory/directory-report-folder.ts';
import { DirectoryReportSink } from './adapters/directory/directory-report-sink.ts';
import { openFindingLog, readFindingLog } from './adapters/directory/finding-log.ts';
import { givenMaskKey, maskKey, maskKeyInFile, maskKeyToReadWith } from './adapters/directory/mask-key.ts';
import { TarArchive } from './adapters/directory/tar-archive.ts';
import { LockedEvidence } from './adapters/s3/locked-evidence.ts';
import { S3ReportPublisher } from './adapters/s3/report-publisher.ts';
import { FileSigner } from './adapters/signing/file-signer.ts';
import { awsSettings, stateDirectory } from './compose.ts';
import type { Project } from './config/config.ts';
import { parseLocation } from './domain/location.ts';
import type { Mapping } from './domain/mapping.ts';
import type { RunId, UseCaseId } from './domain/names.ts';
import { NameMask, tokenOfDigest } from './domain/personal-names.ts';
import type { EvidenceArchive, EvidenceVault, Signer } from './ports/evidence.ts';
import type { ReportFolder } from './ports/report-folder.ts';
import type { ReportSink } from './ports/report-sink.ts';
import type { LineagePlaces } from './report/open-lineage.ts';

// The part of compose.ts that reports and evidence need; no other file but that one sees adapters either.

export { findChromium, openFindingLog, printPdf, readFindingLog };

/** All findings of the reconciliation that ended a run. */
export function findingLogPath(project: Project, useCase: UseCaseId, runId: RunId): string {
  return join(stateDirectory(project), useCase, 'findings', `${runId}.jsonl`);
}

/** Takes personal values out of what reports of this use case show; `isReading` makes no key where there is none. */
export function nameMask(project: Project, mapping: Mapping, { isReading = false } = {}): NameMask {
  const key = givenKey(project) ?? (isReading ? maskKeyToReadWith : maskKey)(join(stateDirectory(project), 'mask.key'));
  return new NameMask(mapping, (value) => tokenOfDigest(createHmac('sha256', key).update(value).digest('hex')));
}

/** The key of a project whose state is not kept from one machine to the next. */
function givenKey({ root, config }: Project): Buffer | undefined {
  const { maskKeyEnvironment, maskKeyFile } = config.reports;
  if (maskKeyEnvironment !== undefined) return givenMaskKey(process.env[maskKeyEnvironment], maskKeyEnvironment);
  return maskKeyFile === undefined ? undefined : maskKeyInFile(resolve(root, maskKeyFile));
}

/** How OpenLineage names source and target. */
export function lineagePlaces({ config: { source, target } }: Project): LineagePlaces {
  const { metastore, hiveServer2 } = source.hive;
  const address = metastore[0]?.replace(/^thrift:\/\//, '') ?? `${hiveServer2!.host}:${hiveServer2!.port}`;
  const { region, accountId } = target;
  return {
    source: `hive://${address}`,
    ...(accountId === undefined ? {} : { targetCatalog: `arn:aws:glue:${region}:${accountId}` }),
  };
}

/** An archive of evidence at a path of this machine. */
export function evidenceArchive(path: string): EvidenceArchive {
  return new TarArchive(path);
}

/** Where evidence is kept under lock; undefined when the project names no such place. */
export function evidenceVault({ config }: Project, useCase: UseCaseId, runId: RunId): EvidenceVault | undefined {
  const { evidence } = config.reports;
  if (evidence === undefined) return undefined;
  const { authority: bucket, path } = parseLocation(evidence.copyTo);
  const { endpoint, forcePathStyle } = config.target.s3 ?? {};
  const prefix = `${path.slice(1)}${path === '/' ? '' : '/'}${useCase}/${runId}/`;
  const { mode, retainForDays } = evidence;
  return new LockedEvidence({ ...awsSettings(config), endpoint, forcePathStyle, bucket, prefix, mode, retainForDays });
}

/** Signs with a key in a file, or with one of KMS. */
export async function signer(
  { config }: Project,
  key: { readonly file: string } | { readonly kmsKeyId: string },
): Promise<Signer> {
  if ('file' in key) return new FileSigner(key.file, process.env['LAKELIFT_SIGNING_PASSPHRASE']);
  const { KmsSigner } = await import('./adapters/signing/kms-signer.ts');
  return new KmsSigner({ ...awsSettings(config), endpoint: config.target.kms?.endpoint }, key.kmsKeyId);
}

/** The report of a run in the project's folder, to read again. */
export function reportFolder(project: Project, useCase: UseCaseId, runId: RunId): ReportFolder {
  return new DirectoryReportFolder(join(reportsDirectory(project), useCase, runId));
}

/** Where the page about all use cases goes. */
export function portfolioSink(project: Project): ReportSink {
  return new DirectoryReportSink(reportsDirectory(project));
}

/** The same, to be read. */
export function sharedReportFolder(project: Project): DirectoryReportFolder {
  return new DirectoryReportFolder(reportsDirectory(project));
}

function reportsDirectory({ root, config }: Project): string {
  const { directory } = config.reports;
  return isAbsolute(directory) ? directory : join(root, directory);
}

/** Where the report of a run goes: the project's folder first, and the bucket where one is configured. */
export function reportSinks(project: Project, useCase: UseCaseId, runId: RunId): [ReportSink, ...ReportSink[]] {
  const { config } = project;
  const { publishTo } = config.reports;
  const local = new DirectoryReportSink(join(reportsDirectory(project), useCase, runId));
  if (publishTo === undefined) return [local];
  const { authority: bucket, path } = parseLocation(publishTo);
  const { endpoint, forcePathStyle } = config.target.s3 ?? {};
  const prefix = `${path.slice(1)}${path === '/' ? '' : '/'}${useCase}/${runId}/`;
  return [local, new S3ReportPublisher({ ...awsSettings(config), endpoint, forcePathStyle, bucket, prefix })];
}
