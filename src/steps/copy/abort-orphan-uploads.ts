import type { ObjectAddress } from '../../domain/plan.ts';
import type { CopyRequest } from './copy-files.ts';

/**
 * Ends multipart uploads at planned keys that no ledger knows: a run killed between starting an upload and recording it leaves one,
 * and S3 charges for its parts until it is aborted. Uploads at other keys are not ours to touch. Returns how many were ended.
 */
export async function abortOrphanUploads(
  { ledger, target, signal }: Pick<CopyRequest, 'ledger' | 'target' | 'signal'>,
  bucket: string,
  prefix: string,
): Promise<number> {
  let aborted = 0;
  for await (const { key, uploadId } of target.listUploads(bucket, prefix, signal)) {
    const address = { bucket, key } as ObjectAddress;
    if (ledger.findUpload(address)?.uploadId === uploadId || !ledger.hasItem(`file:${bucket}/${key}`)) continue;
    await target.abortUpload(address, uploadId, signal);
    aborted++;
  }
  return aborted;
}
