import type { SourceFile } from '../../domain/source-file.ts';

const YEAR_MS = 31_556_952_000;
const MOST_FILES = 16;

/** Files that stand for all of one format: the first that was written, and the last of each year, since what a cluster writes changes with its versions. The order that they come in makes no difference. */
export class FileSample {
  #oldest: SourceFile | undefined;
  readonly #newest = new Map<number, SourceFile>();

  add(file: SourceFile): void {
    if (file.sizeBytes === 0) return;
    if (this.#oldest === undefined || compare(file, this.#oldest) < 0) this.#oldest = file;
    const year = Math.floor(file.modifiedAtMs / YEAR_MS);
    const newest = this.#newest.get(year);
    if (newest === undefined || compare(file, newest) > 0) this.#newest.set(year, file);
  }

  /** The newest first, the oldest last. */
  get files(): readonly SourceFile[] {
    const newest = [...this.#newest.values()].sort((a, b) => compare(b, a)).slice(0, MOST_FILES - 1);
    return this.#oldest === undefined || newest.includes(this.#oldest) ? newest : [...newest, this.#oldest];
  }
}

/** Of several that were changed at once the first by its path counts as the newest. */
function compare(a: SourceFile, b: SourceFile): number {
  if (a.modifiedAtMs !== b.modifiedAtMs) return a.modifiedAtMs - b.modifiedAtMs;
  if (a.path === b.path) return 0;
  return a.path < b.path ? 1 : -1;
}
