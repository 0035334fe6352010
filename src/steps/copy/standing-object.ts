import { formatHdfsChecksum, type HdfsChecksum } from '../../domain/checksum/hdfs-checksum.ts';
import { matchMetadata } from '../../domain/object-metadata.ts';
import type { Outcome, Proof } from '../../domain/outcome.ts';
import type { FileItem } from '../../domain/plan.ts';
import { isSameVersion } from '../../domain/source-file.ts';
import { isLakeliftError } from '../../errors.ts';
import type { StoredObject, WriteCondition } from '../../ports/target-object-store.ts';
import { Decided, failed, type CopyContext } from './copy-context.ts';

/** One file on its way, and what HDFS says of its bytes. */
export interface FileOnItsWay {
  readonly item: FileItem;
  readonly checksum: HdfsChecksum | undefined;
  readonly context: CopyContext;
}

/** The ledger says that this version was copied: then its object must still stand as it was left. undefined when there is something to copy. */
export async function findRecorded(
  item: FileItem,
  { ledger, target, signal }: CopyContext,
): Promise<Outcome | undefined> {
  const record = ledger.findObject(item.target);
  if (record === undefined || record.sourcePath !== item.source.path || !isSameVersion(record.version, item.source))
    return undefined;
  const standing = await target.findObject(item.target, signal);
  if (standing === undefined) return undefined;
  const isUntouched = standing.sizeBytes === item.source.sizeBytes && standing.crc32c === record.crc32c;
  if (!isUntouched)
    throw failed(
      item,
      'TARGET_CHANGED',
      'The object was changed after lakelift wrote it',
      'Find out who did; delete it to have it copied again.',
    );
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
  const { item, checksum, context } = file;
  const standing = await context.target.findObject(item.target, context.signal);
  if (standing === undefined) return { kind: 'if-absent' };
  switch (matchMetadata(standing.metadata, item.source, checksum)) {
    case 'same-version':
      throw adopted(file, standing);
    case 'other-version':
      return { kind: 'if-match', etag: standing.etag };
    case 'foreign':
      throw failed(
        item,
        'TARGET_FOREIGN_OBJECT',
        'An object that lakelift did not write from this file stands at its key',
        'Move it away, or give the table another target in the mapping.',
      );
  }
}

/** A write whose answer was lost is found again as an object of this version. */
export async function settleWrite(
  file: FileOnItsWay,
  write: () => Promise<{ readonly etag: string }>,
): Promise<{ readonly etag: string }> {
  const { item, checksum, context } = file;
  try {
    return await write();
  } catch (error) {
    if (!isLakeliftError(error, 'conflict') && !isLakeliftError(error, 'not-found')) throw error;
    const standing = await context.target.findObject(item.target, context.signal);
    if (standing !== undefined && matchMetadata(standing.metadata, item.source, checksum) === 'same-version')
      throw adopted(file, standing);
    throw failed(item, error.code, error.message, error.hint);
  }
}

export function recordObject(
  { item, checksum, context }: FileOnItsWay,
  facts: { readonly proof: Proof; readonly crc32c: string; readonly etag: string },
): void {
  const { path: sourcePath, sizeBytes, modifiedAtMs, fileId } = item.source;
  const sourceChecksum = checksum && formatHdfsChecksum(checksum);
  context.ledger.putObject({
    address: item.target,
    sourcePath,
    version: { sizeBytes, modifiedAtMs, fileId },
    sourceChecksum,
    runId: context.runId,
    ...facts,
  });
}

/** The object exists, so its bytes were proven before it was completed: only the ledger did not hear of it. */
function adopted(file: FileOnItsWay, standing: StoredObject): Decided {
  const { item, checksum, context } = file;
  if (standing.sizeBytes !== item.source.sizeBytes || standing.crc32c === undefined) {
    const message = 'The object at this key carries our marks but not the size or checksum that it was written with';
    return failed(item, 'TARGET_CHANGED', message, 'Delete it to have it copied again.');
  }
  const facts = { proof: checksum === undefined ? 'target-only' : 'end-to-end', crc32c: standing.crc32c } as const;
  context.ledger.forgetUpload(item.target);
  recordObject(file, { ...facts, etag: standing.etag });
  return new Decided(item, {
    status: 'already-verified',
    ...facts,
    sourceChecksum: checksum && formatHdfsChecksum(checksum),
  });
}
