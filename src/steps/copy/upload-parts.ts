import pLimit from 'p-limit';
import { setMaxListeners } from 'node:events';
import { crcToBase64 } from '../../domain/checksum/crc.ts';
import type { PartRange } from '../../domain/part-size.ts';
import type { FileItem } from '../../domain/plan.ts';
import { isLakeliftError } from '../../errors.ts';
import type { UploadedPart } from '../../ports/target-object-store.ts';
import { Spoiled, type CopyContext } from './copy-context.ts';
import { openUpload, type UploadPlan } from './open-upload.ts';
import { blameReplica, readPart } from './read-part.ts';
import type { SourceProof } from './source-proof.ts';

export interface PartPlan extends UploadPlan {
  readonly proof: SourceProof;
}

const SEND_ATTEMPTS = 3;

/** Uploads the parts that the store does not hold yet, in parallel; returns all of them in order. A killed run goes on here. */
export async function uploadParts(
  item: FileItem,
  plan: PartPlan,
  context: CopyContext,
): Promise<{ uploadId: string; parts: UploadedPart[] }> {
  const { uploadId, done } = await openUpload(item, plan, context);
  const parts = new Map<number, UploadedPart>(done.map((part) => [part.partNumber, part]));
  for (const part of done) {
    plan.proof.add(plan.ranges[part.partNumber - 1]!, part.crc);
    context.progress({ kind: 'bytes', sizeBytes: part.sizeBytes });
  }
  const missing = plan.ranges.filter(({ partNumber }) => !parts.has(partNumber));
  await inParallel(missing, context, async (range, inner) => {
    parts.set(range.partNumber, await movePart(item, { range, uploadId, plan }, inner));
  });
  return { uploadId, parts: plan.ranges.map(({ partNumber }) => parts.get(partNumber)!) };
}

/** Throws the interruption when it left ranges out. Each range within the slots that all files share, and no file queues more than those: small files are not kept waiting by large ones. Ends the others when one fails. */
async function inParallel(
  ranges: readonly PartRange[],
  context: CopyContext,
  move: (range: PartRange, context: CopyContext) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  setMaxListeners(0, signal);
  const window = pLimit(context.limits.partsAtOnce);
  let failure: { readonly error: unknown } | undefined;
  let moved = 0;
  await window.map(ranges, async (range) => {
    if (signal.aborted || context.interruption.aborted) return;
    try {
      await context.slots.parts.run(async () => {
        signal.throwIfAborted();
        if (context.interruption.aborted) return;
        await move(range, { ...context, signal });
        moved++;
      });
    } catch (error) {
      failure ??= { error };
      stop.abort(error);
    }
  });
  context.signal.throwIfAborted();
  if (failure !== undefined) throw failure.error;
  if (moved < ranges.length) context.interruption.throwIfAborted();
}

async function movePart(
  item: FileItem,
  { range, uploadId, plan }: { range: PartRange; uploadId: string; plan: PartPlan },
  context: CopyContext,
): Promise<UploadedPart> {
  const { ledger, progress } = context;
  const buffers = context.buffers.parts;
  const body = buffers.take(range.length, plan.bufferBytes);
  try {
    for (let attempt = 1; ; attempt++) {
      const content = { range, body, proof: plan.proof };
      const sums = await readPart(item, content, context);
      const { crc32c, chunkCrcs } = sums;
      const part = await sendPart(item, { uploadId, partNumber: range.partNumber, body, crc32c }, context);
      if (part === undefined) blameReplica(content, sums);
      if (part === undefined && attempt < SEND_ATTEMPTS) continue;
      if (part === undefined)
        throw new Spoiled(
          'TARGET_REFUSES_PART',
          `The store keeps refusing part ${range.partNumber}: other bytes arrive there`,
          'Check memory and network hardware between this machine and the store.',
        );
      ledger.putPart(item.target, { ...part, chunkCrcs });
      plan.proof.add(range, crc32c, chunkCrcs);
      progress({ kind: 'bytes', sizeBytes: range.length });
      context.slots.parts.moved(range.length);
      return part;
    }
  } finally {
    buffers.give(body);
  }
}

/** undefined when the store received other bytes than were summed: they are read anew, since memory may have changed under them. */
async function sendPart(
  item: FileItem,
  part: { readonly uploadId: string; readonly partNumber: number; readonly body: Uint8Array; readonly crc32c: number },
  { target, signal }: CopyContext,
): Promise<UploadedPart | undefined> {
  try {
    return await target.uploadPart({ address: item.target, ...part, crc32c: crcToBase64(part.crc32c) }, signal);
  } catch (error) {
    if (isLakeliftError(error, 'corrupt')) return undefined;
    if (!isLakeliftError(error, 'not-found')) throw error;
    // The bucket is there: then it is the upload that somebody, or a lifecycle rule, has aborted.
    await target.checkBucket(item.target.bucket, signal);
    throw new Spoiled(error.code, error.message, error.hint);
  }
}
