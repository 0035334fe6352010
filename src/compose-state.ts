import { join } from 'node:path';
import { DirectoryBatchHistory } from './adapters/directory/batch-history.ts';
import { LedgerFile } from './adapters/ledger/ledger-file.ts';
import { S3StateStore } from './adapters/s3/s3-state-store.ts';
import { StoredBatchHistory } from './adapters/state/stored-batch-history.ts';
import { awsSettings, stateDirectory } from './compose.ts';
import type { Project } from './config/config.ts';
import type { UseCaseId } from './domain/names.ts';
import { isExpired, type Lease, type LeaseOwner } from './domain/state-head.ts';
import type { BatchHistory } from './ports/batch-history.ts';
import type { LocalLedger } from './ports/local-ledger.ts';
import type { StateStore } from './ports/state-store.ts';
import { findHead } from './steps/state/state-lease.ts';

// The part of compose.ts that keeps the state in a bucket; no other file but those sees adapters either.

/** Where the state is kept between machines; undefined where it stays on this one. */
export function stateStore({ config }: Project): StateStore | undefined {
  const { bucket, prefix, kmsKeyId } = config.state;
  if (bucket === undefined) return undefined;
  const { endpoint, forcePathStyle } = config.target.s3 ?? {};
  const folder = prefix === '' ? '' : prefix.replace(/\/*$/, '/');
  return new S3StateStore({ ...awsSettings(config), endpoint, forcePathStyle, bucket, prefix: folder, kmsKeyId });
}

/** Calls of `lakelift run` for several use cases. */
export function batchHistory(project: Project): BatchHistory {
  if (project.config.state.bucket !== undefined) return new StoredBatchHistory(() => stateStore(project)!);
  return new DirectoryBatchHistory(join(stateDirectory(project), 'batches'));
}

export function localLedger(project: Project, useCase: UseCaseId): LocalLedger {
  return new LedgerFile(join(stateDirectory(project), useCase, 'ledger.sqlite'));
}

/** Who holds the state of a use case now; undefined where nobody does, or it is kept on this machine. */
export async function findLease(project: Project, useCase: UseCaseId): Promise<Lease | undefined> {
  const store = stateStore(project);
  try {
    const found = store && (await findHead(store, useCase));
    const lease = found?.head.lease;
    return lease !== undefined && !isExpired(lease, found!.ageMs) ? lease : undefined;
  } finally {
    store?.close();
  }
}

/** This process, with the page of its CI job where GitHub or GitLab say which it is. */
export function leaseOwner(startedBy: string): LeaseOwner {
  const jobUrl = ciJobUrl(process.env);
  return { startedBy, processId: process.pid, ...(jobUrl === undefined ? {} : { jobUrl }) };
}

/** The page of the CI job that this process belongs to. */
export function ciJobUrl(environment: NodeJS.ProcessEnv): string | undefined {
  const { CI_JOB_URL, GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = environment;
  if (CI_JOB_URL !== undefined) return CI_JOB_URL;
  if (GITHUB_SERVER_URL === undefined || GITHUB_REPOSITORY === undefined || GITHUB_RUN_ID === undefined)
    return undefined;
  return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
}
