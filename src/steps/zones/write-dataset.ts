import { createHash } from 'node:crypto';
import { datasetDigest } from '../../domain/privacy/dataset-digest.ts';
import type { Dataset, PlannedColumn } from '../../domain/privacy/dataset.ts';
import type { TargetTable } from '../../domain/target-table.ts';
import type { DatasetFile, DatasetSession, TypedColumn } from '../../ports/dataset-engine.ts';

/** A dataset as it will stand: what is to be published of it. */
export interface WrittenDataset {
  readonly name: string;
  readonly dataset: Dataset;
  readonly columns: readonly PlannedColumn[];
  /** Without the partitions. */
  readonly types: readonly TypedColumn[];
  readonly partitionKeys: readonly TypedColumn[];
  readonly rows: number;
  readonly files: readonly DatasetFile[];
  /** What takes the place of files of earlier builds that have no rows any more. */
  readonly emptyFile: Uint8Array;
  /** Of all files, with their places. */
  readonly sha256: string;
}

export const COUNT = 'SELECT count(*) FROM dataset';

/** The files of what a session holds. */
export async function writeDataset(
  session: DatasetSession,
  dataset: Dataset,
  columns: readonly PlannedColumn[],
): Promise<WrittenDataset> {
  const { name, partitions } = dataset;
  const described = await session.describe();
  const files = await session.toFiles(partitions);
  return {
    name,
    dataset,
    columns,
    types: described.filter((column) => !partitions.includes(column.name)),
    partitionKeys: described.filter((column) => partitions.includes(column.name)),
    rows: await session.count(COUNT),
    files,
    emptyFile: await session.emptyFile(partitions),
    sha256: hashOf(files),
  };
}

/** Partitioned as its table says, whatever is declared by now. */
export function asStanding(dataset: Dataset, { partitionKeys }: Pick<TargetTable, 'partitionKeys'>): Dataset {
  return { ...dataset, partitions: partitionKeys.map(({ name }) => name) };
}

function hashOf(files: readonly DatasetFile[]): string {
  const sha256 = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');
  return datasetDigest(files.map(({ values, body }) => ({ values, sha256: sha256(body) })));
}
