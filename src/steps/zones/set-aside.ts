import { s3Key, type UseCaseId } from '../../domain/names.ts';
import { joinKey } from '../../domain/object-key.ts';
import { quarantineFolder } from '../../domain/privacy/dataset-folder.ts';
import { LakeliftError } from '../../errors.ts';
import type { DsnFileSummary, DsnLines } from '../../ports/dsn-tables.ts';
import type { TargetObjectStore } from '../../ports/target-object-store.ts';
import type { ZoneTarget } from '../plan/plan-context.ts';
import { putChanged } from '../put-changed.ts';

export interface SetAsideRequest {
  readonly useCase: UseCaseId;
  /** `dsn_rh`. */
  readonly as: string;
  readonly quarantine: DsnLines;
  readonly files: readonly DsnFileSummary[];
  /** Raw: whoever may read the files may read what is wrong in them. */
  readonly zone: ZoneTarget;
  readonly store: TargetObjectStore;
  readonly signal: AbortSignal;
}

const MARK = 'lakelift-dsn';

/**
 * Keeps what no table has of DSN files, as lines of JSON with file, line and text, and the files that are not complete, in their own zone; returns where, undefined when there is nothing. What an
 * earlier build set aside and nobody would now is emptied. Throws `conflict` for an object of somebody else.
 */
export async function setAside(request: SetAsideRequest): Promise<string | undefined> {
  const { useCase, as, zone, store, signal } = request;
  const key = s3Key(joinKey(zone.prefix, quarantineFolder(useCase, as), 'dsn.jsonl'));
  const address = { bucket: zone.bucket, key };
  const subject = `s3://${zone.bucket}/${key}`;
  const standing = await store.findObject(address, signal);
  const mark = `${useCase}/${as}`;
  if (standing !== undefined && standing.metadata[MARK] !== mark)
    throw new LakeliftError(`${subject} stands there and is not of these DSN files`, {
      kind: 'conflict',
      code: 'DATASET_FOREIGN',
      subject,
      hint: 'Move what stands there away.',
    });
  const body = Buffer.concat([await wholeOf(request.quarantine), Buffer.from(incompleteFiles(request.files))]);
  if (standing === undefined && body.length === 0) return undefined;
  await putChanged(store, { address, body, mark: { [MARK]: mark }, standing }, signal);
  return body.length === 0 ? undefined : subject;
}

function incompleteFiles(files: readonly DsnFileSummary[]): string {
  return files
    .filter(({ isComplete }) => !isComplete)
    .map(({ file, rubricCount, countedRubrics, declarationCount, countedDeclarations }) => {
      const counts = { rubricCount, countedRubrics, declarationCount, countedDeclarations };
      return `${JSON.stringify({ file, kind: 'incomplete', ...counts })}\n`;
    })
    .join('');
}

async function wholeOf({ read }: DsnLines): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of read()) pieces.push(piece);
  return Buffer.concat(pieces);
}
