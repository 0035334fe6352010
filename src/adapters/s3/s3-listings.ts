import {
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  type ListMultipartUploadsCommandOutput,
  type ListObjectsV2CommandOutput,
  type ListPartsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ObjectAddress } from '../../domain/plan.ts';
import type { ListedObject, OpenUpload, UploadedPart } from '../../ports/target-object-store.ts';
import { callOptions } from '../aws/aws-settings.ts';
import { translateS3Error, type S3Work } from './s3-errors.ts';
import { bareEtag, said } from './stored-object.ts';

/** Every object below a prefix, page by page. Keys are asked for encoded: XML cannot hold every character. */
export async function* listObjectPages(
  client: S3Client,
  where: { readonly bucket: string; readonly prefix: string; readonly work: S3Work },
  abortSignal: AbortSignal | undefined,
): AsyncGenerator<ListedObject[]> {
  let token: string | undefined;
  do {
    const page: ListObjectsV2CommandOutput = await client.send(
      new ListObjectsV2Command({
        Bucket: where.bucket,
        Prefix: where.prefix,
        EncodingType: 'url',
        ContinuationToken: token,
      }),
      callOptions(abortSignal),
    );
    said(page.Name, where.work);
    const decode = keyDecoder(page.EncodingType);
    yield (page.Contents ?? []).map(({ Key, Size, ETag, LastModified }) => ({
      key: decode(Key ?? ''),
      sizeBytes: Size ?? 0,
      etag: bareEtag(ETag),
      modifiedAtMs: LastModified?.getTime(),
    }));
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}

export async function* listUploadPages(
  client: S3Client,
  where: { readonly bucket: string; readonly prefix: string; readonly work: S3Work },
  abortSignal: AbortSignal | undefined,
): AsyncGenerator<OpenUpload[]> {
  let markers: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {};
  while (markers !== undefined) {
    const page: ListMultipartUploadsCommandOutput = await client.send(
      new ListMultipartUploadsCommand({
        Bucket: where.bucket,
        Prefix: where.prefix,
        EncodingType: 'url',
        ...markers,
      }),
      callOptions(abortSignal),
    );
    said(page.Bucket, where.work);
    const decode = keyDecoder(page.EncodingType);
    yield (page.Uploads ?? []).map(({ Key, UploadId, Initiated }) => ({
      key: decode(Key ?? ''),
      uploadId: UploadId ?? '',
      startedAtMs: Initiated?.getTime() ?? 0,
    }));
    const next = page.NextKeyMarker === undefined ? undefined : decode(page.NextKeyMarker);
    markers = page.IsTruncated === true ? { KeyMarker: next, UploadIdMarker: page.NextUploadIdMarker } : undefined;
  }
}

/** Parts without a CRC32C are left out: they cannot be proven, and are to be sent again. */
export async function* listPartPages(
  client: S3Client,
  upload: { readonly address: ObjectAddress; readonly uploadId: string; readonly work: S3Work },
  abortSignal: AbortSignal | undefined,
): AsyncGenerator<UploadedPart[]> {
  let marker: string | undefined;
  do {
    const page: ListPartsCommandOutput = await client.send(
      new ListPartsCommand({
        Bucket: upload.address.bucket,
        Key: upload.address.key,
        UploadId: upload.uploadId,
        PartNumberMarker: marker,
      }),
      callOptions(abortSignal),
    );
    said(page.UploadId, upload.work);
    yield (page.Parts ?? []).flatMap(({ PartNumber, ETag, ChecksumCRC32C, Size }) =>
      ChecksumCRC32C === undefined
        ? []
        : [{ partNumber: PartNumber ?? 0, etag: bareEtag(ETag), crc32c: ChecksumCRC32C, sizeBytes: Size ?? 0 }],
    );
    marker = page.IsTruncated === true ? page.NextPartNumberMarker : undefined;
  } while (marker !== undefined);
}

/** Some servers (versitygw) send keys as they are whatever was asked; those do not say that they encoded them. */
function keyDecoder(encodingType: string | undefined): (key: string) => string {
  return encodingType === 'url' ? (key) => decodeURIComponent(key.replaceAll('+', ' ')) : (key) => key;
}

/** Items of all pages; fails in the words of the port. */
export async function* flattened<T>(work: S3Work, pages: AsyncIterable<T[]>): AsyncGenerator<T> {
  try {
    for await (const page of pages) yield* page;
  } catch (error) {
    throw translateS3Error(error, work);
  }
}
