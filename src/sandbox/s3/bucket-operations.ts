import { readDocument, type S3Answer, type S3Call, type S3Store } from './s3-call.ts';
import { S3Error } from './s3-error.ts';
import { s3Document } from './s3-xml.ts';

export async function createBucket(call: S3Call, store: S3Store): Promise<S3Answer> {
  await readDocument(call);
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(call.bucket) || call.bucket.includes('..'))
    throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.');
  if (!store.index.createBucket(call.bucket))
    throw new S3Error(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      409,
    );
  return { headers: { location: `/${call.bucket}` } };
}

export function headBucket(): S3Answer {
  return { headers: { 'x-amz-bucket-region': 'us-east-1' } };
}

export function getBucketLocation(): S3Answer {
  return { body: s3Document('LocationConstraint', {}) };
}

export function listBuckets(_call: S3Call, store: S3Store): S3Answer {
  const Bucket = store.index
    .buckets()
    .map(({ name, createdAtMs }) => ({ Name: name, CreationDate: new Date(createdAtMs).toISOString() }));
  return {
    body: s3Document('ListAllMyBucketsResult', {
      Owner: { ID: 'sandbox', DisplayName: 'sandbox' },
      Buckets: { Bucket },
    }),
  };
}

export function deleteBucket(call: S3Call, store: S3Store): S3Answer {
  store.index.transaction(() => {
    const isEmpty =
      store.index.objectsFrom(call.bucket, Buffer.alloc(0), 1).length === 0 &&
      store.index.uploadsAfter(call.bucket, { key: '', id: '' }, 1).length === 0;
    if (!isEmpty) throw new S3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
    store.index.deleteBucket(call.bucket);
  });
  return { status: 204 };
}
