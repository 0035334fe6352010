import type { ObjectAddress } from '../domain/plan.ts';

export interface StoredObject {
  readonly sizeBytes: number;
  readonly etag: string;
  /** Base64 CRC32C over the whole object; undefined when the store holds none, or one that covers parts only. */
  readonly crc32c?: string | undefined;
  /** User metadata with lower-case names. Only filled by `findObject`. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ListedObject {
  readonly key: string;
  readonly sizeBytes: number;
  readonly etag: string;
  /** When it was written last, in ms since 1970, by the store's clock; undefined when the store does not say. */
  readonly modifiedAtMs?: number | undefined;
}

/** When a write may replace: never, or only the very object seen before. */
export type WriteCondition = { readonly kind: 'if-absent' } | { readonly kind: 'if-match'; readonly etag: string };

export interface PutRequest {
  readonly address: ObjectAddress;
  readonly body: Uint8Array;
  /** Base64 CRC32C of the body; the store refuses other bytes. */
  readonly crc32c: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly condition: WriteCondition;
}

export interface UploadedPart {
  /** From 1, consecutive. */
  readonly partNumber: number;
  readonly etag: string;
  readonly crc32c: string;
  readonly sizeBytes: number;
}

export interface PartRequest {
  readonly address: ObjectAddress;
  readonly uploadId: string;
  readonly partNumber: number;
  readonly body: Uint8Array;
  readonly crc32c: string;
  /** Sent to see it refused: the first refusal is the answer, and the same bytes are not sent once more. */
  readonly isTrial?: boolean;
}

export interface CompleteRequest {
  readonly address: ObjectAddress;
  readonly uploadId: string;
  readonly parts: readonly UploadedPart[];
  /** Base64 CRC32C over the whole object: the store recomputes and refuses another. */
  readonly crc32c: string;
  readonly sizeBytes: number;
  readonly condition: WriteCondition;
}

export interface OpenUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly startedAtMs: number;
}

/**
 * Objects of the target buckets. Writes are all or nothing: no object is visible before its checksum was accepted.
 * Errors: `not-found` (bucket or upload), `denied`, `conflict` (a condition failed), `corrupt` (the store refused the checksum), `throttled`, `unavailable`.
 */
export interface TargetObjectStore {
  /** Throws `not-found` or `denied` when the bucket cannot be used. */
  checkBucket(bucket: string, signal?: AbortSignal): Promise<void>;
  findObject(address: ObjectAddress, signal?: AbortSignal): Promise<StoredObject | undefined>;
  /** Objects below a prefix in order of UTF-8 bytes, streamed page by page. */
  listObjects(bucket: string, prefix: string, signal?: AbortSignal): AsyncIterable<ListedObject>;
  /** The body is not kept after the promise settles. Repeating after a lost answer gives `conflict`: compare with `findObject`. */
  putObject(request: PutRequest, signal?: AbortSignal): Promise<{ readonly etag: string }>;
  /** Starts a multipart upload whose checksum is a full-object CRC32C; returns its id. */
  createUpload(
    address: ObjectAddress,
    metadata: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<string>;
  uploadPart(request: PartRequest, signal?: AbortSignal): Promise<UploadedPart>;
  /** Throws `not-found` when the upload is gone: it was completed (see `findObject`) or aborted. */
  completeUpload(request: CompleteRequest, signal?: AbortSignal): Promise<{ readonly etag: string }>;
  /** Succeeds when the upload is already gone. */
  abortUpload(address: ObjectAddress, uploadId: string, signal?: AbortSignal): Promise<void>;
  listUploads(bucket: string, prefix: string, signal?: AbortSignal): AsyncIterable<OpenUpload>;
  /** Parts the store holds for an open upload, in order. Throws `not-found`. */
  listParts(address: ObjectAddress, uploadId: string, signal?: AbortSignal): AsyncIterable<UploadedPart>;
  /** Bytes of an object, for re-reading. */
  readObject(address: ObjectAddress, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  close(): void;
}
