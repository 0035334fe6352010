import type { BlockLayout } from '../../domain/checksum/block-layout.ts';
import { crcToBase64 } from '../../domain/checksum/crc.ts';
import { objectMetadata } from '../../domain/object-metadata.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { partRanges, partSizeOf } from '../../domain/part-size.ts';
import type { FileItem } from '../../domain/plan.ts';
import { isLakeliftError } from '../../errors.ts';
import type { KeptSums } from '../../ports/source-file-system.ts';
import type { WriteCondition } from '../../ports/target-object-store.ts';
import { Decided, failed, Spoiled, type CopyContext } from './copy-context.ts';
import { discardUpload } from './open-upload.ts';
import { blameReplica, sumUp } from './read-part.ts';
import { lookAgain } from './reread.ts';
import { sayWaiting } from './say-waiting.ts';
import { expectUnmoved, readRange } from './source-calls.ts';
import { sourceByKeptSums, sourceOf, type BlockKnowledge, type SourceKnowledge } from './source-checksum.ts';
import { SourceProof } from './source-proof.ts';
import { findRecorded, keep, settleWrite, writeCondition, type FileOnItsWay } from './standing-object.ts';
import { uploadParts } from './upload-parts.ts';

const ATTEMPTS = 3;
/** Bodies up to this size take no slot of the parts: as many as files at once may be in memory. */
const SMALL_BYTES = 1024 * 1024;
const SMALLEST_BUFFER_BYTES = 64 * 1024;

/**
 * Copies one file. The object only comes to exist once its bytes are proven: they are compared with the HDFS checksum, and the source is looked at again,
 * before the upload is completed under the CRC32C of the whole. Every way out is an outcome, but for what stops the run (rights on the bucket, the ledger).
 */
export async function copyFile(item: FileItem, context: CopyContext): Promise<Outcome> {
  const startedAt = performance.now();
  const outcome = await decided(async () => {
    const copied = await decided(() => copyOnce(item, context));
    return lookAgain(item, copied, context);
  });
  return { ...outcome, durationMs: Math.round(performance.now() - startedAt) };
}

async function decided(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Decided) return error.outcome;
    throw error;
  }
}

async function copyOnce(item: FileItem, context: CopyContext): Promise<Outcome> {
  const recorded = context.ledger.findObject(item.target);
  const standing = await findRecorded(item, recorded, context);
  if (standing !== undefined) return standing;
  let blocks: BlockKnowledge = 'assumed';
  for (let attempt = 1; ; attempt++) {
    try {
      return await transfer({ item, recorded, context }, blocks);
    } catch (error) {
      const isOutdated = error instanceof Decided && error.outcome.status === 'source-moved';
      if (isOutdated) await discardUpload(item.target, context);
      if (!(error instanceof Spoiled)) throw error;
      await discardUpload(item.target, context);
      if (attempt === ATTEMPTS) throw failed(item, error);
      // Blocks of other sizes than assumed make another checksum of the same bytes.
      if (error instanceof SourceMismatch) blocks = 'listed';
    }
  }
}

type Copied = Pick<FileOnItsWay, 'item' | 'recorded' | 'context'>;

class SourceMismatch extends Spoiled {
  constructor() {
    super(
      'SOURCE_CHECKSUM_MISMATCH',
      'The bytes read do not give the checksum that HDFS keeps of them',
      'Check the file with "hdfs fsck"; nothing was written.',
    );
  }
}

async function transfer(copied: Copied, blocks: BlockKnowledge): Promise<Outcome> {
  const { item, context } = copied;
  const { sizeBytes } = item.source;
  const partSizeBytes = partSizeOf(sizeBytes, context.limits.partSizeBytes);
  if (sizeBytes > partSizeBytes) return transferInParts(await sourceOf(item, context, blocks), copied, partSizeBytes);
  const kind = sizeBytes <= SMALL_BYTES ? 'smallFiles' : 'parts';
  const slots = context.slots[kind];
  const buffers = context.buffers[kind];
  return slots.run(async () => {
    const body = buffers.take(sizeBytes, kind === 'parts' ? partSizeBytes : smallCapacity(sizeBytes));
    try {
      const outcome = await transferWhole(copied, blocks, body);
      slots.moved(kind === 'parts' ? body.length : 1);
      return outcome;
    } finally {
      buffers.give(body);
    }
  });
}

/** Powers of two, so that nearly every file finds the buffer of another. */
function smallCapacity(sizeBytes: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(sizeBytes, SMALLEST_BUFFER_BYTES)));
}

/** Files of one part: read, prove, put. */
async function transferWhole(copied: Copied, blocks: BlockKnowledge, body: Uint8Array): Promise<Outcome> {
  const { item, context } = copied;
  const { target, signal, progress, runId } = context;
  context.interruption.throwIfAborted();
  const range = { offset: 0, length: body.length };
  const kept = await readRange(item, context, range, body);
  const { known, layout } = kept === undefined ? await sourceOf(item, context, blocks) : sourceByKeptSums(kept);
  const file: FileOnItsWay = { ...copied, known };
  const proof = proofOf(file, layout);
  const part = { range, body, proof };
  const sums = await sumUp(item, part, kept, context);
  const { crc32c, chunkCrcs } = sums;
  if (body.length > 0) proof.add({ partNumber: 1, ...range }, crc32c, chunkCrcs);
  await expectSource(file, proof, kept);
  const metadata = objectMetadata(item.source, known.checksum, runId);
  const request = { address: item.target, body, crc32c: crcToBase64(crc32c), metadata };
  const put = (condition: WriteCondition) => target.putObject({ ...request, condition }, signal);
  const { etag } = await settleWrite(file, async () => {
    try {
      return await put({ kind: 'if-absent' });
    } catch (error) {
      if (isLakeliftError(error, 'corrupt')) blameReplica(part, sums);
      if (!isLakeliftError(error, 'conflict')) throw error;
      return put(await writeCondition(file));
    }
  });
  progress({ kind: 'bytes', sizeBytes: body.length });
  return keep(file, { proof: strength(file), crc32c: request.crc32c, etag });
}

async function transferInParts(
  { known, layout }: SourceKnowledge,
  copied: Copied,
  partSizeBytes: number,
): Promise<Outcome> {
  const { item, context } = copied;
  const file: FileOnItsWay = { ...copied, known };
  const { target: address, source } = item;
  // What is sure to be refused at the end is not sent first.
  const condition = await writeCondition(file);
  await expectUnmoved(item, context);
  const proof = proofOf(file, layout);
  const ranges = partRanges(layout, partSizeBytes);
  const bufferBytes = Math.max(...ranges.map(({ length }) => length));
  const metadata = objectMetadata(source, known.checksum, context.runId);
  const upload = await uploadParts(item, { ranges, partSizeBytes, bufferBytes, metadata, proof }, context);
  const crc32c = crcToBase64(await expectSource(file, proof));
  const request = { address, ...upload, crc32c, sizeBytes: source.sizeBytes, condition };
  const what = `s3://${address.bucket}/${address.key}: the store puts ${ranges.length} parts together`;
  const { etag } = await sayWaiting(context.progress, what, () =>
    settleWrite(file, () => context.target.completeUpload(request, context.signal)),
  );
  return keep(file, { proof: strength(file), crc32c, etag });
}

function proofOf({ context, item, known }: FileOnItsWay, layout: BlockLayout): SourceProof {
  return new SourceProof(layout, known.checksum, (partNumber) => {
    const part = context.ledger.findPart(item.target, partNumber);
    if (part === undefined) throw new RangeError(`The ledger has lost part ${partNumber} of ${item.id}`);
    return part.chunkCrcs;
  });
}

/** The last gate before an object comes to exist: the bytes are the source's, and the source is still what was planned. Returns the CRC32C of the whole. */
async function expectSource({ context, item }: Copied, proof: SourceProof, kept?: KeptSums): Promise<number> {
  const { crc32c, isSource } = proof.verdict();
  // First: of a file that changed, neither length nor checksum can be expected to agree.
  await expectUnmoved(item, context);
  if (isSource === false) {
    kept?.distrust();
    throw new SourceMismatch();
  }
  return crc32c;
}

function strength({ known }: FileOnItsWay): 'end-to-end' | 'target-only' {
  return known.checksum === undefined ? 'target-only' : 'end-to-end';
}
