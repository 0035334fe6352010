import { randomBytes } from 'node:crypto';
import { checksumHeader, parseAlgorithm, requestedChecksum, type Algorithm, type ChecksumType } from './checksum.ts';
import { encryptionHeaders, keptHeaders } from './object-headers.ts';
import { DEFAULT_ALGORITHM } from './object-operations.ts';
import { receiveBody } from './receive-body.ts';
import { header, queryNumber, readDocument, type S3Answer, type S3Call, type S3Store } from './s3-call.ts';
import { s3Errors } from './s3-error.ts';
import type { PartRecord, UploadRecord } from './s3-index.ts';
import { keyEncoder } from './list-objects.ts';
import { s3Document } from './s3-xml.ts';

const MAX_PART_NUMBER = 10_000;

export async function createMultipartUpload(call: S3Call, store: S3Store): Promise<S3Answer> {
  await readDocument(call);
  const headers = keptHeaders(call);
  const chosen = header(call, 'x-amz-checksum-algorithm');
  const algorithm = chosen === undefined ? DEFAULT_ALGORITHM : parseAlgorithm(chosen);
  const record: UploadRecord = {
    startedAtMs: Date.now(),
    headers,
    algorithm,
    checksumType: chosenType(call, algorithm, chosen !== undefined),
    isAlgorithmChosen: chosen !== undefined,
  };
  const id = randomBytes(24).toString('base64url');
  store.index.createUpload(call.bucket, call.key, { id, record });
  const checksum =
    chosen === undefined ? {} : { 'x-amz-checksum-algorithm': algorithm, 'x-amz-checksum-type': record.checksumType };
  return {
    headers: { ...checksum, ...encryptionHeaders(headers) },
    body: s3Document('InitiateMultipartUploadResult', { Bucket: call.bucket, Key: call.key, UploadId: id }),
  };
}

/** Which types an algorithm allows, and which it takes by default ("Checking object integrity", Amazon S3 user guide). */
function chosenType(call: S3Call, algorithm: Algorithm, isAlgorithmChosen: boolean): ChecksumType {
  const type = header(call, 'x-amz-checksum-type')?.toUpperCase();
  const isHash = algorithm === 'SHA1' || algorithm === 'SHA256';
  if (type === undefined) return algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
  if (type !== 'FULL_OBJECT' && type !== 'COMPOSITE')
    throw s3Errors.invalidRequest('Value for x-amz-checksum-type header is invalid.');
  if (!isAlgorithmChosen)
    throw s3Errors.invalidRequest(
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    );
  if ((isHash && type === 'FULL_OBJECT') || (algorithm === 'CRC64NVME' && type === 'COMPOSITE'))
    throw s3Errors.invalidRequest(
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  return type;
}

export async function uploadPart(call: S3Call, store: S3Store): Promise<S3Answer> {
  const id = uploadId(call);
  const upload = getUpload(call, store);
  const number = partNumber(call);
  checkPartAlgorithm(call, upload);
  const body = await receiveBody(call.request, store.data, upload.algorithm);
  const part: PartRecord = {
    number,
    file: body.file,
    sizeBytes: body.sizeBytes,
    etag: body.md5,
    checksum: body.checksum.value,
    modifiedAtMs: Date.now(),
  };
  const isStored = store.index.transaction(() => {
    const replaced = store.index.findPart(id, number);
    // The upload may have been completed or aborted while the bytes came in.
    if (store.index.findUpload(call.bucket, call.key, id) === undefined) return undefined;
    store.index.putPart(id, part);
    return { replaced };
  });
  if (isStored === undefined) await store.data.remove([body.file]);
  if (isStored === undefined) throw s3Errors.noSuchUpload();
  if (isStored.replaced !== undefined) await store.data.remove([isStored.replaced.file]);
  return {
    headers: {
      etag: `"${part.etag}"`,
      [checksumHeader(body.checksum.algorithm)]: body.checksum.value,
      ...encryptionHeaders(upload.headers),
    },
  };
}

function checkPartAlgorithm(call: S3Call, upload: UploadRecord): void {
  const trailer = header(call, 'x-amz-trailer');
  const sent =
    requestedChecksum(call.request.headers)?.algorithm ??
    (trailer === undefined ? undefined : parseAlgorithm(trailer.replace('x-amz-checksum-', '')));
  if (sent !== undefined && sent !== upload.algorithm && upload.isAlgorithmChosen)
    throw s3Errors.invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${upload.algorithm.toLowerCase()}, actual checksum Type: ${sent.toLowerCase()}`,
    );
}

export async function abortMultipartUpload(call: S3Call, store: S3Store): Promise<S3Answer> {
  getUpload(call, store);
  const parts = store.index.transaction(() => store.index.deleteUpload(call.bucket, call.key, uploadId(call)));
  await store.data.remove(parts.map(({ file }) => file));
  return { status: 204 };
}

export function listParts(call: S3Call, store: S3Store): S3Answer {
  const upload = getUpload(call, store);
  const maxParts = queryNumber(call, 'max-parts', { fallback: 1000, max: 1000 });
  const marker = queryNumber(call, 'part-number-marker', { fallback: 0, max: MAX_PART_NUMBER });
  const found = store.index.parts(uploadId(call), marker, maxParts + 1);
  const parts = found.slice(0, maxParts);
  const checksumName = `Checksum${upload.algorithm}`;
  const body = s3Document('ListPartsResult', {
    Bucket: call.bucket,
    Key: call.key,
    UploadId: uploadId(call),
    PartNumberMarker: marker,
    NextPartNumberMarker: parts.at(-1)?.number ?? 0,
    MaxParts: maxParts,
    IsTruncated: found.length > maxParts,
    StorageClass: upload.headers['x-amz-storage-class'] ?? 'STANDARD',
    ChecksumAlgorithm: upload.isAlgorithmChosen ? upload.algorithm : undefined,
    ChecksumType: upload.isAlgorithmChosen ? upload.checksumType : undefined,
    Part: parts.map((part) => ({
      PartNumber: part.number,
      LastModified: new Date(part.modifiedAtMs).toISOString(),
      ETag: `"${part.etag}"`,
      Size: part.sizeBytes,
      [checksumName]: upload.isAlgorithmChosen ? part.checksum : undefined,
    })),
  });
  return { body };
}

export function listMultipartUploads(call: S3Call, store: S3Store): S3Answer {
  const { query } = call;
  const maxUploads = queryNumber(call, 'max-uploads', { fallback: 1000, max: 1000 });
  const prefix = query.get('prefix') ?? '';
  if (query.get('delimiter')) throw s3Errors.notImplemented('delimiter of ListMultipartUploads');
  const found = openUploads(store, call, { prefix, limit: maxUploads + 1 });
  const uploads = found.slice(0, maxUploads);
  const last = uploads.at(-1);
  const encode = keyEncoder(query.get('encoding-type'));
  const isTruncated = found.length > maxUploads;
  const body = s3Document('ListMultipartUploadsResult', {
    Bucket: call.bucket,
    KeyMarker: encode(query.get('key-marker') ?? ''),
    UploadIdMarker: query.get('upload-id-marker') ?? '',
    NextKeyMarker: isTruncated ? encode(last?.key ?? '') : undefined,
    NextUploadIdMarker: isTruncated ? last?.id : undefined,
    EncodingType: query.get('encoding-type') ?? undefined,
    MaxUploads: maxUploads,
    IsTruncated: isTruncated,
    Prefix: encode(prefix),
    Upload: uploads.map(({ id, key, record }) => ({
      Key: encode(key),
      UploadId: id,
      Initiated: new Date(record.startedAtMs).toISOString(),
      StorageClass: record.headers['x-amz-storage-class'] ?? 'STANDARD',
      ChecksumAlgorithm: record.isAlgorithmChosen ? record.algorithm : undefined,
      ChecksumType: record.isAlgorithmChosen ? record.checksumType : undefined,
    })),
  });
  return { body };
}

function openUploads(store: S3Store, call: S3Call, want: { readonly prefix: string; readonly limit: number }) {
  const { query } = call;
  const id = query.get('upload-id-marker');
  const marker = query.get('key-marker') ?? '';
  // Without an upload id, listing goes on after every upload of the marker's key.
  const after = { key: marker, id: id ?? (marker === '' ? '' : '\uffff') };
  const uploads = store.index.uploadsAfter(call.bucket, after, -1);
  return uploads.filter(({ key }) => key.startsWith(want.prefix)).slice(0, want.limit);
}

export function uploadId(call: S3Call): string {
  return call.query.get('uploadId') ?? '';
}

export function getUpload(call: S3Call, store: S3Store): UploadRecord {
  const upload = store.index.findUpload(call.bucket, call.key, uploadId(call));
  if (upload === undefined) throw s3Errors.noSuchUpload();
  return upload;
}

function partNumber(call: S3Call): number {
  const number = Number(call.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > MAX_PART_NUMBER)
    throw s3Errors.invalidArgument(
      `Part number must be an integer between 1 and ${MAX_PART_NUMBER.toLocaleString('en')}, inclusive`,
    );
  return number;
}
