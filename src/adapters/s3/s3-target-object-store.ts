import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ObjectAddress } from '../../domain/plan.ts';
import { LakeliftError } from '../../errors.ts';
import type {
  CompleteRequest,
  ListedObject,
  OpenUpload,
  PartRequest,
  PutRequest,
  StoredObject,
  TargetObjectStore,
  UploadedPart,
  WriteCondition,
} from '../../ports/target-object-store.ts';
import { callOptions } from '../aws/aws-settings.ts';
import { DirectWrites, putHeaders } from './direct-writes.ts';
import { createS3Client, type S3Settings } from './s3-client.ts';
import { isNotFound, translateS3Error, type S3Work } from './s3-errors.ts';
import { bareEtag, listObjectPages, listPartPages, listUploadPages } from './s3-listings.ts';
import { decodeMetadata, encodeMetadata } from './s3-metadata.ts';
import { readWholeBody } from './read-whole-body.ts';

interface S3TargetSettings extends S3Settings {
  /** The KMS key of each bucket, sent with every write: a bucket's default alone does not keep out another key. */
  readonly kmsKeyIds?: Readonly<Record<string, string>> | undefined;
}

const TIMEOUTS = { answerMs: 60_000, idleMs: 60_000 };
/** Putting a large object together takes minutes, during which some stores send nothing. */
const COMPLETE_TIMEOUTS = { answerMs: 20 * 60_000, idleMs: 20 * 60_000 };
/** A body slower than this, in bytes per millisecond, has stalled for good. */
const SLOWEST_BODY = 50;

/** Objects in Amazon S3, or in a store that speaks its protocol and checks FULL_OBJECT CRC32C. */
export class S3TargetObjectStore implements TargetObjectStore {
  readonly #settings: S3TargetSettings;
  readonly #client: S3Client;
  readonly #completing: S3Client;
  readonly #direct: DirectWrites;

  constructor(settings: S3TargetSettings) {
    this.#settings = settings;
    this.#client = createS3Client(settings, TIMEOUTS);
    this.#completing = createS3Client(settings, COMPLETE_TIMEOUTS);
    this.#direct = new DirectWrites(this.#client, settings.maxConnections);
  }

  async checkBucket(bucket: string, abortSignal?: AbortSignal): Promise<void> {
    const work = { subject: `s3://${bucket}`, permission: 's3:ListBucket' };
    await translated(work, () =>
      this.#client.send(new HeadBucketCommand({ Bucket: bucket }), callOptions(abortSignal)),
    );
  }

  async findObject(address: ObjectAddress, abortSignal?: AbortSignal): Promise<StoredObject | undefined> {
    const command = new HeadObjectCommand({ ...target(address), ChecksumMode: 'ENABLED' });
    try {
      return toStoredObject(await this.#client.send(command, callOptions(abortSignal)));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw translateS3Error(error, workOn(address, 's3:GetObject'));
    }
  }

  listObjects(bucket: string, prefix: string, abortSignal?: AbortSignal): AsyncIterable<ListedObject> {
    const work = { subject: `s3://${bucket}/${prefix}`, permission: 's3:ListBucket' };
    return flattened(work, listObjectPages(this.#client, { bucket, prefix }, abortSignal));
  }

  async putObject(request: PutRequest, abortSignal?: AbortSignal): Promise<{ readonly etag: string }> {
    const { address, body } = request;
    const timeoutMs = bodyTimeoutMs(body);
    const headers = putHeaders(request, this.#settings.kmsKeyIds?.[address.bucket]);
    const etag = await this.#direct.put({ address, headers, body, timeoutMs, signal: abortSignal });
    if (etag !== undefined) return { etag: bareEtag(etag) };
    const command = new PutObjectCommand({
      ...target(address),
      Body: body,
      ChecksumCRC32C: request.crc32c,
      Metadata: encodeMetadata(request.metadata),
      ...this.#encryption(address.bucket),
      ...conditions(request.condition),
    });
    const options = callOptions(abortSignal, timeoutMs);
    const { ETag } = await translated(workOn(address, 's3:PutObject'), () => this.#client.send(command, options));
    return { etag: bareEtag(ETag) };
  }

  async createUpload(
    address: ObjectAddress,
    metadata: Readonly<Record<string, string>>,
    abortSignal?: AbortSignal,
  ): Promise<string> {
    const command = new CreateMultipartUploadCommand({
      ...target(address),
      ChecksumAlgorithm: 'CRC32C',
      ChecksumType: 'FULL_OBJECT',
      Metadata: encodeMetadata(metadata),
      ...this.#encryption(address.bucket),
    });
    const work = workOn(address, 's3:PutObject');
    const { UploadId } = await translated(work, () => this.#client.send(command, callOptions(abortSignal)));
    return UploadId!;
  }

  async uploadPart(request: PartRequest, abortSignal?: AbortSignal): Promise<UploadedPart> {
    const { address, body, crc32c, partNumber } = request;
    const command = new UploadPartCommand({
      ...target(address),
      UploadId: request.uploadId,
      PartNumber: partNumber,
      Body: body,
      ChecksumCRC32C: crc32c,
    });
    const options = callOptions(abortSignal, bodyTimeoutMs(body));
    const { ETag } = await translated(workOn(address, 's3:PutObject'), () => this.#client.send(command, options));
    return { partNumber, etag: bareEtag(ETag), crc32c, sizeBytes: body.length };
  }

  async completeUpload(request: CompleteRequest, abortSignal?: AbortSignal): Promise<{ readonly etag: string }> {
    const Parts = request.parts.map(({ partNumber, etag, crc32c }) => ({
      PartNumber: partNumber,
      ETag: `"${etag}"`,
      ChecksumCRC32C: crc32c,
    }));
    const command = new CompleteMultipartUploadCommand({
      ...target(request.address),
      UploadId: request.uploadId,
      MultipartUpload: { Parts },
      ChecksumCRC32C: request.crc32c,
      ChecksumType: 'FULL_OBJECT',
      MpuObjectSize: request.sizeBytes,
      ...conditions(request.condition),
    });
    const work = workOn(request.address, 's3:PutObject');
    const { ETag } = await translated(work, () => this.#completing.send(command, callOptions(abortSignal)));
    return { etag: bareEtag(ETag) };
  }

  async abortUpload(address: ObjectAddress, uploadId: string, abortSignal?: AbortSignal): Promise<void> {
    const command = new AbortMultipartUploadCommand({ ...target(address), UploadId: uploadId });
    try {
      await this.#client.send(command, callOptions(abortSignal));
    } catch (error) {
      if (!isNotFound(error)) throw translateS3Error(error, workOn(address, 's3:AbortMultipartUpload'));
    }
  }

  listUploads(bucket: string, prefix: string, abortSignal?: AbortSignal): AsyncIterable<OpenUpload> {
    const work = { subject: `s3://${bucket}/${prefix}`, permission: 's3:ListBucketMultipartUploads' };
    return flattened(work, listUploadPages(this.#client, { bucket, prefix }, abortSignal));
  }

  listParts(address: ObjectAddress, uploadId: string, abortSignal?: AbortSignal): AsyncIterable<UploadedPart> {
    const work = workOn(address, 's3:ListMultipartUploadParts');
    return flattened(work, listPartPages(this.#client, { address, uploadId }, abortSignal));
  }

  /** Fails, rather than ending early, when fewer bytes arrive than the store announced. */
  async readObject(address: ObjectAddress, abortSignal?: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const work = workOn(address, 's3:GetObject');
    const command = new GetObjectCommand(target(address));
    const { Body, ContentLength } = await translated(work, () => this.#client.send(command, callOptions(abortSignal)));
    if (Body === undefined || ContentLength === undefined)
      throw new LakeliftError(`${work.subject}: the store sent no length`, {
        kind: 'unavailable',
        code: 'S3_NO_LENGTH',
        subject: work.subject,
        hint: 'Check what stands between this machine and the store.',
      });
    return readWholeBody(Body as AsyncIterable<Uint8Array>, ContentLength, work);
  }

  close(): void {
    this.#client.destroy();
    this.#completing.destroy();
    this.#direct.close();
  }

  #encryption(bucket: string): { ServerSideEncryption?: 'aws:kms'; SSEKMSKeyId?: string } {
    const key = this.#settings.kmsKeyIds?.[bucket];
    return key === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key };
  }
}

function target({ bucket, key }: ObjectAddress): { Bucket: string; Key: string } {
  return { Bucket: bucket, Key: key };
}

function workOn({ bucket, key }: ObjectAddress, permission: string): S3Work {
  return { subject: `s3://${bucket}/${key}`, permission };
}

function conditions(condition: WriteCondition): { IfNoneMatch?: string; IfMatch?: string } {
  return condition.kind === 'if-absent' ? { IfNoneMatch: '*' } : { IfMatch: `"${condition.etag}"` };
}

function bodyTimeoutMs(body: Uint8Array): number {
  return TIMEOUTS.answerMs + body.length / SLOWEST_BODY;
}

/** A composite checksum covers parts, not the object, and proves nothing here. Stores that do not say the type mark a composite with `-N`. */
function toStoredObject(head: HeadObjectCommandOutput): StoredObject {
  const crc32c = head.ChecksumCRC32C;
  const isWhole = head.ChecksumType !== 'COMPOSITE' && crc32c?.includes('-') === false;
  return {
    sizeBytes: head.ContentLength ?? 0,
    etag: bareEtag(head.ETag),
    crc32c: isWhole ? crc32c : undefined,
    metadata: decodeMetadata(head.Metadata),
  };
}

async function translated<T>(work: S3Work, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translateS3Error(error, work);
  }
}

async function* flattened<T>(work: S3Work, pages: AsyncIterable<T[]>): AsyncGenerator<T> {
  try {
    for await (const page of pages) yield* page;
  } catch (error) {
    throw translateS3Error(error, work);
  }
}
