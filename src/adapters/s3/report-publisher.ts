import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { LakeliftError } from '../../errors.ts';
import { isPlainName, type ReportSink } from '../../ports/report-sink.ts';
import { createS3Client, type S3Settings } from './s3-client.ts';
import { translateS3Error } from './s3-errors.ts';

export interface ReportPublisherSettings extends S3Settings {
  readonly bucket: string;
  /** Folder of this run's report below the bucket. */
  readonly prefix: string;
  readonly kmsKeyId?: string | undefined;
}

const TIMEOUTS = { answerMs: 60_000, idleMs: 60_000 };
const PART_SIZE_BYTES = 8 * 1024 * 1024;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  jsonl: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
  xml: 'application/xml',
};

/** Reports in a bucket, streamed up in parts: their length is not known before they end. */
export class S3ReportPublisher implements ReportSink {
  readonly #settings: ReportPublisherSettings;
  readonly #client: S3Client;

  constructor(settings: ReportPublisherSettings) {
    this.#settings = settings;
    this.#client = createS3Client(settings, TIMEOUTS);
  }

  async write(name: string, content: string | Iterable<string> | AsyncIterable<string>): Promise<string> {
    if (!isPlainName(name)) throw badName(name);
    const { bucket, prefix, kmsKeyId } = this.#settings;
    const key = `${prefix.replace(/\/*$/, '/').replace(/^\/+/, '')}${name}`;
    const subject = `s3://${bucket}/${key}`;
    const upload = new Upload({
      client: this.#client,
      partSize: PART_SIZE_BYTES,
      queueSize: 2,
      params: {
        Bucket: bucket,
        Key: key,
        Body: Readable.from(encoded(content), { objectMode: false }),
        ContentType: CONTENT_TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
        ChecksumAlgorithm: 'CRC32C',
        ...(kmsKeyId === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId }),
      },
    });
    try {
      await upload.done();
      return subject;
    } catch (error) {
      throw translateS3Error(error, { subject, permission: 's3:PutObject' });
    }
  }

  close(): void {
    this.#client.destroy();
  }
}

const CHUNK = 64 * 1024;

/** Lines come one by one; they go on in pieces worth sending. */
async function* encoded(content: string | Iterable<string> | AsyncIterable<string>): AsyncGenerator<Buffer> {
  let text = '';
  for await (const piece of typeof content === 'string' ? [content] : content) {
    text += piece;
    if (text.length < CHUNK) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}

function badName(name: string): LakeliftError {
  return new LakeliftError(`"${name}" is no name for a file of a report`, { kind: 'usage', code: 'REPORT_NAME' });
}
