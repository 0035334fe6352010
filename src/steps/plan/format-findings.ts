import type { FileKind } from '../../domain/rules/storage-format.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import { FileSample } from './file-sample.ts';

interface FormatFinding {
  readonly sample: FileSample;
  /** Columns in which Hive found days or times before 15 October 1582, by statistics that hold. */
  readonly oldColumns: Set<string>;
}

/** What is found in the files of a table, by their format: partitions may have others than their table. */
export class FormatFindings implements Iterable<[FileKind, FormatFinding]> {
  readonly #formats = new Map<FileKind, FormatFinding>();

  addFile(format: FileKind | undefined, file: SourceFile): void {
    if (format !== undefined) this.#of(format).sample.add(file);
  }

  addOldColumns(format: FileKind | undefined, columns: readonly string[]): void {
    if (format !== undefined) for (const column of columns) this.#of(format).oldColumns.add(column);
  }

  [Symbol.iterator](): Iterator<[FileKind, FormatFinding]> {
    return this.#formats[Symbol.iterator]();
  }

  #of(format: FileKind): FormatFinding {
    const known = this.#formats.get(format);
    if (known !== undefined) return known;
    const finding = { sample: new FileSample(), oldColumns: new Set<string>() };
    this.#formats.set(format, finding);
    return finding;
  }
}
