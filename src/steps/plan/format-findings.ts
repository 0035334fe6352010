import { fileKind, hasNumericDays, type FileKind } from '../../domain/rules/storage-format.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import type { TargetStorage } from '../../domain/target-table.ts';
import { NAMED_PARTITIONS, type NamedPartitions } from '../../domain/writer-marks/sampled-file.ts';
import { FileSample } from './file-sample.ts';

/** Of a table, or of a partition that is stored otherwise. */
type Storage = Pick<TargetStorage, 'inputFormat' | 'serdeLibrary'>;

interface FormatFinding {
  readonly kind: FileKind;
  /** Days are numbers in these files, in some calendar, and not text. */
  readonly hasNumericDays: boolean;
  readonly sample: FileSample;
  /** Columns in which Hive found days or times before 15 October 1582, by statistics that hold. */
  readonly oldColumns: Set<string>;
  /** Partitions in which it found them. */
  readonly oldPartitions: FirstNames;
}

/** What is found in the files of a table, by how they are stored: partitions may be stored otherwise than their table. */
export class FormatFindings implements Iterable<FormatFinding> {
  readonly #formats = new Map<string, FormatFinding>();

  /** `partition` is the name of the one that it belongs to. */
  addFile(storage: Storage, file: SourceFile, partition?: string): void {
    this.#of(storage)?.sample.add(file, partition);
  }

  addOldColumns(storage: Storage, columns: readonly string[], partition?: string): void {
    const finding = columns.length === 0 ? undefined : this.#of(storage);
    for (const column of columns) finding?.oldColumns.add(column);
    if (partition !== undefined) finding?.oldPartitions.add(partition);
  }

  /** In an order that does not depend on who came first. */
  *[Symbol.iterator](): Iterator<FormatFinding> {
    for (const key of [...this.#formats.keys()].sort()) yield this.#formats.get(key)!;
  }

  #of(storage: Storage): FormatFinding | undefined {
    const kind = fileKind(storage);
    if (kind === undefined) return undefined;
    const isNumeric = hasNumericDays(storage);
    const key = isNumeric ? `${kind} with numbers` : kind;
    const known = this.#formats.get(key);
    if (known !== undefined) return known;
    const finding = {
      kind,
      hasNumericDays: isNumeric,
      sample: new FileSample(),
      oldColumns: new Set<string>(),
      oldPartitions: new FirstNames(),
    };
    this.#formats.set(key, finding);
    return finding;
  }
}

/** How many there are, and the first of them in the order of names, whichever come first. */
class FirstNames implements NamedPartitions {
  count = 0;
  names: readonly string[] = [];

  add(name: string): void {
    this.count += 1;
    this.names = [...this.names, name].sort().slice(0, NAMED_PARTITIONS);
  }
}
