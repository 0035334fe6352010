import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TAR_BLOCK_BYTES, TAR_END_BYTES, tarHeader, tarPadding } from '../../domain/evidence/tar-header.ts';
import { LakeliftError, messageOf } from '../../errors.ts';
import type { EvidenceArchive } from '../../ports/evidence.ts';
import type { FileDigest } from '../../ports/report-folder.ts';

/** A tar file that gets its name when it is whole. Each header is put before its content once the length is known: nothing is staged. */
export class TarArchive implements EvidenceArchive {
  readonly #path: string;
  readonly #unfinished: string;
  #file: FileHandle | undefined;
  #at = 0;

  constructor(path: string) {
    this.#path = path;
    this.#unfinished = `${path}.${process.pid}.part`;
  }

  add(name: string, content: AsyncIterable<Uint8Array>): Promise<FileDigest> {
    return this.#translated(async () => {
      const file = await this.#opened();
      const hash = createHash('sha256');
      let sizeBytes = 0;
      for await (const chunk of content) {
        await file.write(chunk, 0, chunk.length, this.#at + TAR_BLOCK_BYTES + sizeBytes);
        hash.update(chunk);
        sizeBytes += chunk.length;
      }
      await file.write(tarHeader(name, sizeBytes), 0, TAR_BLOCK_BYTES, this.#at);
      this.#at += TAR_BLOCK_BYTES + sizeBytes + tarPadding(sizeBytes);
      return { sha256: hash.digest('hex'), sizeBytes };
    });
  }

  finish(): Promise<string> {
    return this.#translated(async () => {
      const file = await this.#opened();
      // What was never written between two entries reads as zeros, and so does the end.
      await file.truncate(this.#at + TAR_END_BYTES);
      await file.sync();
      await file.close();
      this.#file = undefined;
      await rename(this.#unfinished, this.#path);
      return this.#path;
    });
  }

  async abandon(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    await rm(this.#unfinished, { force: true });
  }

  async #opened(): Promise<FileHandle> {
    if (this.#file !== undefined) return this.#file;
    await mkdir(dirname(this.#path), { recursive: true });
    return (this.#file = await open(this.#unfinished, 'w'));
  }

  async #translated<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (cause) {
      const { code, syscall } = cause as NodeJS.ErrnoException;
      if (syscall === undefined) throw cause;
      const isDenied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
      throw new LakeliftError(`${this.#path} cannot be written: ${messageOf(cause)}`, {
        kind: isDenied ? 'denied' : 'unavailable',
        code: 'EVIDENCE_NOT_WRITTEN',
        subject: this.#path,
        hint: isDenied ? 'Name a place where you may write with --output.' : 'Free some space, then try again.',
        cause,
      });
    }
  }
}
