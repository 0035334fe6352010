import { createHash } from 'node:crypto';
import { DEFAULT_PARTITION, partitionValues } from '../partition-name.ts';
import { compareUtf8 } from '../utf8-order.ts';

/** What a build calls the one file of a dataset, or of each of its partitions. */
export const BUILT_FILE = 'part-00000.parquet';

/** A file of a dataset by the values of its partition, with the SHA-256 of its bytes in hex. */
export interface DigestedFile {
  readonly values: readonly string[];
  readonly sha256: string;
}

/** SHA-256 of a dataset, in hex: of its one file, or of all with their places, in the order that a build writes them in. */
export function datasetDigest(files: readonly DigestedFile[]): string {
  const [only] = files;
  if (files.length === 1 && only!.values.length === 0) return only!.sha256;
  const hash = createHash('sha256');
  for (const { values, sha256 } of files) hash.update(JSON.stringify(values)).update(Buffer.from(sha256, 'hex'));
  return hash.digest('hex');
}

/** By its name below the folder of the dataset, `mois=2024-03/part-00000.parquet`. */
export interface NamedFile {
  readonly name: string;
  readonly sha256: string;
}

/**
 * What the files of a dataset that stands may be a build of: digests of all of them, and of those that are not emptied. What an earlier build or a job had written and is
 * no longer wanted stands emptied beside them, each with the same bytes.
 */
export function standingDigests(files: readonly NamedFile[]): string[] {
  if (files.some(({ name }) => folderOf(name).some((part) => !part.includes('=')))) return [];
  const built = files.filter(({ name }) => name.split('/').at(-1) === BUILT_FILE).map(placed);
  built.sort(compareFiles);
  const others = new Set(files.filter(({ name }) => name.split('/').at(-1) !== BUILT_FILE).map(({ sha256 }) => sha256));
  if (others.size > 1) return [];
  const [emptied] = others;
  if (emptied !== undefined) return [built, built.filter(({ sha256 }) => sha256 !== emptied)].map(datasetDigest);
  const repeated = [...Map.groupBy(built, ({ sha256 }) => sha256).keys()];
  return [built, ...repeated.map((empty) => built.filter(({ sha256 }) => sha256 !== empty))].map(datasetDigest);
}

function placed({ name, sha256 }: NamedFile): DigestedFile {
  const folder = folderOf(name);
  return { values: folder.length === 0 ? [] : partitionValues(folder.join('/')), sha256 };
}

function folderOf(name: string): string[] {
  return name.split('/').slice(0, -1);
}

/** As the engine orders texts, NULL last. */
function compareFiles({ values: one }: DigestedFile, { values: other }: DigestedFile): number {
  for (const [index, value] of one.entries()) {
    const [isNull, isOtherNull] = [value === DEFAULT_PARTITION, other[index] === DEFAULT_PARTITION];
    const order = isNull || isOtherNull ? Number(isNull) - Number(isOtherNull) : compareUtf8(value, other[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}
