import { Readable } from 'node:stream';
import type { Algorithm } from './checksum.ts';
import {
  checksumHeaders,
  checkWriteConditions,
  encryptionHeaders,
  isNotModified,
  keptHeaders,
  objectHeaders,
} from './object-headers.ts';
import { receiveBody } from './receive-body.ts';
import { header, readDocument, type S3Answer, type S3Call, type S3Store } from './s3-call.ts';
import { S3Error, s3Errors } from './s3-error.ts';
import type { ObjectRecord } from './s3-index.ts';
import { elementsOf, s3Document, textOf } from './s3-xml.ts';

/** What S3 computes where the client names no algorithm. */
export const DEFAULT_ALGORITHM: Algorithm = 'CRC64NVME';

export async function putObject(call: S3Call, store: S3Store): Promise<S3Answer> {
  const headers = keptHeaders(call);
  checkWriteConditions(call, store.index.findObject(call.bucket, call.key));
  const body = await receiveBody(call.request, store.data, DEFAULT_ALGORITHM);
  const record: ObjectRecord = {
    sizeBytes: body.sizeBytes,
    etag: body.md5,
    modifiedAtMs: Date.now(),
    headers,
    checksum: { ...body.checksum, type: 'FULL_OBJECT' },
    segments: [{ file: body.file, sizeBytes: body.sizeBytes }],
  };
  await replaceObject(call, store, record);
  return { headers: { etag: `"${record.etag}"`, ...checksumHeaders(record), ...encryptionHeaders(headers) } };
}

/** Makes `record` the object, conditions checked again in the same step; on failure its files are removed, on success those it replaces. */
async function replaceObject(call: S3Call, store: S3Store, record: ObjectRecord): Promise<void> {
  let replaced: ObjectRecord | undefined;
  try {
    replaced = store.index.transaction(() => {
      if (!store.index.hasBucket(call.bucket)) throw s3Errors.noSuchBucket();
      const existing = store.index.findObject(call.bucket, call.key);
      checkWriteConditions(call, existing);
      store.index.putObject(call.bucket, call.key, record);
      return existing;
    });
  } catch (error) {
    await store.data.remove(record.segments.map(({ file }) => file));
    throw error;
  }
  await store.data.remove(replaced?.segments.map(({ file }) => file) ?? []);
}

export function headObject(call: S3Call, store: S3Store): S3Answer {
  const record = getRecord(call, store);
  if (isNotModified(call, record)) return { status: 304, headers: { etag: `"${record.etag}"` } };
  return { headers: { ...objectHeaders(call, record), 'content-length': record.sizeBytes } };
}

export function getObject(call: S3Call, store: S3Store): S3Answer {
  const record = getRecord(call, store);
  if (isNotModified(call, record)) return { status: 304, headers: { etag: `"${record.etag}"` } };
  const range = parseRange(header(call, 'range'), record.sizeBytes);
  const { start, end } = range ?? { start: 0, end: record.sizeBytes };
  const headers: Record<string, string | number> = {
    ...objectHeaders(call, record),
    'content-length': end - start,
  };
  if (range !== undefined) {
    headers['content-range'] = `bytes ${start}-${end - 1}/${record.sizeBytes}`;
    // A checksum covers the whole object, so that it would not fit a part of it.
    for (const name of Object.keys(checksumHeaders(record))) delete headers[name];
  }
  const body = Readable.from(store.data.read(record.segments, start, end), { objectMode: false });
  return { status: range === undefined ? 200 : 206, headers, body };
}

function getRecord(call: S3Call, store: S3Store): ObjectRecord {
  const record = store.index.findObject(call.bucket, call.key);
  if (record === undefined) throw s3Errors.noSuchKey();
  return record;
}

/** One range as RFC 9110 words it, `end` exclusive. Undefined for none, and for what is no range at all, which S3 ignores. */
function parseRange(
  text: string | undefined,
  sizeBytes: number,
): { readonly start: number; readonly end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(text ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  const isSuffix = match[1] === '';
  const start = isSuffix ? Math.max(0, sizeBytes - Number(match[2])) : Number(match[1]);
  const end = isSuffix || match[2] === '' ? sizeBytes : Math.min(sizeBytes, Number(match[2]) + 1);
  if (start >= sizeBytes || end <= start)
    throw new S3Error('InvalidRange', 'The requested range is not satisfiable', 416);
  return { start, end };
}

export async function deleteObject(call: S3Call, store: S3Store): Promise<S3Answer> {
  await removeObject(call.bucket, call.key, store);
  return { status: 204 };
}

async function removeObject(bucket: string, key: string, store: S3Store): Promise<void> {
  const record = store.index.findObject(bucket, key);
  store.index.deleteObject(bucket, key);
  await store.data.remove(record?.segments.map(({ file }) => file) ?? []);
}

export async function deleteObjects(call: S3Call, store: S3Store): Promise<S3Answer> {
  const xml = (await readDocument(call)).toString();
  const keys = elementsOf(xml, 'Object').map((object) => textOf(object, 'Key'));
  if (keys.length === 0 || keys.length > 1000 || keys.includes(undefined)) throw s3Errors.malformedXml();
  for (const key of keys) await removeObject(call.bucket, key!, store);
  const isQuiet = textOf(xml, 'Quiet') === 'true';
  return { body: s3Document('DeleteResult', { Deleted: isQuiet ? [] : keys.map((key) => ({ Key: key! })) }) };
}

export async function copyObject(call: S3Call, store: S3Store): Promise<S3Answer> {
  const [bucket, key] = parseCopySource(header(call, 'x-amz-copy-source') ?? '');
  if (!store.index.hasBucket(bucket)) throw s3Errors.noSuchBucket();
  const source = store.index.findObject(bucket, key);
  if (source === undefined) throw s3Errors.noSuchKey();
  const isReplacing = header(call, 'x-amz-metadata-directive') === 'REPLACE';
  const { file, handle } = await store.data.create();
  try {
    for await (const bytes of store.data.read(source.segments, 0, source.sizeBytes)) await handle.appendFile(bytes);
  } finally {
    await handle.close();
  }
  const record: ObjectRecord = {
    sizeBytes: source.sizeBytes,
    etag: source.etag,
    checksum: source.checksum,
    modifiedAtMs: Date.now(),
    headers: isReplacing ? keptHeaders(call) : { ...source.headers, ...encryptionHeaders(keptHeaders(call)) },
    segments: [{ file, sizeBytes: source.sizeBytes }],
  };
  await replaceObject(call, store, record);
  const result = { LastModified: new Date(record.modifiedAtMs).toISOString(), ETag: `"${record.etag}"` };
  return { body: s3Document('CopyObjectResult', result) };
}

function parseCopySource(source: string): readonly [bucket: string, key: string] {
  const path = decodeURIComponent(source).replace(/^\//, '');
  const slash = path.indexOf('/');
  if (slash < 1) throw s3Errors.invalidArgument('Copy Source must mention the source bucket and key');
  return [path.slice(0, slash), path.slice(slash + 1)];
}
