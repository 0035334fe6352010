import {
  GetPartitionsCommand,
  type GetPartitionsCommandOutput,
  type GlueClient,
  type Partition,
  type Segment,
} from '@aws-sdk/client-glue';
import { callOptions } from '../aws/aws-settings.ts';

/** GetPartitions reads up to ten segments of a table side by side. */
const SEGMENTS = 4;

interface Names {
  readonly database: string;
  readonly table: string;
}

type Pages = AsyncGenerator<Partition[], undefined>;

/**
 * Pages of all partitions: the only one where they fit, else read in segments side by side, in no particular order. A catalog that ignores Segment (some that only
 * speak Glue's protocol do) gives everything for each of them: then the first is enough, and nothing is given twice.
 */
export async function* partitionPages(
  client: GlueClient,
  names: Names,
  signal: AbortSignal | undefined,
): AsyncGenerator<Partition[]> {
  const { Partitions, NextToken } = await pageOf(client, names, { signal });
  if (NextToken === undefined) return void (yield Partitions ?? []);
  const segments = Array.from({ length: SEGMENTS }, (_, number) => segmentPages(client, { ...names, number }, signal));
  try {
    const firsts = await Promise.all(segments.map(async (pages) => ({ pages, first: await pages.next() })));
    const [leading, ...others] = firsts as [(typeof firsts)[0], ...typeof firsts];
    const seen = new Set((leading.first.value ?? []).map(keyOf));
    const isSplit = others.every(({ first }) => first.value?.[0] === undefined || !seen.has(keyOf(first.value[0])));
    const useful = isSplit ? firsts : [leading];
    for (const { first } of useful) if (first.value !== undefined) yield first.value;
    yield* together(useful.filter(({ first }) => first.done !== true).map(({ pages }) => pages));
  } finally {
    await Promise.all(segments.map((pages) => pages.return(undefined)));
  }
}

async function* segmentPages(
  client: GlueClient,
  { number, ...names }: Names & { readonly number: number },
  signal: AbortSignal | undefined,
): Pages {
  const segment = { SegmentNumber: number, TotalSegments: SEGMENTS };
  let token: string | undefined;
  do {
    const page = await pageOf(client, names, { segment, token, signal });
    yield page.Partitions ?? [];
    token = page.NextToken;
  } while (token !== undefined);
}

interface PageRequest {
  readonly segment?: Segment;
  readonly token?: string | undefined;
  readonly signal: AbortSignal | undefined;
}

function pageOf(
  client: GlueClient,
  { database, table }: Names,
  { segment, token, signal }: PageRequest,
): Promise<GetPartitionsCommandOutput> {
  const command = new GetPartitionsCommand({
    DatabaseName: database,
    TableName: table,
    Segment: segment,
    ExcludeColumnSchema: true,
    NextToken: token,
  });
  return client.send(command, callOptions(signal));
}

/** Yields whichever page comes next; each source has one page on its way. */
async function* together(sources: readonly Pages[]): AsyncGenerator<Partition[]> {
  const next = async (source: Pages) => ({ source, result: await source.next() });
  const waiting = new Map(sources.map((source) => [source, quiet(next(source))]));
  while (waiting.size > 0) {
    const { source, result } = await Promise.race(waiting.values());
    if (result.done === true) {
      waiting.delete(source);
    } else {
      waiting.set(source, quiet(next(source)));
      yield result.value;
    }
  }
}

/** A failure that nobody awaits any more, since another came first, must not end the process. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function keyOf({ Values }: Partition): string {
  return JSON.stringify(Values ?? []);
}
