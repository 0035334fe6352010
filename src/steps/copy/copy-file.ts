import { crcToBase64 } from '../../domain/checksum/crc.ts';
import { formatHdfsChecksum, type HdfsChecksum } from '../../domain/checksum/hdfs-checksum.ts';
import { objectMetadata } from '../../domain/object-metadata.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { partRanges, partSizeOf } from '../../domain/part-size.ts';
import type { FileItem } from '../../domain/plan.ts';
import { isSameVersion } from '../../domain/source-file.ts';
import { isLakeliftError } from '../../errors.ts';
import type { WriteCondition } from '../../ports/target-object-store.ts';
import { Decided, failed, type CopyContext } from './copy-context.ts';
import { findRecorded, recordObject, settleWrite, writeCondition, type FileOnItsWay } from './standing-object.ts';
import { SourceProof, type SourceVerdict } from './source-proof.ts';
import { discardUpload, uploadParts } from './upload-parts.ts';

const ATTEMPTS = 2;

/**
 * Copies one file. The object only comes to exist once its bytes are proven: they are compared with the HDFS checksum, and the source is looked at again,
 * before the upload is completed under the CRC32C of the whole. Every way out is an outcome, but for what stops the run (rights on the bucket, the ledger).
 */
export async function copyFile(item: FileItem, context: CopyContext): Promise<Outcome> {
  const startedAt = performance.now();
  const done = (outcome: Outcome): Outcome => ({ ...outcome, durationMs: Math.round(performance.now() - startedAt) });
  try {
    return done(await new FileCopy(item, context).run());
  } catch (error) {
    if (error instanceof Decided) return done(error.outcome);
    throw error;
  }
}

class FileCopy {
  readonly #item: FileItem;
  readonly #context: CopyContext;

  constructor(item: FileItem, context: CopyContext) {
    this.#item = item;
    this.#context = context;
  }

  async run(): Promise<Outcome> {
    const recorded = await findRecorded(this.#item, this.#context);
    if (recorded !== undefined) return recorded;
    const checksum = await this.#sourceChecksum();
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#transfer(checksum);
      if (outcome !== undefined) return outcome;
      if (attempt === ATTEMPTS) {
        throw failed(
          this.#item,
          'SOURCE_CHECKSUM_MISMATCH',
          'The bytes read do not give the checksum that HDFS keeps of them',
          'Check the file with "hdfs fsck"; nothing was written.',
        );
      }
    }
  }

  /** undefined where HDFS cannot give one that can be compared: encryption zones (it covers ciphertext), erasure coding unless composite. */
  async #sourceChecksum(): Promise<HdfsChecksum | undefined> {
    const { source, signal } = this.#context;
    const { path, isEncrypted, isErasureCoded } = this.#item.source;
    if (isEncrypted) return undefined;
    const checksum = await this.#fromSource(source.findChecksum(path, signal));
    if (checksum?.kind === 'composite-crc') return checksum.crcType === 'CRC32C' ? checksum : undefined;
    if (isErasureCoded || (checksum !== undefined && checksum.bytesPerCrc !== 512 && checksum.bytesPerCrc !== 0))
      return undefined;
    return checksum;
  }

  #file(checksum: HdfsChecksum | undefined): FileOnItsWay {
    return { item: this.#item, checksum, context: this.#context };
  }

  /** One attempt; undefined when the bytes that arrived were not the source's. */
  async #transfer(checksum: HdfsChecksum | undefined): Promise<Outcome | undefined> {
    const { source: file, target: address } = this.#item;
    const { limits, runId } = this.#context;
    const metadata = objectMetadata(file, checksum, runId);
    const proof = new SourceProof(file, checksum);
    const partSizeBytes = partSizeOf(file.sizeBytes, limits.partSizeBytes);
    if (file.sizeBytes <= partSizeBytes) return this.#putWhole(checksum, proof, metadata);

    const condition = await writeCondition(this.#file(checksum));
    const upload = await uploadParts(
      this.#item,
      { ranges: partRanges(file.sizeBytes, partSizeBytes), partSizeBytes, metadata, proof },
      this.#context,
    );
    const verdict = await this.#judge(checksum, proof.verdict());
    if (verdict === undefined) {
      await discardUpload(address, upload.uploadId, this.#context);
      return undefined;
    }
    await this.#expectUnmoved();
    const crc32c = crcToBase64(verdict.crc32c);
    const { etag } = await settleWrite(this.#file(checksum), () =>
      this.#context.target.completeUpload(
        { address, uploadId: upload.uploadId, parts: upload.parts, crc32c, sizeBytes: file.sizeBytes, condition },
        this.#context.signal,
      ),
    );
    this.#context.ledger.forgetUpload(address);
    return this.#keep(checksum, verdict, etag);
  }

  /** Files of one part: read, prove, put. */
  async #putWhole(
    checksum: HdfsChecksum | undefined,
    proof: SourceProof,
    metadata: Record<string, string>,
  ): Promise<Outcome | undefined> {
    const { source, target, signal, parts, buffers, progress } = this.#context;
    const { source: file, target: address } = this.#item;
    return parts(async () => {
      signal.throwIfAborted();
      const body = buffers.take(file.sizeBytes, file.sizeBytes);
      try {
        await this.#fromSource(source.readRange(file.path, { offset: 0, length: file.sizeBytes }, body, signal));
        const { crc32c, chunkCrcs } = proof.sum(body);
        proof.add({ partNumber: 1, offset: 0, length: body.length }, crc32c, chunkCrcs);
        const verdict = await this.#judge(checksum, proof.verdict());
        if (verdict === undefined) return undefined;
        await this.#expectUnmoved();
        const put = (condition: WriteCondition) =>
          target.putObject({ address, body, crc32c: crcToBase64(crc32c), metadata, condition }, signal);
        const { etag } = await settleWrite(this.#file(checksum), async () => {
          try {
            return await put({ kind: 'if-absent' });
          } catch (error) {
            if (!isLakeliftError(error, 'conflict')) throw error;
            return put(await writeCondition(this.#file(checksum)));
          }
        });
        progress({ kind: 'bytes', sizeBytes: body.length });
        return this.#keep(checksum, verdict, etag);
      } finally {
        buffers.give(body);
      }
    });
  }

  /**
   * undefined when the bytes are not the source's. Blocks of irregular size (append, concat) make another checksum than the one computed:
   * then, and only then, the proof is less strong.
   */
  async #judge(checksum: HdfsChecksum | undefined, verdict: SourceVerdict): Promise<SourceVerdict | undefined> {
    if (!verdict.isCorrupt) return verdict;
    if (checksum?.kind !== 'md5-of-md5-of-crc' || !(await this.#hasIrregularBlocks())) return undefined;
    return { ...verdict, isCorrupt: false, proof: 'target-only' };
  }

  async #hasIrregularBlocks(): Promise<boolean> {
    const { path, blockSizeBytes } = this.#item.source;
    const sizes = await this.#fromSource(this.#context.source.listBlockSizes(path, this.#context.signal));
    return sizes.slice(0, -1).some((sizeBytes) => sizeBytes !== blockSizeBytes);
  }

  async #expectUnmoved(): Promise<void> {
    const entry = await this.#context.source.findEntry(this.#item.source.path, this.#context.signal);
    if (entry?.kind === 'file' && isSameVersion(entry.file, this.#item.source)) return;
    throw this.#moved(
      entry === undefined ? 'The file is gone from the source' : 'The file changed while it was copied',
    );
  }

  #moved(message: string): Decided {
    return new Decided(this.#item, {
      status: 'source-moved',
      errorCode: 'SOURCE_MOVED',
      message,
      hint: 'Run again once its writer is done, or migrate from an HDFS snapshot.',
    });
  }

  /** Failures of one source file end this file only; if it changed meanwhile, that is what is said. */
  async #fromSource<Result>(call: Promise<Result>): Promise<Result> {
    try {
      return await call;
    } catch (error) {
      this.#context.signal.throwIfAborted();
      if (!isLakeliftError(error)) throw error;
      if (error.kind === 'not-found' || error.kind === 'corrupt') await this.#expectUnmoved();
      throw failed(this.#item, error.code, error.message, error.hint);
    }
  }

  #keep(checksum: HdfsChecksum | undefined, verdict: SourceVerdict, etag: string): Outcome {
    const crc32c = crcToBase64(verdict.crc32c);
    recordObject(this.#file(checksum), { proof: verdict.proof, crc32c, etag });
    return {
      itemId: this.#item.id,
      status: 'verified',
      sizeBytes: this.#item.source.sizeBytes,
      proof: verdict.proof,
      crc32c,
      sourceChecksum: checksum && formatHdfsChecksum(checksum),
    };
  }
}
