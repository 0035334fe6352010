import { SMALL_FILE_BYTES } from '../small-files.ts';
import { hdfsPath } from '../names.ts';

/** What lies below a folder. */
export interface FolderUsage {
  readonly files: number;
  readonly sizeBytes: number;
  /** Files smaller than an engine likes; undefined where only totals are known. */
  readonly smallFiles?: number | undefined;
  /** Of the last file that changed or was read; undefined where the source does not tell. */
  readonly modifiedAtMs?: number | undefined;
  readonly readAtMs?: number | undefined;
}

export interface SeenFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  /** 0 where the cluster keeps no access times. */
  readonly readAtMs: number;
}

/** When it was last read or written, in milliseconds since 1970; undefined where nobody told. */
export function lastUseMs({
  readAtMs = 0,
  modifiedAtMs = 0,
}: Pick<FolderUsage, 'readAtMs' | 'modifiedAtMs'>): number | undefined {
  return Math.max(readAtMs, modifiedAtMs) || undefined;
}

/**
 * Adds up files by the folder that they belong to: the innermost of the folders given, or else their directory two levels below the root.
 * Memory grows with the number of folders, not of files.
 */
export class UsageCounter {
  readonly #wanted: ReadonlySet<string>;
  readonly #usage = new Map<string, Tally>();
  #lastDirectory = '';
  #lastTally: Tally | undefined;

  constructor(folders: Iterable<string>) {
    this.#wanted = new Set(folders);
  }

  add(file: SeenFile): void {
    const directory = file.path.slice(0, file.path.lastIndexOf('/'));
    // Images list the files of a directory together.
    if (this.#lastTally === undefined || directory !== this.#lastDirectory) {
      this.#lastDirectory = directory;
      this.#lastTally = this.#tallyOf(this.#folderOf(directory));
    }
    this.#lastTally.add(file);
  }

  /** By folder; those without a file are absent. */
  usage(): Map<string, FolderUsage> {
    return new Map([...this.#usage].map(([folder, tally]) => [folder, tally.usage()]));
  }

  #folderOf(directory: string): string {
    for (let folder = directory; folder !== ''; folder = folder.slice(0, folder.lastIndexOf('/')))
      if (this.#wanted.has(folder)) return folder;
    return hdfsPath(directory.split('/').slice(0, 3).join('/') || '/');
  }

  #tallyOf(folder: string): Tally {
    const known = this.#usage.get(folder);
    if (known !== undefined) return known;
    const tally = new Tally();
    this.#usage.set(folder, tally);
    return tally;
  }
}

class Tally {
  #files = 0;
  #sizeBytes = 0;
  #smallFiles = 0;
  #modifiedAtMs = 0;
  #readAtMs = 0;

  add({ sizeBytes, modifiedAtMs, readAtMs }: SeenFile): void {
    this.#files += 1;
    this.#sizeBytes += sizeBytes;
    if (sizeBytes < SMALL_FILE_BYTES) this.#smallFiles += 1;
    this.#modifiedAtMs = Math.max(this.#modifiedAtMs, modifiedAtMs);
    this.#readAtMs = Math.max(this.#readAtMs, readAtMs);
  }

  usage(): FolderUsage {
    return {
      files: this.#files,
      sizeBytes: this.#sizeBytes,
      smallFiles: this.#smallFiles,
      modifiedAtMs: this.#modifiedAtMs,
      ...(this.#readAtMs === 0 ? {} : { readAtMs: this.#readAtMs }),
    };
  }
}

export function addUsage(a: FolderUsage, b: FolderUsage): FolderUsage {
  const latest = (x: number | undefined, y: number | undefined): number | undefined =>
    x === undefined || y === undefined ? (x ?? y) : Math.max(x, y);
  return {
    files: a.files + b.files,
    sizeBytes: a.sizeBytes + b.sizeBytes,
    smallFiles: a.smallFiles === undefined || b.smallFiles === undefined ? undefined : a.smallFiles + b.smallFiles,
    modifiedAtMs: latest(a.modifiedAtMs, b.modifiedAtMs),
    readAtMs: latest(a.readAtMs, b.readAtMs),
  };
}
