import { randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** A piece of an object: one file. Objects put at once have one, multipart objects one per part. */
export interface Segment {
  readonly file: string;
  readonly sizeBytes: number;
}

/** Bytes of objects and parts, in files whose names say nothing about keys: any key is possible, and a file is never written twice. */
export class DataFiles {
  readonly #directory: string;
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();

  constructor(directory: string) {
    this.#directory = join(directory, 'data');
    mkdirSync(this.#directory, { recursive: true });
  }

  async create(): Promise<{ readonly file: string; readonly handle: FileHandle }> {
    const file = randomUUID();
    return { file, handle: await open(join(this.#directory, file), 'wx') };
  }

  /** Removes files once nobody reads them any more. */
  async remove(files: readonly string[]): Promise<void> {
    for (const file of files) {
      if (this.#readers.has(file)) this.#doomed.add(file);
      else await rm(join(this.#directory, file), { force: true });
    }
  }

  /** Streams the bytes from `start` to before `end` of the segments put together. The files stay until the stream ends. */
  read(segments: readonly Segment[], start: number, end: number): AsyncGenerator<Buffer> {
    for (const { file } of segments) this.#readers.set(file, (this.#readers.get(file) ?? 0) + 1);
    return this.#stream(segments, start, end);
  }

  /** Removes what a killed server left half written: files that `isKnown` does not know. */
  sweep(isKnown: (file: string) => boolean): void {
    for (const file of readdirSync(this.#directory))
      if (!isKnown(file)) rmSync(join(this.#directory, file), { force: true });
  }

  async *#stream(segments: readonly Segment[], start: number, end: number): AsyncGenerator<Buffer> {
    try {
      let offset = 0;
      for (const { file, sizeBytes } of segments) {
        const from = Math.max(0, start - offset);
        const to = Math.min(sizeBytes, end - offset);
        offset += sizeBytes;
        if (from >= to) continue;
        yield* createReadStream(join(this.#directory, file), { start: from, end: to - 1, highWaterMark: 256 * 1024 });
      }
    } finally {
      await this.#release(segments);
    }
  }

  async #release(segments: readonly Segment[]): Promise<void> {
    for (const { file } of segments) {
      const readers = this.#readers.get(file)! - 1;
      if (readers > 0) this.#readers.set(file, readers);
      else this.#readers.delete(file);
      if (readers === 0 && this.#doomed.delete(file)) await this.remove([file]);
    }
  }
}
