import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { LakeliftError } from '../../errors.ts';
import type { StoredObject } from '../../ports/target-object-store.ts';
import type { S3Work } from './s3-errors.ts';
import { decodeMetadata } from './s3-metadata.ts';

/** A composite checksum covers parts, not the object, and proves nothing here. Stores that do not say the type mark a composite with `-N`. */
export function toStoredObject(head: HeadObjectCommandOutput, work: S3Work): StoredObject {
  const crc32c = head.ChecksumCRC32C;
  const isWhole = head.ChecksumType !== 'COMPOSITE' && crc32c?.includes('-') === false;
  return {
    sizeBytes: said(head.ContentLength, work),
    etag: bareEtag(said(head.ETag, work)),
    crc32c: isWhole ? crc32c : undefined,
    metadata: decodeMetadata(head.Metadata),
  };
}

/**
 * What every answer of an S3 server to this call holds. Without it, the "success" is that of something else on the way (a proxy, a portal, a balancer
 * whose server died), and nothing may be concluded from it: neither that bytes were stored nor that a listing is empty.
 */
export function said<T>(value: T | undefined, { subject }: S3Work): T {
  if (value !== undefined && value !== '') return value;
  throw new LakeliftError(`${subject}: the answer says success and nothing else`, {
    kind: 'unavailable',
    code: 'S3_EMPTY_ANSWER',
    subject,
    hint: 'Check what stands between this machine and the store (proxy, firewall, load balancer).',
  });
}

/** Entity tags are kept without their quotes. */
export function bareEtag(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}
