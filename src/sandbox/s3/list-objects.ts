import { queryNumber, type S3Answer, type S3Call, type S3Store } from './s3-call.ts';
import { encodeRfc3986 } from '../sigv4.ts';
import { s3Errors } from './s3-error.ts';
import type { ObjectRecord } from './s3-index.ts';
import { s3Document } from './s3-xml.ts';

interface Scan {
  readonly bucket: string;
  readonly prefix: Buffer;
  readonly delimiter: Buffer;
  readonly maxKeys: number;
}

interface Page {
  readonly contents: { readonly key: string; readonly record: ObjectRecord }[];
  readonly commonPrefixes: string[];
  /** First key bytes of the next page; undefined when this is the last. */
  next: Buffer | undefined;
}

export function listObjectsV2(call: S3Call, store: S3Store): S3Answer {
  const { query } = call;
  const scan: Scan = {
    bucket: call.bucket,
    prefix: Buffer.from(query.get('prefix') ?? ''),
    delimiter: Buffer.from(query.get('delimiter') ?? ''),
    maxKeys: queryNumber(call, 'max-keys', { fallback: 1000, max: 1000 }),
  };
  const page = readPage(store, scan, startOf(call));
  const encode = keyEncoder(query.get('encoding-type'));
  const body = s3Document('ListBucketResult', {
    Name: call.bucket,
    Prefix: encode(query.get('prefix') ?? ''),
    Delimiter: query.get('delimiter') === null ? undefined : encode(query.get('delimiter')!),
    MaxKeys: scan.maxKeys,
    EncodingType: query.get('encoding-type') ?? undefined,
    KeyCount: page.contents.length + page.commonPrefixes.length,
    IsTruncated: page.next !== undefined,
    ContinuationToken: query.get('continuation-token') ?? undefined,
    NextContinuationToken: page.next?.toString('base64url'),
    StartAfter: query.get('start-after') === null ? undefined : encode(query.get('start-after')!),
    Contents: page.contents.map(({ key, record }) => ({
      Key: encode(key),
      LastModified: new Date(record.modifiedAtMs).toISOString(),
      ETag: `"${record.etag}"`,
      ChecksumAlgorithm: record.checksum.algorithm,
      ChecksumType: record.checksum.type,
      Size: record.sizeBytes,
      StorageClass: record.headers['x-amz-storage-class'] ?? 'STANDARD',
    })),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
  return { body };
}

export function keyEncoder(encodingType: string | null): (key: string) => string {
  if (encodingType === null) return (key) => key;
  if (encodingType !== 'url') throw s3Errors.invalidArgument('Invalid Encoding Method specified in Request');
  // S3 leaves slashes alone and writes a space as `+`.
  return (key) => encodeRfc3986(key).replaceAll('%2F', '/').replaceAll('%20', '+');
}

function startOf(call: S3Call): Buffer {
  const token = call.query.get('continuation-token');
  if (token !== null) {
    if (!/^[\w-]+$/.test(token)) throw s3Errors.invalidArgument('The continuation token provided is incorrect');
    return Buffer.from(token, 'base64url');
  }
  const startAfter = call.query.get('start-after');
  return startAfter === null ? Buffer.alloc(0) : successor(Buffer.from(startAfter));
}

/** Keys and common prefixes from `start` on. A common prefix is passed over in one step, however many keys it holds. */
function readPage(store: S3Store, scan: Scan, start: Buffer): Page {
  const page: Page = { contents: [], commonPrefixes: [], next: undefined };
  if (scan.maxKeys === 0) return page;
  let from = Buffer.compare(start, scan.prefix) > 0 ? start : scan.prefix;
  for (;;) {
    const rows = store.index.objectsFrom(scan.bucket, from, scan.delimiter.length > 0 ? 100 : scan.maxKeys + 1);
    if (rows.length === 0) return page;
    let jump: Buffer | undefined;
    for (const { key, record } of rows) {
      if (!key.subarray(0, scan.prefix.length).equals(scan.prefix)) return page;
      if (page.contents.length + page.commonPrefixes.length === scan.maxKeys) {
        page.next = key;
        return page;
      }
      const common = commonPrefix(scan, key);
      if (common !== undefined) {
        page.commonPrefixes.push(common.toString());
        jump = afterAllBelow(common);
        break;
      }
      page.contents.push({ key: key.toString(), record });
    }
    if (jump === undefined) from = successor(rows.at(-1)!.key);
    else from = jump;
  }
}

function commonPrefix(scan: Scan, key: Buffer): Buffer | undefined {
  if (scan.delimiter.length === 0) return undefined;
  const at = key.indexOf(scan.delimiter, scan.prefix.length);
  return at < 0 ? undefined : key.subarray(0, at + scan.delimiter.length);
}

/** The smallest bytes greater than `key`. */
function successor(key: Buffer): Buffer {
  return Buffer.concat([key, Buffer.of(0)]);
}

/** The smallest bytes greater than everything that begins with `prefix`. UTF-8 never holds 0xff, so the last byte can always be raised. */
function afterAllBelow(prefix: Buffer): Buffer {
  const after = Buffer.from(prefix);
  after[after.length - 1]! += 1;
  return after;
}
