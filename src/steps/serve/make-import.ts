import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { doubleQuotes } from '../../domain/fingerprint/dialect.ts';
import { s3Key, type UseCaseId } from '../../domain/names.ts';
import { joinKey } from '../../domain/object-key.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import { itemOf, objectionToKeyType, objectionToType, type DynamoDbItem } from '../../domain/serving/dynamodb-item.ts';
import { columnsInTheWay, columnsOfKey, keyAttributes, type Row, type Serving } from '../../domain/serving/serving.ts';
import { parseImport, textOfImport, type ServingImport } from '../../domain/serving/serving-import.ts';
import { servedFrom, servingMark } from '../../domain/serving/serving-place.ts';
import { LakeliftError } from '../../errors.ts';
import type { QueryEngine } from '../../ports/query-engine.ts';
import type { TargetCatalog } from '../../ports/target-catalog.ts';
import type { StoredObject, TargetObjectStore } from '../../ports/target-object-store.ts';
import { putChanged } from '../put-changed.ts';
import { PSEUDONYMS_PARAMETER } from '../zones/register-dataset.ts';

export interface ServedDataset extends Dataset {
  readonly serving: Serving;
}

export interface ImportRequest {
  readonly useCase: UseCaseId;
  readonly datasets: readonly ServedDataset[];
  readonly place: { readonly bucket: string; readonly prefix: string };
  readonly engine: QueryEngine;
  readonly catalog: Pick<TargetCatalog, 'findTable'>;
  readonly store: Pick<TargetObjectStore, 'findObject' | 'readObject' | 'putObject'>;
  readonly signal: AbortSignal;
}

/** Of one dataset. */
interface MadeItems {
  readonly items: readonly DynamoDbItem[];
  /** As its table names their scheme. */
  readonly pseudonyms: string | undefined;
}

/**
 * Makes the files that a table of DynamoDB is imported from, out of datasets as they stand at the target, and then says which ones are the latest. Two items
 * of one key would be one after the import: they refuse it (`SERVING_DUPLICATE`). Throws `usage` for what cannot be an item, never with a value.
 */
export async function makeImport(request: ImportRequest): Promise<ServingImport> {
  const files = new Map<string, MadeItems>();
  for (const dataset of request.datasets) files.set(dataset.name, await itemsOf(dataset, request));
  refuseDuplicates([...files.values()].flatMap(({ items }) => items));
  const bodies = new Map([...files].map(([name, { items }]) => [name, bodyOf(items)]));
  const hash = createHash('sha256');
  for (const [name, body] of bodies) hash.update(`${name}\0${body.length}\0`).update(body);
  const version = hash.digest('hex').slice(0, 12);
  const { items: folder, latest } = servedFrom(request.useCase, request.place);
  const prefix = `${joinKey(folder, version)}/`;
  for (const [name, body] of bodies) await put(request, `${prefix}${name}.json.gz`, gzipSync(body));
  const counts = Object.fromEntries([...files].map(([name, { items }]) => [name, items.length]));
  const items = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const pseudonyms = await schemesSoFar(request, latest, files);
  const made = { version, bucket: request.place.bucket, prefix, items, datasets: counts, pseudonyms };
  await put(request, latest, Buffer.from(textOfImport(made)));
  return made;
}

/** Tables and files of versions before this one stand beside it for a while: who looks for a person in them has to know by which keys. */
async function schemesSoFar(
  request: ImportRequest,
  latest: string,
  files: ReadonlyMap<string, MadeItems>,
): Promise<string | undefined> {
  const { store, place, signal } = request;
  const standing = await findOwn(request, latest);
  const address = { bucket: place.bucket, key: s3Key(latest) };
  const pieces = standing === undefined ? [] : await Array.fromAsync(await store.readObject(address, signal));
  const before = parseImport(Buffer.concat(pieces).toString())?.pseudonyms?.split('; ') ?? [];
  const now = [...files.values()].flatMap(({ pseudonyms }) => pseudonyms ?? []);
  const all = [...new Set([...before, ...now])];
  return all.length === 0 ? undefined : all.join('; ');
}

async function itemsOf(
  dataset: ServedDataset,
  { datasets, engine, catalog, signal }: ImportRequest,
): Promise<MadeItems> {
  const { database, table } = dataset.target;
  const found = await catalog.findTable({ database, name: table }, signal);
  if (found === undefined) throw notPublished(dataset);
  const columns = [...found.table.storage.columns, ...found.table.partitionKeys];
  const types = Object.fromEntries(columns.map(({ name, type }) => [name, type]));
  const faults = [
    ...columns.flatMap(({ name, type }) => objectionToType(type)?.replace(/^/, `${name} `) ?? []),
    ...columnsInTheWay(
      columns.map(({ name }) => name),
      datasets.map(({ serving }) => serving),
    ).map((name) => `${name} is the name of an attribute that items have of their own`),
    ...[dataset.serving.key, ...Object.values(dataset.serving.indexes)]
      .flatMap(columnsOfKey)
      .flatMap((name) => objectionToKeyColumn(name, types) ?? []),
  ];
  if (faults.length > 0) throw unfit(dataset, [...new Set(faults)].join('; '));
  const list = columns.map(({ name }) => `CAST(${doubleQuotes(name)} AS varchar)`).join(', ');
  const rows = await engine.query(`SELECT ${list} FROM ${doubleQuotes(database)}.${doubleQuotes(table)}`, signal);
  try {
    const items = rows.map((values) => {
      const row: Row = Object.fromEntries(columns.map(({ name }, at) => [name, values[at]]));
      return itemOf(dataset.name, dataset.serving, row, types);
    });
    return { items, pseudonyms: found.table.parameters[PSEUDONYMS_PARAMETER] };
  } catch (error) {
    throw error instanceof RangeError ? unfit(dataset, error.message) : error;
  }
}

function objectionToKeyColumn(name: string, types: Readonly<Record<string, string>>): string | undefined {
  const type = types[name];
  return type === undefined ? `there is no column ${name}` : objectionToKeyType(type)?.replace(/^/, `${name} `);
}

function refuseDuplicates(items: readonly DynamoDbItem[]): void {
  const { partition, sort } = keyAttributes();
  const keys = new Set(items.map(({ Item }) => JSON.stringify([Item[partition], Item[sort]])));
  if (keys.size === items.length) return;
  throw new LakeliftError(`${items.length - keys.size} of ${items.length} items have the key of another one`, {
    kind: 'usage',
    code: 'SERVING_DUPLICATE',
    hint: 'Put a column into the sort key ("serving") that tells them apart. Nothing was written.',
  });
}

/** In the order of their texts, so that the same rows give the same bytes. */
function bodyOf(items: readonly DynamoDbItem[]): Buffer {
  const lines = items.map((item) => `${JSON.stringify(item)}\n`).sort();
  return Buffer.from(lines.join(''));
}

async function put(request: ImportRequest, key: string, body: Uint8Array): Promise<void> {
  const { store, place, useCase, signal } = request;
  const address = { bucket: place.bucket, key: s3Key(key) };
  const standing = await findOwn(request, key);
  await putChanged(store, { address, body, mark: servingMark(useCase), standing }, signal);
}

/** Throws `conflict` (`SERVING_FOREIGN`) for what is not of this use case. */
async function findOwn(
  { store, place, useCase, signal }: ImportRequest,
  key: string,
): Promise<StoredObject | undefined> {
  const standing = await store.findObject({ bucket: place.bucket, key: s3Key(key) }, signal);
  const marks = Object.entries(servingMark(useCase));
  if (standing !== undefined && marks.some(([name, value]) => standing.metadata[name] !== value))
    throw foreign(`s3://${place.bucket}/${key}`);
  return standing;
}

function foreign(subject: string): LakeliftError {
  return new LakeliftError(`${subject} stands there and is not of this use case`, {
    kind: 'conflict',
    code: 'SERVING_FOREIGN',
    subject,
    hint: 'Move what stands there away; it was left as it is.',
  });
}

function notPublished({ name, target: { database, table } }: Dataset): LakeliftError {
  return new LakeliftError(`${name} does not stand at the target: there is no table ${database}.${table}`, {
    kind: 'usage',
    code: 'DATASET_MISSING',
    subject: name,
    hint: 'Build it first: "lakelift zones build", or its job.',
  });
}

function unfit({ name }: Dataset, what: string): LakeliftError {
  return new LakeliftError(`${name} cannot be served: ${what}`, {
    kind: 'usage',
    code: 'SERVING_UNFIT',
    subject: name,
    hint: 'Change the dataset, or its keys under "serving". Nothing was written.',
  });
}
