import type { ObjectAddress } from '../../domain/plan.ts';
import type { WriteCondition } from '../../ports/target-object-store.ts';
import type { S3Work } from './s3-errors.ts';

/** Members of the SDK's commands that several of them have. */
export function target({ bucket, key }: ObjectAddress): { Bucket: string; Key: string } {
  return { Bucket: bucket, Key: key };
}

export function conditions(condition: WriteCondition): { IfNoneMatch?: string; IfMatch?: string } {
  return condition.kind === 'if-absent' ? { IfNoneMatch: '*' } : { IfMatch: `"${condition.etag}"` };
}

export function encryption(kmsKeyId: string | undefined): { ServerSideEncryption?: 'aws:kms'; SSEKMSKeyId?: string } {
  return kmsKeyId === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId };
}

export function workOn({ bucket, key }: ObjectAddress, permission: string): S3Work {
  return { subject: `s3://${bucket}/${key}`, permission };
}
