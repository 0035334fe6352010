import { describe, inject } from 'vitest';
import { describeReportPublisher } from '../../contracts/report-publisher.ts';

const stack = inject('stack');

describe.skipIf(stack === undefined)('S3ReportPublisher on versitygw', () => {
  describeReportPublisher(() => {
    const { s3Endpoint: endpoint, region, accessKeyId, secretAccessKey } = stack!;
    return { endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } };
  });
});
