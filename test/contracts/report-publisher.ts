import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { S3ReportPublisher } from '../../src/adapters/s3/report-publisher.ts';
import type { S3Settings } from '../../src/adapters/s3/s3-client.ts';

/** Publishing a report to a bucket, shown on the sandbox and on a real store alike. */
export function describeReportPublisher(settings: () => S3Settings): void {
  const bucket = `reports-${randomUUID()}`;
  let client: S3Client;
  let publisher: S3ReportPublisher;

  beforeAll(async () => {
    const { region, endpoint = '', credentials } = settings();
    client = new S3Client({ region, endpoint, forcePathStyle: true, credentials: credentials! });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    publisher = new S3ReportPublisher({ ...settings(), bucket, prefix: 'absences/r1/' });
  });
  afterAll(() => {
    client.destroy();
    publisher.close();
  });
  const read = async (Key: string) => {
    const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return { text: await answer.Body!.transformToString(), type: answer.ContentType };
  };

  it('puts a page in place with its type, and says where', async () => {
    expect(await publisher.write('report.html', '<p>é</p>')).toBe(`s3://${bucket}/absences/r1/report.html`);
    expect(await read('absences/r1/report.html')).toEqual({ text: '<p>é</p>', type: 'text/html; charset=utf-8' });
  });

  it('streams a list of unknown length up in parts', async () => {
    const line = `${'é'.repeat(500)}\n`;
    const lines = function* () {
      for (let index = 0; index < 20_000; index++) yield line;
    };
    await publisher.write('items.csv', lines());
    const { text } = await read('absences/r1/items.csv');
    expect(text.length).toBe(line.length * 20_000);
    expect(text.endsWith(line)).toBe(true);
  });

  it('leaves nothing behind when the content breaks off', async () => {
    const breaking = function* () {
      yield 'half';
      throw new Error('broken off');
    };
    await expect(publisher.write('half.csv', breaking())).rejects.toThrow('broken off');
    await expect(read('absences/r1/half.csv')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('names the permission that is missing a bucket or a right', async () => {
    const elsewhere = new S3ReportPublisher({ ...settings(), bucket: `no-${bucket}`, prefix: '' });
    await expect(elsewhere.write('report.html', 'x')).rejects.toMatchObject({ kind: 'not-found' });
    elsewhere.close();
  });
}
