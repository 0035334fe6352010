import { checksumHeader } from './checksum.ts';
import { header, type S3Call } from './s3-call.ts';
import { S3Error, s3Errors } from './s3-error.ts';
import type { ObjectRecord } from './s3-index.ts';

const KEPT =
  /^(x-amz-meta-.+|x-amz-storage-class|x-amz-server-side-encryption(-aws-kms-key-id|-bucket-key-enabled)?|x-amz-website-redirect-location|content-type|content-encoding|content-language|content-disposition|cache-control|expires)$/;
const MAX_METADATA_BYTES = 2048;

/** The headers of a put that belong to the object: metadata, encryption, storage class, content type and the like. */
export function keptHeaders(call: S3Call): Record<string, string> {
  const kept: Record<string, string> = { 'content-type': 'application/octet-stream' };
  for (const [name, value] of Object.entries(call.request.headers))
    if (KEPT.test(name) && value !== undefined) kept[name] = String(value);
  dropAwsChunked(kept);
  // STANDARD is what an absent header means, and S3 does not echo it.
  if (kept['x-amz-storage-class'] === 'STANDARD') delete kept['x-amz-storage-class'];
  const metadataBytes = Object.entries(kept)
    .filter(([name]) => name.startsWith('x-amz-meta-'))
    .reduce((sum, [name, value]) => sum + name.length - 'x-amz-meta-'.length + Buffer.byteLength(value), 0);
  if (metadataBytes > MAX_METADATA_BYTES)
    throw new S3Error('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size');
  return kept;
}

/** `aws-chunked` describes the transfer, not the object. */
function dropAwsChunked(headers: Record<string, string>): void {
  const encoding = headers['content-encoding']
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== 'aws-chunked' && item !== '');
  if (encoding === undefined) return;
  if (encoding.length === 0) delete headers['content-encoding'];
  else headers['content-encoding'] = encoding.join(',');
}

/** What a put, a copy or a completion answers about encryption. */
export function encryptionHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith('x-amz-server-side-encryption')),
  );
}

export function checksumHeaders(record: ObjectRecord): Record<string, string> {
  const { algorithm, value, type } = record.checksum;
  return { [checksumHeader(algorithm)]: value, 'x-amz-checksum-type': type };
}

/** What a head or a get answers about an object; the length is up to the caller. */
export function objectHeaders(call: S3Call, record: ObjectRecord): Record<string, string> {
  const isChecksumWanted = header(call, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  return {
    ...record.headers,
    ...(isChecksumWanted ? checksumHeaders(record) : {}),
    'accept-ranges': 'bytes',
    etag: `"${record.etag}"`,
    'last-modified': new Date(record.modifiedAtMs).toUTCString(),
  };
}

/** Conditions of a write (conditional requests of S3: If-None-Match takes only `*`). Throws 412, or NoSuchKey for If-Match without an object. */
export function checkWriteConditions(call: S3Call, existing: ObjectRecord | undefined): void {
  const ifNoneMatch = header(call, 'if-none-match');
  const ifMatch = header(call, 'if-match');
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw s3Errors.notImplemented('If-None-Match other than *');
  if (ifNoneMatch !== undefined && existing !== undefined) throw s3Errors.preconditionFailed();
  if (ifMatch === undefined) return;
  if (existing === undefined) throw s3Errors.noSuchKey();
  if (!isSameEtag(ifMatch, existing.etag)) throw s3Errors.preconditionFailed();
}

/** True when the client has the object already and asked for it only if changed: the answer is 304. Throws 412 for If-Match. */
export function isNotModified(call: S3Call, record: ObjectRecord): boolean {
  const ifMatch = header(call, 'if-match');
  if (ifMatch !== undefined && !isSameEtag(ifMatch, record.etag)) throw s3Errors.preconditionFailed();
  const ifNoneMatch = header(call, 'if-none-match');
  return ifNoneMatch !== undefined && isSameEtag(ifNoneMatch, record.etag);
}

export function isSameEtag(asked: string, etag: string): boolean {
  return asked === '*' || asked.replaceAll('"', '') === etag;
}
