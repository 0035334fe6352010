import { isGood } from '../../domain/outcome.ts';
import type { ObjectAddress } from '../../domain/plan.ts';
import type { OpenUpload } from '../../ports/target-object-store.ts';
import type { CopyRequest } from './copy-files.ts';

type Sweep = Pick<CopyRequest, 'ledger' | 'runId' | 'target' | 'progress' | 'signal'>;

/** No copy of ours takes so long, and no clock is so wrong. */
const ABANDONED_AFTER_MS = 7 * 24 * 3600_000;

/**
 * Ends multipart uploads at planned keys that nobody goes on with; S3 charges for their parts until then. A run killed while it opened one leaves such,
 * and so does a lost answer. Uploads at other keys are not ours to touch, and one at a planned key may be that of the same use case run from another
 * machine, whose ledger is not to be seen from here: it is left alone while it may be alive. Returns how many were ended.
 */
export async function abortOrphanUploads(
  sweep: Sweep,
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
): Promise<number> {
  const { ledger, target, progress, signal } = sweep;
  let aborted = 0;
  for await (const upload of target.listUploads(bucket, prefix, signal)) {
    const address = { bucket, key: upload.key } as ObjectAddress;
    if (ledger.findItem(itemIdOf(address)) === undefined || !isOrphan(upload, address, sweep)) continue;
    await target.abortUpload(address, upload.uploadId, signal);
    aborted++;
  }
  const message = `${aborted} uploads left open by a killed run or a lost answer were ended in ${bucket}`;
  if (aborted > 0) progress({ kind: 'note', level: 'info', message });
  return aborted;
}

function isOrphan({ uploadId, startedAtMs }: OpenUpload, address: ObjectAddress, { ledger, runId }: Sweep): boolean {
  const record = ledger.findUpload(address);
  if (record?.uploadId === uploadId) return false;
  const wasBeingOpened = record !== undefined && record.uploadId === undefined;
  // The object stands as the source is now: whoever still sends it would find it there.
  const outcome = ledger.findOutcome(runId, itemIdOf(address));
  const isDone = outcome !== undefined && isGood(outcome.status);
  return wasBeingOpened || isDone || Date.now() - startedAtMs > ABANDONED_AFTER_MS;
}

function itemIdOf({ bucket, key }: ObjectAddress): string {
  return `file:${bucket}/${key}`;
}
