import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { S3TargetObjectStore } from '../../src/adapters/s3/s3-target-object-store.ts';
import { WebHdfsSourceFileSystem } from '../../src/adapters/webhdfs/webhdfs-source-file-system.ts';
import { crcOf, crcToBase64 } from '../../src/domain/checksum/crc.ts';
import { s3Key } from '../../src/domain/names.ts';
import type { ObjectAddress } from '../../src/domain/plan.ts';
import {
  DataNodeConnections,
  type BlockTransfers,
} from '../../src/hdfs-webhdfs-client/blocks/data-node-connections.ts';
import { WebHdfsClient } from '../../src/hdfs-webhdfs-client/index.ts';
import type { ProgressEvent } from '../../src/ports/progress.ts';
import type { TargetObjectStore } from '../../src/ports/target-object-store.ts';
import type { SourceFileSystem } from '../../src/ports/source-file-system.ts';
import { Retry } from '../../src/resilience/retry.ts';
import { retryingSource, retryingStore } from '../../src/resilience/with-retry.ts';
import { startFaultyGateway, type FaultyGateway, type GatewayFault } from '../contracts/faulty-gateway.ts';
import {
  bytesOf,
  copyDirectory,
  MIB,
  objectBytes,
  openLedger,
  openUploads,
  openWorld,
  type CopyWorld,
} from '../steps/copy/copy-world.ts';
import { startFaultProxy, type FaultProxy, type ProxiedRequest, type ProxyFault } from './fault-proxy.ts';

const stack = inject('stack');

/** True the first `count` times. */
function times(count: number): () => boolean {
  let left = count;
  return () => left-- > 0;
}

/** From real HDFS to a real S3 server, with a proxy on either side that does what networks do. The S3 server checks every signature and every checksum. */
describe.skipIf(stack === undefined)('a copy over a network that fails', () => {
  let gateway: FaultyGateway;
  let proxy: FaultProxy;
  let world: CopyWorld;
  let source: SourceFileSystem;
  /** Without the retries above it. */
  let store: S3TargetObjectStore;
  let target: TargetObjectStore;
  let events: ProgressEvent[];
  const hdfsClients: WebHdfsClient[] = [];

  beforeAll(async () => {
    const { webHdfsUrl, httpFsUrl, hdfsUser: user, s3Endpoint, region, accessKeyId, secretAccessKey } = stack!;
    gateway = await startFaultyGateway(webHdfsUrl);
    proxy = await startFaultProxy(s3Endpoint);
    const credentials = { accessKeyId, secretAccessKey };
    world = await openWorld({
      nameNode: webHdfsUrl,
      httpFs: httpFsUrl,
      user,
      s3: { endpoint: proxy.url, region, forcePathStyle: true, credentials },
    });
    const policy = { patienceMs: 20_000, firstPauseMs: 50, longestPauseMs: 500 };
    const retry = new Retry(policy, (event) => void events.push(event));
    const hdfs = new WebHdfsClient({
      nameNodes: [gateway.url],
      authentication: { kind: 'user', user },
      timeouts: { idleMs: 700 },
    });
    hdfsClients.push(hdfs);
    source = retryingSource(new WebHdfsSourceFileSystem(hdfs), retry);
    store = new S3TargetObjectStore({ ...world.connections.s3, timeouts: { silenceMs: 700, completeMs: 700 } });
    target = retryingStore(store, retry);
  });
  afterAll(async () => {
    for (const client of hdfsClients) client.close();
    target.close();
    await world.close();
    await gateway.close();
    await proxy.close();
  });
  beforeEach(() => {
    events = [];
    proxy.requests.length = 0;
    gateway.requests.length = 0;
  });
  afterEach(() => {
    proxy.fault = () => undefined;
    gateway.fault = () => undefined;
  });

  const spoilS3 = (operation: RegExp, fault: ProxyFault, often = 1): (() => boolean) => {
    const isLeft = times(often);
    proxy.fault = (asked) => (operation.test(asked.operation) && isLeft() ? fault : undefined);
    return isLeft;
  };
  const spoilHdfs = (fault: GatewayFault, often = 1): void => {
    const isLeft = times(often);
    gateway.fault = ({ node, op }) => (node === 'datanode' && op === 'OPEN' && isLeft() ? fault : undefined);
  };
  const reads = (): number => gateway.requests.filter(({ node, op }) => node === 'datanode' && op === 'OPEN').length;
  const answered = (operation: RegExp): string[] =>
    proxy.requests.filter((asked) => operation.test(asked.operation)).map(outcomeOf);

  describe.each([
    ['a file of one part', 2 * MIB, /^PutObject$/, /^PutObject$/],
    ['a file of several parts', 11 * MIB + 77, /^UploadPart$/, /^CompleteMultipartUpload$/],
  ])('%s', (_what, size, body, last) => {
    let name = '';
    let seed = size;
    /** Copies a new one: it arrives proven, whole and once. */
    const expectCopied = async (from = source): Promise<void> => {
      if (name !== '') await world.writer.delete(`${world.directory}/${name}`);
      name = `file-${++seed}`;
      await world.writer.create(`${world.directory}/${name}`, bytesOf(size, seed), { blockSizeBytes: MIB });
      const ledger = openLedger();
      const { [name]: outcome } = await copyDirectory(world, { source: from, target, ledger });
      expect(outcome).toMatchObject({ status: 'verified', proof: 'end-to-end', sizeBytes: size });
      proxy.fault = () => undefined;
      expect((await objectBytes(world, name)).equals(bytesOf(size, seed))).toBe(true);
      expect(await openUploads(world)).toEqual([]);
      expect([...ledger.listUploads()]).toEqual([]);
    };
    it('is sent again when the connection is reset in the middle of a body', async () => {
      spoilS3(body, { kind: 'reset', afterBytes: MIB }, 2);
      await expectCopied();
      expect(answered(body).filter((outcome) => outcome === 'none')).toHaveLength(2);
    });

    it('is refused by the store and sent again when a bit is flipped on the way there', async () => {
      spoilS3(body, { kind: 'flip-bit', atByte: MIB + 5 }, 2);
      await expectCopied();
      expect(answered(body).filter((outcome) => /BadDigest|Mismatch/.test(outcome))).toHaveLength(2);
    });

    it('is read again when a bit is flipped on the way from the DataNode', async () => {
      spoilHdfs({ kind: 'flip-bit', atByte: MIB + 5 });
      await expectCopied();
      expect(reads()).toBeGreaterThan(Math.ceil(size / (5 * MIB)));
    });

    it('is refused by the store and read again when a bit is flipped on the way from a data port, where no byte is summed here', async () => {
      const connections = new DataNodeConnections();
      const isLeft = times(1);
      const blockTransfers: BlockTransfers = {
        read: async (address, task) => {
          const sums = await connections.read(address, task);
          if (isLeft()) task.target[1000]! ^= 1;
          return sums;
        },
        close: () => connections.close(),
      };
      const { webHdfsUrl, hdfsUser: user } = stack!;
      const authentication = { kind: 'user', user } as const;
      const hdfs = new WebHdfsClient({ nameNodes: [webHdfsUrl], authentication, readsBlocks: true, blockTransfers });
      hdfsClients.push(hdfs);
      await expectCopied(new WebHdfsSourceFileSystem(hdfs));
      expect(isLeft()).toBe(false);
      expect(answered(body).filter((outcome) => /BadDigest|Mismatch/.test(outcome))).not.toEqual([]);
    });

    it('is found complete when the answer to its last write is lost, with a reset or in silence', async () => {
      for (const isSilent of [false, true]) {
        spoilS3(last, { kind: 'lose-answer', isSilent });
        await expectCopied();
        expect(answered(last)[0]).toBe('200');
      }
    });

    it('is sent again when the store takes part of a body and falls silent', async () => {
      spoilS3(body, { kind: 'hang', afterBytes: 300_000 });
      await expectCopied();
      expect(answered(body)).toContain('none');
    });

    it('is read again when the DataNode sends part of a body and falls silent', async () => {
      spoilHdfs({ kind: 'stall', afterBytes: 300_000 });
      await expectCopied();
      expect(events).toContainEqual(
        expect.objectContaining({ kind: 'retry', message: expect.stringContaining('silent') as string }),
      );
    });

    it('is read again when a DataNode says 200 and sends less than it should, politely or not', async () => {
      for (const fault of [
        { kind: 'chunked', endAfterBytes: MIB },
        { kind: 'cut', afterBytes: MIB },
        { kind: 'cut', afterBytes: MIB, isReset: true },
      ] as const) {
        // The short way to a DataNode leaves chunks to an HTTP client, which asks again.
        spoilHdfs(fault, 2);
        await expectCopied();
        expect(events).toContainEqual(expect.objectContaining({ kind: 'retry' }));
        events.length = 0;
      }
    });

    it('waits while the store asks to slow down', async () => {
      let since: number | undefined;
      proxy.fault = ({ operation }) => {
        if (body.test(operation)) since ??= performance.now();
        return since !== undefined && performance.now() - since < 3000
          ? { kind: 'answer', status: 503, code: 'SlowDown', message: 'Please reduce your request rate.' }
          : undefined;
      };
      await expectCopied();
      expect(answered(/./).filter((outcome) => outcome === 'SlowDown').length).toBeGreaterThan(3);
    });
  });

  it('finds out that an object stands there, where the refusal to write over it comes as a mere reset', async () => {
    const bytes = bytesOf(2 * MIB);
    const crc32c = crcToBase64(crcOf('CRC32C').sum(bytes));
    const condition = { kind: 'if-absent' } as const;
    const address = { bucket: world.bucket, key: s3Key('stands') };
    const put = () => store.putObject({ address, body: bytes, crc32c, metadata: {}, condition });
    await put();
    spoilS3(/^PutObject$/, { kind: 'reset', afterBytes: MIB }, Infinity);
    await expect(put()).rejects.toMatchObject({ kind: 'conflict', code: 'S3_CONFLICT' });
  });

  it('writes again where the store is busy with another conditional write, its own whose answer was lost perhaps', async () => {
    for (const [size, operation] of [
      [2 * MIB, /^PutObject$/],
      [6 * MIB, /^CompleteMultipartUpload$/],
    ] as const) {
      const name = `busy-${size}`;
      await world.writer.create(`${world.directory}/${name}`, bytesOf(size), { blockSizeBytes: MIB });
      // More often than the SDK tries by itself.
      spoilS3(operation, { kind: 'answer', status: 409, code: 'ConditionalRequestConflict' }, 4);
      const { [name]: outcome } = await copyDirectory(world, { source, target });
      expect(outcome).toMatchObject({ status: 'verified', proof: 'end-to-end' });
      await world.writer.delete(`${world.directory}/${name}`);
    }
  });

  describe('a "success" that is none', () => {
    const bytes = bytesOf(1000);
    const crc32c = crcToBase64(crcOf('CRC32C').sum(bytes));
    const address = (key: string): ObjectAddress => ({ bucket: world.bucket, key: s3Key(key) });
    const condition = { kind: 'if-absent' } as const;
    const put = (key: string) =>
      store.putObject({ address: address(key), body: bytes, crc32c, metadata: {}, condition });
    const part = (uploadId: string) =>
      store.uploadPart({ address: address('up'), uploadId, partNumber: 1, body: bytes, crc32c });
    let uploadId = '';
    beforeAll(async () => {
      await put('standing');
      uploadId = await store.createUpload(address('up'), {});
      await part(uploadId);
    });
    afterAll(() => store.abortUpload(address('up'), uploadId));

    const calls: [string, () => Promise<unknown>][] = [
      ['PutObject', () => put('nowhere')],
      ['CreateMultipartUpload', () => store.createUpload(address('up'), {})],
      ['UploadPart', () => part(uploadId)],
      ['HeadObject', () => store.findObject(address('standing'))],
      ['GetObject', async () => Array.fromAsync(await store.readObject(address('standing')))],
      ['ListObjectsV2', () => Array.fromAsync(store.listObjects(world.bucket, ''))],
      ['ListMultipartUploads', () => Array.fromAsync(store.listUploads(world.bucket, ''))],
      ['ListParts', () => Array.fromAsync(store.listParts(address('up'), uploadId))],
    ];

    it.each(calls)('%s: an empty 200 of something on the way is taken for a failure', async (operation, call) => {
      spoilS3(new RegExp(`^${operation}$`), { kind: 'answer', status: 200 }, Infinity);
      await expect(call()).rejects.toMatchObject({ kind: 'unavailable', code: 'S3_EMPTY_ANSWER' });
    });

    const withBody = new Set(['CreateMultipartUpload', 'ListObjectsV2', 'ListMultipartUploads', 'ListParts']);
    it.each(calls.filter(([operation]) => withBody.has(operation)))(
      '%s: a 200 whose body ends early, politely or not, is taken for a failure',
      async (operation, call) => {
        for (const isPolite of [true, false])
          for (const afterBytes of [0, 60, 150]) {
            spoilS3(new RegExp(`^${operation}$`), { kind: 'short-answer', afterBytes, isPolite }, Infinity);
            await expect(call()).rejects.toMatchObject({ kind: 'unavailable' });
          }
      },
    );

    it('CompleteMultipartUpload: whatever was lost of its answer, the object is found and kept', async () => {
      for (const fault of [
        { kind: 'short-answer', afterBytes: 0, isPolite: true },
        { kind: 'short-answer', afterBytes: 150, isPolite: true },
        { kind: 'short-answer', afterBytes: 60, isPolite: false },
        { kind: 'answer', status: 200 },
        { kind: 'answer', status: 200, code: 'InternalError' },
      ] as const) {
        const name = `completed-${JSON.stringify(fault).replaceAll(/\W+/g, '-')}`;
        await world.writer.create(`${world.directory}/${name}`, bytesOf(6 * MIB), { blockSizeBytes: MIB });
        spoilS3(/^CompleteMultipartUpload$/, fault);
        const { [name]: outcome } = await copyDirectory(world, { source, target });
        expect(outcome).toMatchObject({ status: 'verified', proof: 'end-to-end' });
        await world.writer.delete(`${world.directory}/${name}`);
      }
      expect((await openUploads(world)).filter((key) => key !== 'up')).toEqual([]);
    });
  });
});

function outcomeOf({ status, code }: ProxiedRequest): string {
  return code ?? (status === undefined ? 'none' : String(status));
}
