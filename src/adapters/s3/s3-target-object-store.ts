import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ObjectAddress } from '../../domain/plan.ts';
import type {
  CompleteRequest,
  ListedObject,
  OpenUpload,
  PartRequest,
  PutRequest,
  StoredObject,
  TargetObjectStore,
  UploadedPart,
} from '../../ports/target-object-store.ts';
import { callOptions } from '../aws/aws-settings.ts';
import { completeLimitMs, endedAfter } from './complete-limit.ts';
import { etagIn, throwRefusedSum, uploadIdIn } from './direct-answers.ts';
import { DirectRequests, type DirectRequest } from './direct-requests.ts';
import { explainedBody, explainedHead } from './explained-refusal.ts';
import type { HttpAnswer } from './http-answer.ts';
import { headOutput, putHeaders, uploadHeaders } from './object-headers.ts';
import { createS3Client, type S3Settings } from './s3-client.ts';
import { isNotFound, translated, translateS3Error } from './s3-errors.ts';
import { conditions, encryption, target, workOn } from './s3-inputs.ts';
import { flattened, listObjectPages, listPartPages, listUploadPages } from './s3-listings.ts';
import { encodeMetadata } from './s3-metadata.ts';
import { readWholeBody } from './read-whole-body.ts';
import { bareEtag, said, toStoredObject } from './stored-object.ts';
import type { BodyTransfers } from './store-connections.ts';

interface S3TargetSettings extends S3Settings {
  /** The KMS key of each bucket, sent with every write: a bucket's default alone does not keep out another key. */
  readonly kmsKeyIds?: Readonly<Record<string, string>> | undefined;
  readonly timeouts?: StoreTimeouts | undefined;
  /** What carries bodies; connections of the store's own unless said. Closed with the store. */
  readonly bodyTransfers?: BodyTransfers | undefined;
  /** Told when the store asks for less and the request is sent again all the same. */
  readonly onPressure?: (() => void) | undefined;
}

export interface StoreTimeouts {
  /** For an answer, once a request is sent, and for any silence. */
  readonly silenceMs: number;
  /** For the answer to CompleteMultipartUpload, besides what the size of the object takes. */
  readonly completeMs: number;
}

const TIMEOUTS: StoreTimeouts = { silenceMs: 60_000, completeMs: 5 * 60_000 };
/** A body slower than this, in bytes per millisecond, has stalled for good. */
const SLOWEST_BODY = 50;

/** Objects in Amazon S3, or in a store that speaks its protocol and checks FULL_OBJECT CRC32C. */
export class S3TargetObjectStore implements TargetObjectStore {
  readonly #settings: S3TargetSettings;
  readonly #silenceMs: number;
  readonly #completeMs: number;
  readonly #client: S3Client;
  readonly #completing: S3Client;
  readonly #direct: DirectRequests;

  constructor(settings: S3TargetSettings) {
    const { silenceMs, completeMs } = settings.timeouts ?? TIMEOUTS;
    this.#settings = settings;
    this.#silenceMs = silenceMs;
    this.#client = createS3Client(settings, { answerMs: silenceMs, idleMs: silenceMs });
    this.#completeMs = completeMs;
    // Silence is what a store does while it puts an object together: each call has a limit of its own.
    this.#completing = createS3Client(settings, { answerMs: 0, idleMs: 0 });
    this.#direct = new DirectRequests(this.#client, settings);
  }

  async checkBucket(bucket: string, abortSignal?: AbortSignal): Promise<void> {
    const work = { subject: `s3://${bucket}`, permission: 's3:ListBucket' };
    const send = () => this.#client.send(new HeadBucketCommand({ Bucket: bucket }), callOptions(abortSignal));
    await translated(work, () => explainedHead(this.#client, { bucket, key: '', signal: abortSignal }, send));
  }

  async findObject(address: ObjectAddress, abortSignal?: AbortSignal): Promise<StoredObject | undefined> {
    const work = workOn(address, 's3:GetObject');
    const headers = { 'x-amz-checksum-mode': 'ENABLED' };
    const answer = await this.#ask({ method: 'HEAD', address, headers, signal: abortSignal });
    if (answer?.status === 404) return undefined;
    if (answer?.status === 200) return toStoredObject(headOutput(answer), work);
    const command = new HeadObjectCommand({ ...target(address), ChecksumMode: 'ENABLED' });
    const send = () => this.#client.send(command, callOptions(abortSignal));
    try {
      return toStoredObject(await explainedHead(this.#client, { ...address, signal: abortSignal }, send), work);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw translateS3Error(error, work);
    }
  }

  listObjects(bucket: string, prefix: string, abortSignal?: AbortSignal): AsyncIterable<ListedObject> {
    const work = { subject: `s3://${bucket}/${prefix}`, permission: 's3:ListBucket' };
    return flattened(work, listObjectPages(this.#client, { bucket, prefix, work }, abortSignal));
  }

  async putObject(request: PutRequest, abortSignal?: AbortSignal): Promise<{ readonly etag: string }> {
    const { address, body } = request;
    const kmsKeyId = this.#settings.kmsKeyIds?.[address.bucket];
    const headers = putHeaders(request, kmsKeyId);
    const etag = etagIn(await this.#ask({ method: 'PUT', address, headers, body, signal: abortSignal }));
    if (etag !== undefined) return { etag };
    const command = new PutObjectCommand({
      ...target(address),
      Body: body,
      ChecksumCRC32C: request.crc32c,
      Metadata: encodeMetadata(request.metadata),
      ...encryption(kmsKeyId),
      ...conditions(request.condition),
    });
    const options = callOptions(abortSignal, this.#bodyTimeoutMs(body));
    const work = workOn(address, 's3:PutObject');
    const place = { ...address, signal: abortSignal };
    const send = () => this.#client.send(command, options);
    const { condition } = request;
    const { ETag } = await translated(work, () => explainedBody(this.#client, place, send, { condition, work }));
    return { etag: bareEtag(said(ETag, work)) };
  }

  async createUpload(
    address: ObjectAddress,
    metadata: Readonly<Record<string, string>>,
    abortSignal?: AbortSignal,
  ): Promise<string> {
    const kmsKeyId = this.#settings.kmsKeyIds?.[address.bucket];
    const headers = uploadHeaders(metadata, kmsKeyId);
    const answer = await this.#ask({ method: 'POST', address, query: { uploads: '' }, headers, signal: abortSignal });
    const uploadId = uploadIdIn(answer);
    if (uploadId !== undefined) return uploadId;
    const command = new CreateMultipartUploadCommand({
      ...target(address),
      ChecksumAlgorithm: 'CRC32C',
      ChecksumType: 'FULL_OBJECT',
      Metadata: encodeMetadata(metadata),
      ...encryption(kmsKeyId),
    });
    const work = workOn(address, 's3:PutObject');
    const { UploadId } = await translated(work, () => this.#client.send(command, callOptions(abortSignal)));
    return said(UploadId, work);
  }

  async uploadPart(request: PartRequest, abortSignal?: AbortSignal): Promise<UploadedPart> {
    const { address, body, crc32c, partNumber, uploadId } = request;
    const part = { partNumber, crc32c, sizeBytes: body.length };
    const query = { partNumber: String(partNumber), uploadId };
    const headers = { 'x-amz-checksum-crc32c': crc32c };
    const work = workOn(address, 's3:PutObject');
    const answer = await this.#ask({ method: 'PUT', address, query, headers, body, signal: abortSignal });
    const etag = etagIn(answer);
    if (etag !== undefined) return { ...part, etag };
    if (request.isTrial === true) throwRefusedSum(answer, work);
    const command = new UploadPartCommand({
      ...target(address),
      UploadId: uploadId,
      PartNumber: partNumber,
      Body: body,
      ChecksumCRC32C: crc32c,
    });
    const options = callOptions(abortSignal, this.#bodyTimeoutMs(body));
    const { ETag } = await translated(work, () =>
      explainedBody(this.#client, { ...address, signal: abortSignal }, () => this.#client.send(command, options)),
    );
    return { ...part, etag: bareEtag(said(ETag, work)) };
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
    const limitMs = completeLimitMs(this.#completeMs, request.sizeBytes);
    const { ETag } = await translated(work, () =>
      endedAfter(limitMs, abortSignal, (signal) => this.#completing.send(command, callOptions(signal))),
    );
    return { etag: bareEtag(said(ETag, work)) };
  }

  async abortUpload(address: ObjectAddress, uploadId: string, abortSignal?: AbortSignal): Promise<void> {
    const answer = await this.#ask({ method: 'DELETE', address, query: { uploadId }, signal: abortSignal });
    if (answer?.status === 204) return;
    const command = new AbortMultipartUploadCommand({ ...target(address), UploadId: uploadId });
    try {
      await this.#client.send(command, callOptions(abortSignal));
    } catch (error) {
      if (!isNotFound(error)) throw translateS3Error(error, workOn(address, 's3:AbortMultipartUpload'));
    }
  }

  listUploads(bucket: string, prefix: string, abortSignal?: AbortSignal): AsyncIterable<OpenUpload> {
    const work = { subject: `s3://${bucket}/${prefix}`, permission: 's3:ListBucketMultipartUploads' };
    return flattened(work, listUploadPages(this.#client, { bucket, prefix, work }, abortSignal));
  }

  listParts(address: ObjectAddress, uploadId: string, abortSignal?: AbortSignal): AsyncIterable<UploadedPart> {
    const work = workOn(address, 's3:ListMultipartUploadParts');
    return flattened(work, listPartPages(this.#client, { address, uploadId, work }, abortSignal));
  }

  /** Fails, rather than ending early, when fewer bytes arrive than the store announced. */
  async readObject(address: ObjectAddress, abortSignal?: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const work = workOn(address, 's3:GetObject');
    const command = new GetObjectCommand(target(address));
    const { Body, ContentLength, ETag } = await translated(work, () =>
      this.#client.send(command, callOptions(abortSignal)),
    );
    said(ETag, work);
    return readWholeBody(said(Body, work) as AsyncIterable<Uint8Array>, said(ContentLength, work), work);
  }

  close(): void {
    this.#client.destroy();
    this.#completing.destroy();
    this.#direct.close();
  }

  /** undefined when the SDK has to send it. */
  #ask(request: Omit<DirectRequest, 'timeoutMs' | 'silenceMs'>): Promise<HttpAnswer | undefined> {
    const timeoutMs = this.#bodyTimeoutMs(request.body);
    return this.#direct.send({ ...request, timeoutMs, silenceMs: this.#silenceMs });
  }

  #bodyTimeoutMs(body?: Uint8Array): number {
    return this.#silenceMs + (body?.length ?? 0) / SLOWEST_BODY;
  }
}
