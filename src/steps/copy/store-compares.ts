import type { ObjectAddress } from '../../domain/plan.ts';
import { isLakeliftError } from '../../errors.ts';
import type { TargetObjectStore } from '../../ports/target-object-store.ts';

const BODY = Uint8Array.of(1);
const ABORT_MS = 5000;
/** Any other CRC32C than that of the body. */
const WRONG_CRC32C = 'AAAAAA==';

/**
 * Whether the store compares what it receives with the CRC32C that it is sent under, as S3 does; found out once per bucket, by a part that must be
 * refused. The upload is aborted, so that nothing comes to exist.
 */
export function storeCheck(
  target: Pick<TargetObjectStore, 'createUpload' | 'uploadPart' | 'abortUpload'>,
  signal: AbortSignal,
): (address: ObjectAddress) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  return (address) => {
    const answer = known.get(address.bucket) ?? refusesWrongCrc(address);
    known.set(address.bucket, answer);
    return answer;
  };

  async function refusesWrongCrc(address: ObjectAddress): Promise<boolean> {
    const uploadId = await target.createUpload(address, {}, signal);
    try {
      const part = { address, uploadId, partNumber: 1, body: BODY, crc32c: WRONG_CRC32C, isTrial: true };
      await target.uploadPart(part, signal);
      return false;
    } catch (error) {
      if (isLakeliftError(error, 'corrupt')) return true;
      throw error;
    } finally {
      // Whoever asked may have been interrupted, and the upload is still to go.
      await target.abortUpload(address, uploadId, signal.aborted ? AbortSignal.timeout(ABORT_MS) : signal);
    }
  }
}
