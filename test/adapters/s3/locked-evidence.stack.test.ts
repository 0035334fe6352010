import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, DeleteObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, inject, it } from 'vitest';
import { LockedEvidence } from '../../../src/adapters/s3/locked-evidence.ts';

const stack = inject('stack');

describe.skipIf(stack === undefined)('LockedEvidence on versitygw', () => {
  it('keeps a file that nobody deletes before its time, and refuses a bucket that locks nothing', async () => {
    const { s3Endpoint: endpoint, region, accessKeyId, secretAccessKey } = stack!;
    const settings = { endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } };
    const client = new S3Client(settings);
    const bucket = `evidence-${randomUUID()}`;
    await client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true }));
    const plain = `plain-${randomUUID()}`;
    await client.send(new CreateBucketCommand({ Bucket: plain }));
    const file = join(tmpdir(), `${bucket}.tar`);
    writeFileSync(file, Buffer.alloc(6 * 1024 * 1024, 'x'));
    const lock = { prefix: 'absences/r1/', mode: 'compliance', retainForDays: 2 } as const;
    const vault = new LockedEvidence({ ...settings, ...lock, bucket });
    const { place, lockedUntil } = await vault.keep(file, 'evidence.tar');
    expect(place).toBe(`s3://${bucket}/absences/r1/evidence.tar`);
    expect(Date.parse(lockedUntil)).toBeGreaterThan(Date.now() + 24 * 3600 * 1000);
    const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    const version = Versions[0]?.VersionId;
    const request = {
      Bucket: bucket,
      Key: 'absences/r1/evidence.tar',
      ...(version === undefined ? {} : { VersionId: version }),
    };
    await expect(client.send(new DeleteObjectCommand(request))).rejects.toThrow();
    const nowhere = new LockedEvidence({ ...settings, ...lock, bucket: plain });
    await expect(nowhere.keep(file, 'evidence.tar')).rejects.toMatchObject({ name: 'LakeliftError' });
    for (const each of [vault, nowhere]) each.close();
    client.destroy();
  });
});
