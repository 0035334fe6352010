import { keyAttributes, keyOf, type Row } from '../../../src/domain/serving/serving.ts';
import type { AccessPattern } from '../../../src/generate/dynamodb/access-patterns.ts';
import type { Item, Read, Reading } from './read-items.ts';

export interface PlannedRead {
  readonly pattern: AccessPattern;
  readonly read: Read;
  /** Every item that is to be found so, and no other. */
  readonly expected: readonly Item[];
}

/** The request of a plan as it stands, with the values of each item of its dataset that has them. */
export function plannedReads(pattern: AccessPattern, all: readonly Item[]): PlannedRead[] {
  const found = new Map<string, Item[]>();
  for (const item of all.filter(({ dataset }) => dataset?.S === pattern.dataset)) {
    const request = filled(JSON.stringify(pattern.request), item);
    // NULL is no place in an index.
    if (request === undefined || filled(pattern.sort, item) === undefined) continue;
    found.set(request, [...(found.get(request) ?? []), item]);
  }
  return [...found].map(([request, expected]) => ({
    ...{ pattern, expected },
    read: { operation: pattern.operation, request: JSON.parse(request) as Read['request'] },
  }));
}

function filled(text: string, item: Item): string | undefined {
  const row: Row = Object.fromEntries(Object.entries(item).map(([name, { S, N }]) => [name, S ?? N]));
  return keyOf({ partition: text, sort: '' }, row)?.partition;
}

/** In what a reading is not what a plan says; nothing of how long it took. */
export function faultsOf(pattern: AccessPattern, reading: Reading): string[] {
  const { dataset, alsoFinds, index, operation, page } = pattern;
  const { items, scanned, sent } = reading;
  const another = sent.find((one) => one.operation !== operation || !['GetItem', 'Query'].includes(one.operation));
  const elsewhere = sent.find(({ request }) => (request['IndexName'] ?? null) !== index);
  const faults: readonly (readonly [boolean, string])[] = [
    [another !== undefined, `a ${another?.operation}`],
    [elsewhere !== undefined, `the index ${String(elsewhere?.request['IndexName'])}`],
    [sent.some(({ request }) => Object.keys(request).some((name) => name.includes('Filter'))), 'a filter'],
    [scanned !== items.length, 'more read than returned'],
    [sent.length > page.requests, `${sent.length} requests`],
    [page.items !== null && items.length > page.items, `${items.length} items`],
    [Buffer.byteLength(JSON.stringify(items)) > page.sizeBytes, 'more bytes'],
    [items.some((item) => ![dataset, ...alsoFinds].includes(item['dataset']?.S ?? '')), 'items of another dataset'],
  ];
  return faults.filter(([isSo]) => isSo).map(([, text]) => text);
}

export function queryOf(index: string | undefined, partition: string, sort?: string): Read {
  const names = keyAttributes(index);
  return {
    operation: 'Query',
    request: {
      ...(index !== undefined && { IndexName: index }),
      KeyConditionExpression: `${names.partition} = :pk${sort === undefined ? '' : ` AND begins_with(${names.sort}, :sk)`}`,
      ExpressionAttributeValues: { ':pk': { S: partition }, ...(sort !== undefined && { ':sk': { S: sort } }) },
    },
  };
}

/** What reads take as a multiple of a bare GetItem: the one in the middle, so that a machine that is busy now and then does not matter. */
export function medianMultiple(readings: readonly Pick<Reading, 'tookMs' | 'bareMs'>[]): number {
  const multiples = readings.map(({ tookMs, bareMs }) => tookMs / bareMs).sort((a, b) => a - b);
  return multiples[Math.floor(multiples.length / 2)]!;
}

/** For people to look at. */
export function percentiles(readings: readonly Pick<Reading, 'tookMs' | 'bareMs'>[]): string {
  const sorted = readings.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  const at = (share: number): string => sorted[Math.ceil(share * sorted.length) - 1]!.toFixed(1);
  const multiple = medianMultiple(readings).toFixed(2);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms of ${sorted.length} reads in the emulator, ${multiple} times a bare GetItem`;
}
