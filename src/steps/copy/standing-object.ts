import { crcToBase64 } from '../../domain/checksum/crc.ts';
import { formatHdfsChecksum, type HdfsChecksum } from '../../domain/checksum/hdfs-checksum.ts';
import { erasureOf, matchMetadata, OBJECT_METADATA } from '../../domain/object-metadata.ts';
import { ERASED_FROM, type Outcome, type Proof } from '../../domain/outcome.ts';
import type { FileItem } from '../../domain/plan.ts';
import { isSameVersion } from '../../domain/source-file.ts';
import { isLakeliftError } from '../../errors.ts';
import type { ObjectRecord } from '../../ports/ledger.ts';
import type { StoredObject, WriteCondition } from '../../ports/target-object-store.ts';
import { Decided, failed, Spoiled, type CopyContext, type SourceChecksum } from './copy-context.ts';
import { discardUpload } from './open-upload.ts';

/** One file on its way, and what HDFS says of its bytes. */
export interface FileOnItsWay {
  readonly item: FileItem;
  readonly known: SourceChecksum;
  /** What the ledger has of the object, of this version or another. */
  readonly recorded: ObjectRecord | undefined;
  readonly context: CopyContext;
}

/** The ledger says that this version was copied: then its object must still stand as it was left. undefined when there is something to copy. */
export async function findRecorded(
  item: FileItem,
  record: ObjectRecord | undefined,
  { target, signal }: CopyContext,
): Promise<Outcome | undefined> {
  if (record === undefined || record.sourcePath !== item.source.path || !isSameVersion(record.version, item.source))
    return undefined;
  const standing = await target.findObject(item.target, signal);
  if (standing === undefined) return undefined;
  const erased = erasureOf(standing.metadata);
  if (erased !== undefined && erased.copied.crc32c === record.crc32c) return afterErasure(item, erased.record);
  const isUntouched = standing.sizeBytes === item.source.sizeBytes && standing.crc32c === record.crc32c;
  if (!isUntouched)
    throw failed(item, {
      code: 'TARGET_CHANGED',
      message: 'The object was changed after lakelift wrote it',
      hint: 'Find out who did; delete it to have it copied again.',
    });
  const { proof, crc32c, sourceChecksum } = record;
  return {
    itemId: item.id,
    status: 'already-verified',
    sizeBytes: item.source.sizeBytes,
    proof,
    crc32c,
    sourceChecksum,
  };
}

/** Whether, and over what, the object may be written. An object of this very version ends the copy here. */
export async function writeCondition(file: FileOnItsWay): Promise<WriteCondition> {
  const { item, known, context } = file;
  const standing = await context.target.findObject(item.target, context.signal);
  if (standing === undefined) return { kind: 'if-absent' };
  const erased = erasureOf(standing.metadata);
  const match = matchMetadata(standing.metadata, item.source, known.checksum);
  if (erased !== undefined && match === 'other-version') throw sinceErasure(item, erased.record);
  switch (match) {
    case 'same-version':
      throw adopted(file, standing);
    case 'other-version':
      return { kind: 'if-match', etag: standing.etag };
    case 'foreign':
      await discardUpload(item.target, context);
      throw failed(item, {
        code: 'TARGET_FOREIGN_OBJECT',
        message: 'An object that lakelift did not write from this file stands at its key',
        hint: 'Move it away, or give the table another target in the mapping.',
      });
  }
}

/** A write whose answer was lost is found again as an object of this version. Bytes that the store refused, or an upload that is gone, spoil the attempt. */
export async function settleWrite(
  file: FileOnItsWay,
  write: () => Promise<{ readonly etag: string }>,
): Promise<{ readonly etag: string }> {
  const { item, known, context } = file;
  try {
    return await write();
  } catch (error) {
    if (isLakeliftError(error, 'corrupt')) throw new Spoiled(error.code, error.message, error.hint);
    if (!isLakeliftError(error, 'conflict') && !isLakeliftError(error, 'not-found')) throw error;
    const standing = await context.target.findObject(item.target, context.signal);
    if (standing !== undefined && matchMetadata(standing.metadata, item.source, known.checksum) === 'same-version')
      throw adopted(file, standing);
    if (error.kind === 'conflict') {
      await discardUpload(item.target, context);
      throw failed(item, error);
    }
    await context.target.checkBucket(item.target.bucket, context.signal);
    throw new Spoiled(error.code, error.message, error.hint);
  }
}

/** A person was erased from the copy of this very version: it is not copied anew, and is not proven to be what the source holds. */
function afterErasure({ id: itemId, source }: FileItem, record: string): Outcome {
  return {
    itemId,
    status: 'skipped',
    errorCode: ERASED_FROM,
    message: `A person was erased from its copy, which stays as it is (record ${record})`,
    hint: 'Erase the person at the source as well.',
    sizeBytes: source.sizeBytes,
  };
}

/** A newer version may hold the person: nobody is brought back without being asked. */
function sinceErasure(item: FileItem, record: string): Decided {
  return failed(item, {
    code: 'ERASED_SINCE',
    message: `A person was erased from its copy, and the file has changed since (record ${record})`,
    hint: 'Make sure that the person is erased from the file at the source, then delete the object: the next run copies it anew.',
  });
}

/** Writes down what is proven of an object, and gives its outcome. */
export function keep(
  { item, known, recorded, context }: FileOnItsWay,
  facts: { readonly proof: Proof; readonly crc32c: string; readonly etag: string },
  status: 'verified' | 'already-verified' = 'verified',
): Outcome {
  const { path: sourcePath, sizeBytes, modifiedAtMs, fileId } = item.source;
  const { proof, crc32c } = facts;
  const sourceChecksum = known.checksum && formatHdfsChecksum(known.checksum);
  const version = { sizeBytes, modifiedAtMs, fileId };
  const { ledger, runId } = context;
  const firstRunId = recorded?.firstRunId ?? recorded?.runId;
  ledger.forgetUpload(item.target);
  ledger.putObject({
    address: item.target,
    sourcePath,
    version,
    sourceChecksum,
    runId,
    ...(firstRunId !== runId && { firstRunId }),
    ...facts,
  });
  return { itemId: item.id, status, sizeBytes, proof, crc32c, sourceChecksum, message: known.whyNone };
}

/** The object exists, so its bytes were proven before it was completed: only the ledger did not hear of it. */
function adopted(file: FileOnItsWay, standing: StoredObject): Decided {
  const { item, known, context } = file;
  const erased = erasureOf(standing.metadata);
  if (erased !== undefined) return new Decided(item, afterErasure(item, erased.record));
  if (standing.sizeBytes !== item.source.sizeBytes || standing.crc32c === undefined)
    return failed(item, {
      code: 'TARGET_CHANGED',
      message: 'The object at this key carries our marks but not the size or checksum that it was written with',
      hint: 'Delete it to have it copied again.',
    });
  const content = contentCrc(known.checksum);
  if (content !== undefined && content !== standing.crc32c)
    return failed(item, {
      code: 'TARGET_DIFFERS',
      message: 'The object was written from this version of the file, and HDFS says now that its bytes are others',
      hint: 'Delete it to have it copied again.',
    });
  // Of an object written before the source had a checksum to give, no more than that is known.
  const isCompared = content !== undefined || standing.metadata[OBJECT_METADATA.sourceChecksum] !== undefined;
  const proven = known.checksum === undefined || isCompared ? file : { ...file, known: NEVER_COMPARED };
  const proof = proven.known.checksum === undefined ? 'target-only' : 'end-to-end';
  const status = standing.metadata[OBJECT_METADATA.run] === context.runId ? 'verified' : 'already-verified';
  return new Decided(item, keep(proven, { proof, crc32c: standing.crc32c, etag: standing.etag }, status));
}

const NEVER_COMPARED: SourceChecksum = {
  checksum: undefined,
  whyNone: 'source-checksum-unavailable: the source had none to give when the file was copied',
};

/** Base64, of the content itself, which a store can be compared with. Sources give none of encrypted files. */
function contentCrc(checksum: HdfsChecksum | undefined): string | undefined {
  return checksum?.kind === 'composite-crc' && checksum.crcType === 'CRC32C' ? crcToBase64(checksum.crc) : undefined;
}
