import { crcFromBase64, crcToBase64 } from '../../domain/checksum/crc.ts';
import type { PartRange } from '../../domain/part-size.ts';
import type { FileItem, ObjectAddress } from '../../domain/plan.ts';
import { isSameVersion } from '../../domain/source-file.ts';
import { isLakeliftError } from '../../errors.ts';
import type { PartRecord } from '../../ports/ledger.ts';
import type { UploadedPart } from '../../ports/target-object-store.ts';
import { Decided, type CopyContext } from './copy-context.ts';
import type { SourceProof } from './source-proof.ts';

export interface PartPlan {
  readonly ranges: readonly PartRange[];
  readonly partSizeBytes: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly proof: SourceProof;
}

/** Uploads the parts that the store does not hold yet, in parallel; returns all of them in order. A killed run goes on here. */
export async function uploadParts(
  item: FileItem,
  plan: PartPlan,
  context: CopyContext,
): Promise<{ uploadId: string; parts: UploadedPart[] }> {
  const { uploadId, done } = await openUpload(item, plan, context);
  const parts = new Map<number, UploadedPart>();
  for (const part of done) {
    plan.proof.add(plan.ranges[part.partNumber - 1]!, crcFromBase64(part.crc32c), part.chunkCrcs);
    parts.set(part.partNumber, part);
    context.progress({ kind: 'bytes', sizeBytes: part.sizeBytes });
  }
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const missing = plan.ranges.filter(({ partNumber }) => !parts.has(partNumber));
  const results = await Promise.allSettled(
    missing.map((range) =>
      context.parts(async () => {
        signal.throwIfAborted();
        try {
          const part = await movePart(item, { range, uploadId, plan }, { ...context, signal });
          parts.set(part.partNumber, part);
        } catch (error) {
          stop.abort(error);
          throw error;
        }
      }),
    ),
  );
  context.signal.throwIfAborted();
  if (results.some(({ status }) => status === 'rejected')) throw failureOf(item, stop.signal.reason);
  return { uploadId, parts: plan.ranges.map(({ partNumber }) => parts.get(partNumber)!) };
}

export async function discardUpload(address: ObjectAddress, uploadId: string, context: CopyContext): Promise<void> {
  await context.target.abortUpload(address, uploadId, context.signal);
  context.ledger.forgetUpload(address);
}

async function movePart(
  item: FileItem,
  { range, uploadId, plan }: { range: PartRange; uploadId: string; plan: PartPlan },
  context: CopyContext,
): Promise<UploadedPart> {
  const { source, target, buffers, ledger, progress, signal } = context;
  const body = buffers.take(range.length, plan.partSizeBytes);
  try {
    await source.readRange(item.source.path, range, body, signal);
    const { crc32c, chunkCrcs } = plan.proof.sum(body);
    const part = await target.uploadPart(
      { address: item.target, uploadId, partNumber: range.partNumber, body, crc32c: crcToBase64(crc32c) },
      signal,
    );
    ledger.putPart(item.target, { ...part, chunkCrcs });
    plan.proof.add(range, crc32c, chunkCrcs);
    progress({ kind: 'bytes', sizeBytes: range.length });
    return part;
  } finally {
    buffers.give(body);
  }
}

/** The upload of an earlier, killed run where it is of this version and still open; else a new one. */
async function openUpload(
  item: FileItem,
  plan: PartPlan,
  context: CopyContext,
): Promise<{ uploadId: string; done: PartRecord[] }> {
  const { ledger, target, signal } = context;
  const earlier = ledger.findUpload(item.target);
  if (earlier !== undefined) {
    const isUsable = isSameVersion(earlier.version, item.source) && earlier.partSizeBytes === plan.partSizeBytes;
    const done = isUsable ? await partsOnBothSides(item.target, earlier.uploadId, context) : undefined;
    if (done !== undefined) return { uploadId: earlier.uploadId, done };
    await discardUpload(item.target, earlier.uploadId, context);
  }
  const uploadId = await target.createUpload(item.target, plan.metadata, signal);
  const { sizeBytes, modifiedAtMs, fileId } = item.source;
  ledger.putUpload({
    address: item.target,
    uploadId,
    version: { sizeBytes, modifiedAtMs, fileId },
    partSizeBytes: plan.partSizeBytes,
  });
  return { uploadId, done: [] };
}

/** Parts that both the ledger and the store know, alike; undefined when the upload is gone. */
async function partsOnBothSides(
  address: ObjectAddress,
  uploadId: string,
  { ledger, target, signal }: CopyContext,
): Promise<PartRecord[] | undefined> {
  const recorded = new Map([...ledger.listParts(address)].map((part) => [part.partNumber, part]));
  const done: PartRecord[] = [];
  try {
    for await (const { partNumber, etag, sizeBytes } of target.listParts(address, uploadId, signal)) {
      const record = recorded.get(partNumber);
      if (record?.etag === etag && record.sizeBytes === sizeBytes) done.push(record);
    }
  } catch (error) {
    if (isLakeliftError(error, 'not-found')) return undefined;
    throw error;
  }
  return done;
}

/** What the first failing part said; a source's failure ends this file only. */
function failureOf(item: FileItem, error: unknown): unknown {
  if (!isLakeliftError(error) || !error.code.startsWith('HDFS_')) return error;
  if (error.kind === 'corrupt' || error.kind === 'not-found') {
    return new Decided(item, {
      status: 'source-moved',
      errorCode: 'SOURCE_MOVED',
      message: error.message,
      hint: 'Run again once its writer is done, or migrate from an HDFS snapshot.',
    });
  }
  return new Decided(item, { status: 'failed', errorCode: error.code, message: error.message, hint: error.hint });
}
