import { CreateBucketCommand, DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { S3TargetObjectStore } from '../../../src/adapters/s3/s3-target-object-store.ts';
import { crcOf, crcToBase64 } from '../../../src/domain/checksum/crc.ts';
import { s3Key, type UseCaseId } from '../../../src/domain/names.ts';
import type { TargetTable } from '../../../src/domain/target-table.ts';
import type { TargetCatalog } from '../../../src/ports/target-catalog.ts';
import type { TargetObjectStore } from '../../../src/ports/target-object-store.ts';
import { startS3Server } from '../../../src/sandbox/s3/s3-server.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';

const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox-secret' };
const FOLDER = 'cleaned_rh/arrets_small_files/';

/** What happens once a folder has been listed, an object been found, read or written: somebody else's work, between two steps of a command. */
export interface Between {
  listed?: ((prefix: string) => Promise<void>) | undefined;
  found?: ((key: string) => Promise<void>) | undefined;
  read?: ((key: string) => Promise<void>) | undefined;
  written?: ((key: string) => Promise<void>) | undefined;
}

/** The sandbox's store, and a dataset that only functions have written for. */
export async function openSmallFilesWorld() {
  const directory = mkdtempSync(join(tmpdir(), 'lakelift-small-files-'));
  const server = await startS3Server({ directory, credentials });
  const settings = { endpoint: server.url, region: 'eu-west-3', credentials, forcePathStyle: true };
  const client = new S3Client(settings);
  for (const bucket of ['cleaned', 'raw']) await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const store = new S3TargetObjectStore(settings);
  const between: Between = {};
  const said: Record<string, string> = {};
  const catalog = {
    findTable: ({ name }: { name: string }) =>
      Promise.resolve(
        name === 'arrets_small_files' ? { table: { parameters: { ...said } }, version: undefined } : undefined,
      ),
    async *listTables() {
      yield* await Promise.resolve([]);
    },
    updateTable: ({ parameters }: TargetTable) => Promise.resolve(void Object.assign(said, parameters)),
  } as unknown as TargetCatalog;

  async function put(name: string, lines: readonly string[], mark = 'absences/arrets'): Promise<void> {
    const address = { bucket: 'cleaned', key: s3Key(`${FOLDER}${name}.jsonl.gz`) };
    const body = gzipSync(lines.map((line) => `${line}\n`).join(''));
    const standing = await store.findObject(address);
    const condition =
      standing === undefined ? ({ kind: 'if-absent' } as const) : ({ kind: 'if-match', etag: standing.etag } as const);
    const crc32c = crcToBase64(crcOf('CRC32C').sum(body));
    await store.putObject({ address, body, crc32c, metadata: { 'lakelift-dataset': mark }, condition });
  }

  const remove = async (name: string): Promise<void> => {
    await client.send(new DeleteObjectCommand({ Bucket: 'cleaned', Key: `${FOLDER}${name}.jsonl.gz` }));
  };

  async function rows(name: string): Promise<string[]> {
    const address = { bucket: 'cleaned', key: s3Key(`${FOLDER}${name}.jsonl.gz`) };
    const pieces = await Array.fromAsync(await store.readObject(address));
    return gunzipSync(Buffer.concat(pieces)).toString().split('\n').slice(0, -1);
  }

  const dataset = aDataset({
    name: 'arrets',
    from: 'rh.arrets',
    target: { zone: 'cleaned', database: 'cleaned_rh', table: 'arrets' },
  });
  const place = {
    ...{ useCase: 'absences' as UseCaseId, dataset, scheme: undefined, catalog },
    zone: { bucket: 'cleaned', prefix: '' },
    store: interrupted(store, between),
    signal: new AbortController().signal,
  };
  const close = async (): Promise<void> => {
    client.destroy();
    store.close();
    await server.close();
    rmSync(directory, { recursive: true });
  };
  return { place, put, remove, rows, between, said, close };
}

function interrupted(store: S3TargetObjectStore, between: Between): TargetObjectStore {
  const own: Pick<TargetObjectStore, 'listObjects' | 'findObject' | 'readObject' | 'putObject'> = {
    async *listObjects(bucket, prefix, signal) {
      // As a listing of many objects: what comes to be while it runs may be missed.
      const listed = await Array.fromAsync(store.listObjects(bucket, prefix, signal));
      await between.listed?.(prefix);
      yield* listed;
    },
    async findObject(address, signal) {
      const found = await store.findObject(address, signal);
      await between.found?.(address.key);
      return found;
    },
    async putObject(request, signal) {
      const written = await store.putObject(request, signal);
      await between.written?.(request.address.key);
      return written;
    },
    async readObject(address, signal) {
      const content = await Array.fromAsync(await store.readObject(address, signal));
      await between.read?.(address.key);
      return (async function* () {
        yield* content;
      })();
    },
  };
  return new Proxy<TargetObjectStore>(store, {
    get: (target, name) => {
      const method = Reflect.get(name in own ? own : target, name) as (...args: unknown[]) => unknown;
      return method.bind(name in own ? own : target);
    },
  });
}
