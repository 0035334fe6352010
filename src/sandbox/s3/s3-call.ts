import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { splitUrl } from '../sigv4.ts';
import type { DataFiles } from './data-files.ts';
import { S3Error, s3Errors } from './s3-error.ts';
import type { S3Index } from './s3-index.ts';

/** IAM actions that a bucket can deny, as a policy would. */
export type S3Action =
  | 's3:ListAllMyBuckets'
  | 's3:CreateBucket'
  | 's3:DeleteBucket'
  | 's3:ListBucket'
  | 's3:ListBucketMultipartUploads'
  | 's3:ListMultipartUploadParts'
  | 's3:AbortMultipartUpload'
  | 's3:PutObject'
  | 's3:GetObject'
  | 's3:DeleteObject';

type Level = 'service' | 'bucket' | 'object';

/** Method, level, operation, the right it needs, and what marks it: query parameters, or headers after `header:`. */
type Route = readonly [method: string, level: Level, operation: string, action: S3Action, ...marks: string[]];

/** The first that fits wins: those with marks come before those without. */
const ROUTES: readonly Route[] = [
  ['GET', 'service', 'ListBuckets', 's3:ListAllMyBuckets'],
  ['PUT', 'bucket', 'CreateBucket', 's3:CreateBucket'],
  ['HEAD', 'bucket', 'HeadBucket', 's3:ListBucket'],
  ['DELETE', 'bucket', 'DeleteBucket', 's3:DeleteBucket'],
  ['GET', 'bucket', 'ListObjectsV2', 's3:ListBucket', 'list-type'],
  ['GET', 'bucket', 'ListMultipartUploads', 's3:ListBucketMultipartUploads', 'uploads'],
  ['GET', 'bucket', 'GetBucketLocation', 's3:ListBucket', 'location'],
  ['POST', 'bucket', 'DeleteObjects', 's3:DeleteObject', 'delete'],
  ['PUT', 'object', 'UploadPart', 's3:PutObject', 'partNumber', 'uploadId'],
  ['POST', 'object', 'CreateMultipartUpload', 's3:PutObject', 'uploads'],
  ['POST', 'object', 'CompleteMultipartUpload', 's3:PutObject', 'uploadId'],
  ['DELETE', 'object', 'AbortMultipartUpload', 's3:AbortMultipartUpload', 'uploadId'],
  ['GET', 'object', 'ListParts', 's3:ListMultipartUploadParts', 'uploadId'],
  ['PUT', 'object', 'CopyObject', 's3:PutObject', 'header:x-amz-copy-source'],
  ['PUT', 'object', 'PutObject', 's3:PutObject'],
  ['GET', 'object', 'GetObject', 's3:GetObject'],
  ['HEAD', 'object', 'HeadObject', 's3:GetObject'],
  ['DELETE', 'object', 'DeleteObject', 's3:DeleteObject'],
];

/** One request, understood. `bucket` and `key` are empty where the operation has none. */
export interface S3Call {
  readonly operation: string;
  readonly action: S3Action;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
}

export interface S3Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | Readable;
}

/** What operations work on. */
export interface S3Store {
  readonly index: S3Index;
  readonly data: DataFiles;
  readonly minPartBytes: number;
}

export type S3Handler = (call: S3Call, store: S3Store) => S3Answer | Promise<S3Answer>;

/** Query parameters that name a subresource. One that no route knows must not fall through to a plain put or get. */
const SUBRESOURCES =
  /^(accelerate|acl|analytics|attributes|cors|encryption|intelligent-tiering|inventory|legal-hold|lifecycle|logging|metrics|notification|object-lock|ownershipControls|policy|policyStatus|publicAccessBlock|replication|requestPayment|restore|retention|select|tagging|torrent|versioning|versions|website|versionId)$/;

/** Reads a path-style request (`/bucket/key`). Throws NotImplemented for what is not served here. */
export function parseS3Call(request: IncomingMessage): S3Call {
  const [path, queryText] = splitUrl(request.url ?? '/');
  const query = new URLSearchParams(queryText);
  const slash = path.indexOf('/', 1);
  const bucket = decode(slash < 0 ? path.slice(1) : path.slice(1, slash));
  const key = slash < 0 ? '' : decode(path.slice(slash + 1));
  const level = bucket === '' ? 'service' : key === '' ? 'bucket' : 'object';
  const isMarked = (mark: string): boolean =>
    mark.startsWith('header:') ? request.headers[mark.slice('header:'.length)] !== undefined : query.has(mark);
  const subresource = [...query.keys()].find((name) => SUBRESOURCES.test(name));
  if (subresource !== undefined) throw s3Errors.notImplemented(`?${subresource}`);
  const found = ROUTES.find(
    ([method, atLevel, , , ...marks]) => method === request.method && atLevel === level && marks.every(isMarked),
  );
  if (found === undefined) throw s3Errors.notImplemented(`${request.method} of a ${level} with ?${queryText}`);
  if (Buffer.byteLength(key) > 1024) throw new S3Error('KeyTooLongError', 'Your key is too long');
  const [, , operation, action] = found;
  return { operation, action, bucket, key, query, request };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.");
  }
}

/** A header that comes at most once, as text. */
export function header(call: S3Call, name: string): string | undefined {
  const value = call.request.headers[name];
  return value === undefined ? undefined : String(value);
}

/** A whole number in the query within limits, or the fallback where it is absent. */
export function queryNumber(call: S3Call, name: string, limits: { fallback: number; max: number }): number {
  const text = call.query.get(name);
  if (text === null || text === '') return limits.fallback;
  if (!/^\d{1,9}$/.test(text))
    throw s3Errors.invalidArgument(`Provided ${name} not an integer or within integer range`);
  return Math.min(Number(text), limits.max);
}

/** Request bodies that are documents, not objects, are at most this large (DeleteObjects and 10,000 parts included). */
const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

export async function readDocument(call: S3Call): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of call.request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    sizeBytes += piece.length;
    if (sizeBytes > MAX_DOCUMENT_BYTES) throw s3Errors.malformedXml();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
