import { DEFAULT_PARTITION, partitionValues } from '../../domain/partition-name.ts';
import { isLakeliftError, LakeliftError } from '../../errors.ts';
import { isRefusal, MetastoreRefusal, UNREACHABLE } from './metastore-error.ts';
import type { ThriftPartition } from './metastore-structs.ts';

export interface PartitionSource {
  getByNames(names: readonly string[]): Promise<readonly ThriftPartition[]>;
  listNames(): Promise<readonly string[]>;
}

/** Larger is hardly faster and may exceed the server's limits (HIVE-27505: replies beyond 2 GB for wide tables). */
const BATCH_SIZE = 1000;
/** Batches on their way while one is worked on: with one alone the server waits while its reply is read. */
const AHEAD = 2;

/**
 * The partitions of these names, in their order. A batch that fails is halved, down to one partition, for servers that limit a
 * request or break on a large one. Partitions dropped meanwhile are left out; one that the server still lists but does not hand
 * out is an error, so that none is lost silently.
 */
export async function* readInBatches(
  source: PartitionSource,
  names: Names,
  signal?: AbortSignal,
): AsyncGenerator<ThriftPartition> {
  let size = BATCH_SIZE;
  let asked = 0;
  let coming: Batch[] = [];
  const askAhead = (count: number): void => {
    while (coming.length < count && asked < names.length) {
      const wanted = names.slice(asked, asked + size);
      const found = source.getByNames(wanted);
      // Nobody awaits it where an earlier one fails, or the reader leaves.
      found.catch(() => undefined);
      coming.push({ wanted, found });
      asked += wanted.length;
    }
  };
  // Alone, until the server has shown that it can answer so many.
  for (askAhead(1); coming.length > 0;) {
    signal?.throwIfAborted();
    const { wanted, found } = coming.shift()!;
    let partitions: readonly ThriftPartition[];
    try {
      partitions = await found;
    } catch (error) {
      if (wanted.length === 1 || !mayFitWhenSmaller(error)) throw error;
      size = Math.ceil(wanted.length / 2);
      asked -= wanted.length + coming.reduce((sum, one) => sum + one.wanted.length, 0);
      coming = [];
      askAhead(1);
      continue;
    }
    askAhead(AHEAD);
    yield* await inOrder(source, wanted, partitions);
  }
}

type Names = Pick<readonly string[], 'length'> & { slice(start: number, end: number): readonly string[] };

interface Batch {
  readonly wanted: readonly string[];
  readonly found: Promise<readonly ThriftPartition[]>;
}

function mayFitWhenSmaller(error: unknown): boolean {
  if (error instanceof MetastoreRefusal) return !isRefusal(error, 'NoSuchObject') && !isRefusal(error, 'UnknownMethod');
  return (
    isLakeliftError(error) && (error.kind === 'corrupt' || (error.kind === 'unavailable' && error.code !== UNREACHABLE))
  );
}

async function inOrder(
  source: PartitionSource,
  names: readonly string[],
  found: readonly ThriftPartition[],
): Promise<ThriftPartition[]> {
  const byValues = new Map(found.map((partition) => [keyOf(partition.values ?? []), partition]));
  const ordered = names.map((name) => byValues.get(keyOf(partitionValues(name))));
  const missing = names.filter((_, index) => ordered[index] === undefined);
  if (missing.length > 0) {
    const still = new Set(await source.listNames());
    const lost = missing.find((name) => still.has(name));
    if (lost !== undefined) throw withheld(lost);
  }
  return ordered.filter((partition) => partition !== undefined);
}

/** Hive names the empty value like NULL. */
function keyOf(values: readonly string[]): string {
  return JSON.stringify(values.map((value) => (value === '' ? DEFAULT_PARTITION : value)));
}

function withheld(name: string): LakeliftError {
  return new LakeliftError(`the metastore lists the partition ${name} but does not return it`, {
    kind: 'corrupt',
    code: 'METASTORE_PARTITION_WITHHELD',
    subject: name,
    hint: 'Check its rows in the metastore database (PARTITIONS, PARTITION_KEY_VALS), or repair it with MSCK.',
  });
}
