import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { LakeliftError, messageOf } from '../../errors.ts';
import type { FileDigest, ReportFolder } from '../../ports/report-folder.ts';

/** The report of a run in a directory of this machine. */
export class DirectoryReportFolder implements ReportFolder {
  readonly place: string;

  constructor(directory: string) {
    this.place = directory;
  }

  has(name: string): boolean {
    return existsSync(join(this.place, name));
  }

  async digest(name: string): Promise<FileDigest | undefined> {
    if (!this.has(name)) return undefined;
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for await (const chunk of this.open(name)) {
      hash.update(chunk);
      sizeBytes += chunk.length;
    }
    return { sha256: hash.digest('hex'), sizeBytes };
  }

  async *open(name: string): AsyncGenerator<Uint8Array> {
    const path = join(this.place, name);
    try {
      for await (const chunk of createReadStream(path)) yield chunk as Uint8Array;
    } catch (cause) {
      const isDenied = (cause as NodeJS.ErrnoException).code === 'EACCES';
      throw new LakeliftError(`${path} cannot be read: ${messageOf(cause)}`, {
        kind: isDenied ? 'denied' : 'unavailable',
        code: 'REPORT_UNREADABLE',
        subject: path,
        cause,
      });
    }
  }
}
