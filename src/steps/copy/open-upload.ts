import { crcFromBase64 } from '../../domain/checksum/crc.ts';
import type { PartRange } from '../../domain/part-size.ts';
import type { FileItem, ObjectAddress } from '../../domain/plan.ts';
import { isSameVersion } from '../../domain/source-file.ts';
import { isLakeliftError } from '../../errors.ts';
import type { UploadedPart } from '../../ports/target-object-store.ts';
import type { CopyContext } from './copy-context.ts';

export interface UploadPlan {
  readonly ranges: readonly PartRange[];
  readonly partSizeBytes: number;
  /** Of the longest part. */
  readonly bufferBytes: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A part of an earlier run that both the store and the ledger have. */
export interface DonePart extends UploadedPart {
  readonly crc: number;
}

/** The upload of an earlier, killed run where it is of this version and still open; else a new one. */
export async function openUpload(
  item: FileItem,
  plan: UploadPlan,
  context: CopyContext,
): Promise<{ uploadId: string; done: DonePart[] }> {
  const { ledger, target, signal } = context;
  const earlier = ledger.findUpload(item.target);
  if (earlier !== undefined) {
    const isUsable = isSameVersion(earlier.version, item.source) && earlier.partSizeBytes === plan.partSizeBytes;
    const { uploadId } = earlier;
    const done =
      isUsable && uploadId !== undefined
        ? await partsOnBothSides(item.target, { ...plan, uploadId }, context)
        : undefined;
    if (done !== undefined) return { uploadId: uploadId!, done };
    await discardUpload(item.target, context);
  }
  const { sizeBytes, modifiedAtMs, fileId } = item.source;
  const version = { sizeBytes, modifiedAtMs, fileId };
  const record = { address: item.target, version, partSizeBytes: plan.partSizeBytes };
  // On disk first: a kill between here and the record of its id leaves an upload that is then known to be ours.
  ledger.putUpload({ ...record, uploadId: undefined });
  await ledger.flush();
  const uploadId = await target.createUpload(item.target, plan.metadata, signal);
  ledger.putUpload({ ...record, uploadId });
  return { uploadId, done: [] };
}

/** Ends the upload that the ledger knows at this address, if any: nothing of it is used again. */
export async function discardUpload(address: ObjectAddress, { ledger, target, signal }: CopyContext): Promise<void> {
  const upload = ledger.findUpload(address);
  if (upload === undefined) return;
  if (upload.uploadId !== undefined) await target.abortUpload(address, upload.uploadId, signal);
  ledger.forgetUpload(address);
}

/** Parts that both the ledger and the store know, alike; undefined when the upload is gone. */
async function partsOnBothSides(
  address: ObjectAddress,
  { uploadId, ranges }: { readonly uploadId: string; readonly ranges: readonly PartRange[] },
  { ledger, target, signal }: CopyContext,
): Promise<DonePart[] | undefined> {
  const done: DonePart[] = [];
  try {
    for await (const { partNumber, etag, sizeBytes } of target.listParts(address, uploadId, signal)) {
      const record = ledger.findPart(address, partNumber);
      const isAlike = record?.etag === etag && sizeBytes === ranges[partNumber - 1]?.length;
      if (isAlike) done.push({ partNumber, etag, sizeBytes, crc32c: record.crc32c, crc: crcFromBase64(record.crc32c) });
    }
  } catch (error) {
    if (isLakeliftError(error, 'not-found')) return undefined;
    throw error;
  }
  return done;
}
