import { createReadStream } from 'node:fs';
import { GetObjectRetentionCommand, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { LakeliftError } from '../../errors.ts';
import type { EvidenceVault } from '../../ports/evidence.ts';
import { createS3Client, type S3Settings } from './s3-client.ts';
import { translateS3Error } from './s3-errors.ts';

export interface LockedEvidenceSettings extends S3Settings {
  readonly bucket: string;
  readonly prefix: string;
  /** `compliance`: nobody can shorten it, the account's owner included. */
  readonly mode: 'governance' | 'compliance';
  readonly retainForDays: number;
  readonly kmsKeyId?: string | undefined;
}

const TIMEOUTS = { answerMs: 60_000, idleMs: 60_000 };
const DAY_MS = 24 * 3600 * 1000;

/** Evidence in a bucket under S3 Object Lock. Believed only when the store says itself until when it is locked. */
export class LockedEvidence implements EvidenceVault {
  readonly #settings: LockedEvidenceSettings;
  readonly #client: S3Client;

  constructor(settings: LockedEvidenceSettings) {
    this.#settings = settings;
    this.#client = createS3Client(settings, TIMEOUTS);
  }

  async keep(path: string, name: string): Promise<{ place: string; lockedUntil: string }> {
    const { bucket, prefix, mode, retainForDays, kmsKeyId } = this.#settings;
    const key = `${prefix}${name}`;
    const place = `s3://${bucket}/${key}`;
    const upload = new Upload({
      client: this.#client,
      params: {
        Bucket: bucket,
        Key: key,
        Body: createReadStream(path),
        ContentType: 'application/octet-stream',
        ChecksumAlgorithm: 'CRC32C',
        ObjectLockMode: mode === 'compliance' ? 'COMPLIANCE' : 'GOVERNANCE',
        ObjectLockRetainUntilDate: new Date(Date.now() + retainForDays * DAY_MS),
        ...(kmsKeyId === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId }),
      },
    });
    try {
      const { VersionId } = await upload.done();
      return { place, lockedUntil: await this.#lockedUntil({ place, bucket, key, version: VersionId }) };
    } catch (error) {
      throw translateS3Error(error, { subject: place, permission: 's3:PutObject and s3:PutObjectRetention' });
    }
  }

  close(): void {
    this.#client.destroy();
  }

  async #lockedUntil(kept: { place: string; bucket: string; key: string; version: string | undefined }) {
    const { place, bucket, key, version } = kept;
    const request = { Bucket: bucket, Key: key, ...(version === undefined ? {} : { VersionId: version }) };
    const { Retention } = await this.#client.send(new GetObjectRetentionCommand(request));
    if (Retention?.RetainUntilDate !== undefined) return Retention.RetainUntilDate.toISOString();
    throw new LakeliftError(`${place} was written, and the store does not lock it`, {
      kind: 'unsupported',
      code: 'EVIDENCE_NOT_LOCKED',
      subject: place,
      hint: 'Object Lock must be on for the bucket (with versioning) before anything is put there.',
    });
  }
}
