import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type GetObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { StateStore, StateText } from '../../ports/state-store.ts';
import type { WriteCondition } from '../../ports/target-object-store.ts';
import { createS3Client, type S3Settings } from './s3-client.ts';
import { isNotFound, translated, type S3Work } from './s3-errors.ts';
import { bareEtag, said } from './stored-object.ts';

export interface StateStoreSettings extends S3Settings {
  readonly bucket: string;
  /** Ends with a slash, or is empty. */
  readonly prefix: string;
  readonly kmsKeyId?: string | undefined;
}

const TIMEOUTS = { answerMs: 30_000, idleMs: 30_000 };
const PART_SIZE_BYTES = 8 * 1024 * 1024;

/** State in a bucket. Small texts are written by PutObject, whose conditions every store that has them keeps; large files carry none. */
export class S3StateStore implements StateStore {
  readonly #settings: StateStoreSettings;
  readonly #client: S3Client;

  constructor(settings: StateStoreSettings) {
    this.#settings = settings;
    this.#client = createS3Client(settings, TIMEOUTS);
    tellServerTime(this.#client);
  }

  get place(): string {
    return `s3://${this.#settings.bucket}/${this.#settings.prefix}`;
  }

  async findText(name: string): Promise<StateText | undefined> {
    const work = this.#work(name, 's3:GetObject');
    try {
      const answer = await this.#client.send(new GetObjectCommand(this.#address(name)));
      const text = await said(answer.Body, work).transformToString();
      return { text, etag: bareEtag(said(answer.ETag, work)), ageMs: ageOf(answer) };
    } catch (error) {
      if (isMissingObject(error)) return undefined;
      return translated(work, () => Promise.reject(error as Error));
    }
  }

  putText(name: string, text: string, condition: WriteCondition): Promise<{ etag: string }> {
    const work = this.#work(name, 's3:PutObject');
    const only = condition.kind === 'if-absent' ? { IfNoneMatch: '*' } : { IfMatch: `"${condition.etag}"` };
    return translated(work, async () => {
      const request = { ...this.#address(name), ...this.#encryption(), ...only };
      const body = { Body: text, ContentType: 'application/json', ChecksumAlgorithm: 'CRC32C' } as const;
      const { ETag } = await this.#client.send(new PutObjectCommand({ ...request, ...body }));
      return { etag: bareEtag(said(ETag, work)) };
    });
  }

  upload(name: string, path: string): Promise<void> {
    return translated(this.#work(name, 's3:PutObject'), async () => {
      const compressed = createGzip();
      const reading = pipeline(createReadStream(path), compressed);
      const params = {
        ...this.#address(name),
        ...this.#encryption(),
        Body: compressed,
        ContentType: 'application/gzip',
        ChecksumAlgorithm: 'CRC32C',
      } as const;
      const upload = new Upload({ client: this.#client, partSize: PART_SIZE_BYTES, queueSize: 2, params });
      await Promise.all([upload.done(), reading]);
    });
  }

  download(name: string, path: string): Promise<void> {
    const work = this.#work(name, 's3:GetObject');
    return translated(work, async () => {
      const { Body } = await this.#client.send(new GetObjectCommand(this.#address(name)));
      await pipeline(said(Body, work) as Readable, createGunzip(), createWriteStream(path, { mode: 0o600 }));
    });
  }

  async *list(folder: string): AsyncGenerator<string> {
    const { Bucket, Key: Prefix } = this.#address(folder);
    let token: string | undefined;
    do {
      const page = { Bucket, Prefix, ...(token === undefined ? {} : { ContinuationToken: token }) };
      const answer = await translated(this.#work(folder, 's3:ListBucket'), () =>
        this.#client.send(new ListObjectsV2Command(page)),
      );
      for (const { Key } of answer.Contents ?? []) if (Key !== undefined) yield Key.slice(Prefix.length);
      token = answer.NextContinuationToken;
    } while (token !== undefined);
  }

  remove(name: string): Promise<void> {
    return translated(this.#work(name, 's3:DeleteObject'), async () => {
      await this.#client.send(new DeleteObjectCommand(this.#address(name)));
    });
  }

  close(): void {
    this.#client.destroy();
  }

  #address(name: string): { Bucket: string; Key: string } {
    return { Bucket: this.#settings.bucket, Key: `${this.#settings.prefix}${name}` };
  }

  #encryption() {
    const { kmsKeyId } = this.#settings;
    return kmsKeyId === undefined ? {} : ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId } as const);
  }

  #work(name: string, permission: string): S3Work {
    return { subject: `${this.place}${name}`, permission };
  }
}

function isMissingObject(error: unknown): boolean {
  return isNotFound(error) && (error as Error).name !== 'NoSuchBucket';
}

const SERVER_TIME = Symbol('server time');

/** Keeps the store's own time with each answer: leases are judged by one clock, whatever those of the machines show. */
function tellServerTime(client: S3Client): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers } = result.response as { headers: Record<string, string | undefined> };
      Object.assign(result.output ?? {}, { [SERVER_TIME]: Date.parse(headers['date'] ?? '') });
      return result;
    },
    { step: 'deserialize', priority: 'high', name: 'lakeliftServerTime' },
  );
}

function ageOf(answer: GetObjectCommandOutput): number {
  const told = (answer as { [SERVER_TIME]?: number })[SERVER_TIME];
  const nowMs = told === undefined || Number.isNaN(told) ? Date.now() : told;
  return nowMs - (answer.LastModified?.getTime() ?? nowMs);
}
