import pLimit from 'p-limit';

/**
 * Applies `work` to a stream, at most `concurrency` at once, and yields the results in the order of the stream. At most twice as many
 * items as that are held, however long the stream is. Ends with the first error, once what was started has settled.
 */
export async function* mapInOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  concurrency: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const limit = pLimit(concurrency);
  const pending: Promise<Result>[] = [];
  let isOver = false;
  const start = (item: Item) => (isOver ? Promise.reject(new Error('not started')) : work(item));
  try {
    for await (const item of items) {
      const result = limit(() => start(item));
      // Awaited below, in order: a failure must not count as unhandled before its turn.
      result.catch(() => undefined);
      pending.push(result);
      if (pending.length >= concurrency * 2) yield await pending.shift()!;
    }
    while (pending.length > 0) yield await pending.shift()!;
  } finally {
    isOver = true;
    await Promise.allSettled(pending);
  }
}

/** Cuts a stream into arrays of at most `size`. */
export function* inBatches<Item>(items: Iterable<Item>, size: number): Generator<Item[]> {
  let batch: Item[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

export function* inSequence<Item>(...streams: readonly Iterable<Item>[]): Generator<Item> {
  for (const stream of streams) yield* stream;
}
