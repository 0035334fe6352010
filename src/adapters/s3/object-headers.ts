import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { PutRequest } from '../../ports/target-object-store.ts';
import { headersIn, type HttpAnswer } from './http-answer.ts';
import { encodeMetadata } from './s3-metadata.ts';

const METADATA = 'x-amz-meta-';

/** The headers of a PutObject that the SDK would send. */
export function putHeaders(
  { crc32c, metadata, condition }: PutRequest,
  kmsKeyId: string | undefined,
): Record<string, string> {
  const headers = newObjectHeaders(metadata, kmsKeyId);
  headers['x-amz-checksum-crc32c'] = crc32c;
  if (condition.kind === 'if-absent') headers['if-none-match'] = '*';
  else headers['if-match'] = `"${condition.etag}"`;
  return headers;
}

/** Those of a CreateMultipartUpload. */
export function uploadHeaders(
  metadata: Readonly<Record<string, string>>,
  kmsKeyId: string | undefined,
): Record<string, string> {
  const headers = newObjectHeaders(metadata, kmsKeyId);
  headers['x-amz-checksum-algorithm'] = 'CRC32C';
  headers['x-amz-checksum-type'] = 'FULL_OBJECT';
  return headers;
}

/** What the SDK reads in the headers of an answer to HeadObject, as far as it is looked at. */
export function headOutput({ head }: HttpAnswer): HeadObjectCommandOutput {
  const headers = headersIn(head);
  const length = headers.get('content-length') ?? '';
  const own = [...headers].filter(([name]) => name.startsWith(METADATA));
  return {
    $metadata: {},
    ContentLength: /^\d+$/.test(length) ? Number(length) : undefined,
    ETag: headers.get('etag'),
    ChecksumCRC32C: headers.get('x-amz-checksum-crc32c'),
    ChecksumType: headers.get('x-amz-checksum-type') as HeadObjectCommandOutput['ChecksumType'],
    Metadata: Object.fromEntries(own.map(([name, value]) => [name.slice(METADATA.length), value])),
  };
}

function newObjectHeaders(
  metadata: Readonly<Record<string, string>>,
  kmsKeyId: string | undefined,
): Record<string, string> {
  const headers: Record<string, string> = {};
  const encoded = encodeMetadata(metadata);
  for (const name in encoded) headers[METADATA + name] = encoded[name]!;
  if (kmsKeyId !== undefined) {
    headers['x-amz-server-side-encryption'] = 'aws:kms';
    headers['x-amz-server-side-encryption-aws-kms-key-id'] = kmsKeyId;
  }
  return headers;
}
