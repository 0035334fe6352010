import type { SourceFile } from '../../domain/source-file.ts';
import type { SampledFile } from '../../domain/writer-marks/sampled-file.ts';

const YEAR_MS = 31_556_952_000;
const MOST_FILES = 16;

type SampledSource = SourceFile & SampledFile;

/** Files that stand for all of one format: the first that was written, and the last of each year, since what a cluster writes changes with its versions. The order that they come in makes no difference. */
export class FileSample {
  #oldest: SampledSource | undefined;
  readonly #newest = new Map<number, SampledSource>();

  /** `partition` is the name of the one that it belongs to. */
  add(file: SourceFile, partition?: string): void {
    if (file.sizeBytes === 0) return;
    if (this.#oldest === undefined || compare(file, this.#oldest) < 0) this.#oldest = { ...file, partition };
    const year = Math.floor(file.modifiedAtMs / YEAR_MS);
    const newest = this.#newest.get(year);
    if (newest === undefined || compare(file, newest) > 0) this.#newest.set(year, { ...file, partition });
  }

  /** The newest first, the oldest last. */
  get files(): readonly SampledSource[] {
    const newest = [...this.#newest.values()].sort((a, b) => compare(b, a)).slice(0, MOST_FILES - 1);
    const oldest = this.#oldest;
    return oldest === undefined || newest.some(({ path }) => path === oldest.path) ? newest : [...newest, oldest];
  }
}

/** Of several that were changed at once the first by its path counts as the newest. */
function compare(a: SourceFile, b: SourceFile): number {
  if (a.modifiedAtMs !== b.modifiedAtMs) return a.modifiedAtMs - b.modifiedAtMs;
  if (a.path === b.path) return 0;
  return a.path < b.path ? 1 : -1;
}
