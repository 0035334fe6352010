import { createHash } from 'node:crypto';
import { ALGORITHMS, joinChecksums, requestedChecksum, type Algorithm } from './checksum.ts';
import { checksumHeaders, checkWriteConditions, encryptionHeaders, isSameEtag } from './object-headers.ts';
import { getUpload, uploadId } from './multipart-operations.ts';
import { header, readDocument, type S3Answer, type S3Call, type S3Store } from './s3-call.ts';
import { S3Error, s3Errors } from './s3-error.ts';
import type { ObjectRecord, PartRecord, UploadRecord } from './s3-index.ts';
import { elementsOf, s3Document, textOf } from './s3-xml.ts';

interface NamedPart {
  readonly number: number;
  readonly etag: string;
  readonly checksum: { readonly algorithm: Algorithm; readonly value: string } | undefined;
}

/**
 * Puts the parts together after comparing everything the client said about them and about the whole. The checksum of the whole comes from
 * those that were computed here over the bytes of each part, never from the client. The same request again, after success, succeeds again.
 */
export async function completeMultipartUpload(call: S3Call, store: S3Store): Promise<S3Answer> {
  const document = await readDocument(call);
  const named = parseParts(document.toString());
  const request = JSON.stringify(named.map(({ number, etag }) => [number, etag]));
  const id = uploadId(call);
  const completed = store.index.findCompleted(call.bucket, call.key, id);
  if (completed?.request === request) return repeated(call, store, completed.etag);
  const upload = getUpload(call, store);
  const parts = chooseParts(named, store.index.parts(id), upload);
  checkSizes(call, store, parts);
  const record = joinParts(call, upload, parts);
  const discarded = store.index.transaction(() => {
    const existing = store.index.findObject(call.bucket, call.key);
    checkWriteConditions(call, existing);
    store.index.putObject(call.bucket, call.key, record);
    store.index.rememberCompleted(call.bucket, call.key, { id, etag: record.etag, request });
    const unused = store.index.deleteUpload(call.bucket, call.key, id).filter((part) => !isUsed(part, parts));
    return [...unused, ...(existing?.segments ?? [])];
  });
  await store.data.remove(discarded.map(({ file }) => file));
  return answer(call, record);
}

function parseParts(xml: string): NamedPart[] {
  const parts = elementsOf(xml, 'Part').map((part) => {
    const algorithm = ALGORITHMS.find((known) => textOf(part, `Checksum${known}`) !== undefined);
    return {
      number: Number(textOf(part, 'PartNumber')),
      etag: (textOf(part, 'ETag') ?? '').replaceAll('"', ''),
      checksum: algorithm && { algorithm, value: textOf(part, `Checksum${algorithm}`)! },
    };
  });
  if (parts.length === 0 || parts.some(({ number, etag }) => !Number.isInteger(number) || etag === ''))
    throw s3Errors.malformedXml();
  return parts;
}

/** The stored parts that the client named, in its order; throws for what does not fit. */
function chooseParts(named: readonly NamedPart[], stored: readonly PartRecord[], upload: UploadRecord): PartRecord[] {
  if (named.some((part, index) => index > 0 && part.number <= named[index - 1]!.number))
    throw new S3Error(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  const byNumber = new Map(stored.map((part) => [part.number, part]));
  return named.map((part, index) => {
    // "When using additional checksums, part numbers must be consecutive": CompleteMultipartUpload, S3 API reference.
    if (upload.isAlgorithmChosen && part.number !== index + 1) throw s3Errors.invalidPart();
    const found = byNumber.get(part.number);
    if (found === undefined || !isSameEtag(part.etag, found.etag)) throw s3Errors.invalidPart();
    checkNamedChecksum(part, found, upload);
    return found;
  });
}

function checkNamedChecksum(named: NamedPart, stored: PartRecord, upload: UploadRecord): void {
  if (named.checksum === undefined) {
    if (upload.isAlgorithmChosen && upload.checksumType === 'COMPOSITE')
      throw s3Errors.invalidRequest(
        `The upload was created using a ${upload.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${named.number} in the request.`,
      );
    return;
  }
  // Where no algorithm was chosen, what the client sent with the part was checked then and is not kept.
  if (!upload.isAlgorithmChosen) return;
  if (named.checksum.algorithm !== upload.algorithm || named.checksum.value !== stored.checksum)
    throw s3Errors.invalidPart();
}

function checkSizes(call: S3Call, store: S3Store, parts: readonly PartRecord[]): void {
  if (parts.slice(0, -1).some(({ sizeBytes }) => sizeBytes < store.minPartBytes))
    throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
  const declared = header(call, 'x-amz-mp-object-size');
  const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  if (declared !== undefined && Number(declared) !== sizeBytes)
    throw s3Errors.invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${declared} does not match what was computed: ${sizeBytes}`,
    );
}

function joinParts(call: S3Call, upload: UploadRecord, parts: readonly PartRecord[]): ObjectRecord {
  const { algorithm, checksumType } = upload;
  const value = joinChecksums(algorithm, checksumType, parts);
  const type = header(call, 'x-amz-checksum-type');
  if (type !== undefined && type.toUpperCase() !== checksumType) throw s3Errors.badDigest('checksum type');
  const asked = requestedChecksum(call.request.headers);
  // Lenient only where the client chose no algorithm: there is nothing of its own to compare with.
  if (asked !== undefined && asked.algorithm !== algorithm && upload.isAlgorithmChosen)
    throw s3Errors.invalidRequest(`The upload was created using the ${algorithm.toLowerCase()} checksum.`);
  if (asked !== undefined && asked.algorithm === algorithm && asked.value !== value)
    throw s3Errors.badDigest(algorithm);
  return {
    sizeBytes: parts.reduce((sum, part) => sum + part.sizeBytes, 0),
    etag: `${md5OfMd5s(parts)}-${parts.length}`,
    modifiedAtMs: Date.now(),
    headers: upload.headers,
    checksum: { algorithm, value, type: checksumType },
    segments: parts.map(({ file, sizeBytes }) => ({ file, sizeBytes })),
  };
}

function md5OfMd5s(parts: readonly PartRecord[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(Buffer.from(etag, 'hex'));
  return hash.digest('hex');
}

function isUsed(part: PartRecord, used: readonly PartRecord[]): boolean {
  return used.some(({ file }) => file === part.file);
}

function repeated(call: S3Call, store: S3Store, etag: string): S3Answer {
  const existing = store.index.findObject(call.bucket, call.key);
  if (existing === undefined || existing.etag !== etag) throw s3Errors.noSuchUpload();
  return answer(call, existing);
}

function answer(call: S3Call, record: ObjectRecord): S3Answer {
  const { algorithm, value, type } = record.checksum;
  return {
    headers: { ...encryptionHeaders(record.headers), ...checksumHeaders(record) },
    body: s3Document('CompleteMultipartUploadResult', {
      Location: `http://${header(call, 'host') ?? ''}/${call.bucket}/${encodeURI(call.key)}`,
      Bucket: call.bucket,
      Key: call.key,
      ETag: `"${record.etag}"`,
      [`Checksum${algorithm}`]: value,
      ChecksumType: type,
    }),
  };
}
