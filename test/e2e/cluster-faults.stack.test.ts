import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { WebHdfsSourceFileSystem } from '../../src/adapters/webhdfs/webhdfs-source-file-system.ts';
import { exitCodeOf, EXIT } from '../../src/cli/exit-codes.ts';
import { hdfsPath } from '../../src/domain/names.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { WebHdfsClient, type WebHdfsOptions } from '../../src/hdfs-webhdfs-client/index.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import type { Progress, ProgressEvent } from '../../src/ports/progress.ts';
import type { SourceFileSystem } from '../../src/ports/source-file-system.ts';
import { RateLimit, rateLimitedSource } from '../../src/resilience/rate-limit.ts';
import { Retry } from '../../src/resilience/retry.ts';
import { retryingSource } from '../../src/resilience/with-retry.ts';
import { copyFiles } from '../../src/steps/copy/copy-files.ts';
import { ENCRYPTION_KEY, SOCKET_TIMEOUT_MS, startHaHdfs, TOKEN_LIFE_MS, type HaHdfs } from '../stack/ha-hdfs.ts';
import {
  bytesOf,
  itemsOf,
  MIB,
  objectBytes,
  openLedger,
  openWorld,
  outcomes,
  request,
  RUN,
  writePlan,
  type CopyWorld,
} from '../steps/copy/copy-world.ts';

const stack = inject('stack');
const FILE_BYTES = 6 * MIB + 77;
const BLOCK_BYTES = 2 * MIB;
/**
 * A DataNode that makes a checksum asks others for the sums of their blocks, and waits for one that hangs, block after block, for three seconds a
 * replica and its socket timeout (Hadoop's FileChecksumHelper). Who waits for less takes it for one that hangs itself, and passes it over.
 */
const CHECKSUM_MS = 1000 + Math.ceil(FILE_BYTES / BLOCK_BYTES) * (2 * 3000 + SOCKET_TIMEOUT_MS);

/** Copies from a real cluster of this test's own, whose servers are killed and stopped under way. */
describe.skipIf(stack === undefined)('a copy from a cluster in trouble', () => {
  let folder: string;
  let hdfs: HaHdfs;
  let world: CopyWorld;
  let events: ProgressEvent[];
  let clients: WebHdfsClient[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lakelift-ha-'));
    hdfs = await startHaHdfs(folder);
  });
  afterAll(async () => {
    await hdfs.stop();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    events = [];
    clients = [];
    const { s3Endpoint: endpoint, region, accessKeyId, secretAccessKey } = stack!;
    const [nameNode, standby] = hdfs.nameNodeUrls;
    world = await openWorld({
      nameNode: nameNode!,
      standby: standby!,
      httpFs: '',
      user: 'hdfs',
      s3: { endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } },
    });
  });
  afterEach(async () => {
    for (const client of clients) client.close();
    await world.close();
  });

  const connectSource = (options: Partial<WebHdfsOptions>): SourceFileSystem => {
    const client = new WebHdfsClient({
      nameNodes: hdfs.nameNodeUrls,
      authentication: { kind: 'user', user: 'hdfs' },
      timeouts: { connectMs: 2000, idleMs: 4000, checksumMs: CHECKSUM_MS },
      rounds: 2,
      ...options,
    });
    clients.push(client);
    const policy = { patienceMs: 60_000, firstPauseMs: 50, longestPauseMs: 1000 };
    return retryingSource(new WebHdfsSourceFileSystem(client), new Retry(policy, (event) => void events.push(event)));
  };
  const create = (name: string): Promise<void> =>
    world.writer.create(`${world.directory}/${name}`, bytesOf(FILE_BYTES, name.length), {
      blockSizeBytes: BLOCK_BYTES,
    });
  const createFiles = async (): Promise<void> => {
    const names = ['a', 'bb', 'ccc', 'dddd'];
    for (const name of names) await create(name);
    // A DataNode that has just come back is known before anything is written to it.
    const client = new WebHdfsClient({ nameNodes: hdfs.nameNodeUrls, authentication: { kind: 'user', user: 'hdfs' } });
    clients.push(client);
    const isOnBoth = async (name: string): Promise<boolean> => {
      const blocks = await client.getBlockLocations(`${world.directory}/${name}`);
      return blocks.every(({ hosts }) => hosts.length === 2);
    };
    for (const name of names) await vi.waitUntil(() => isOnBoth(name), { timeout: 30_000, interval: 100 });
  };
  /** Whether every file is there, byte for byte, with this strength of proof. */
  const expectProven = async (ledger: Ledger, proof: Outcome['proof'] = 'end-to-end'): Promise<void> => {
    const copied = outcomes(ledger, RUN);
    expect(Object.keys(copied)).toHaveLength((await itemsOf(world)).length);
    for (const [name, outcome] of Object.entries(copied)) {
      expect(outcome, JSON.stringify(outcome)).toMatchObject({ status: 'verified', proof });
      expect((await objectBytes(world, name)).equals(bytesOf(FILE_BYTES, name.length)), name).toBe(true);
    }
  };
  /** Calls `then` once, when so many parts have arrived. */
  const afterParts = (count: number, then: () => void): Progress => {
    let parts = 0;
    return (event) => {
      events.push(event);
      if (event.kind === 'bytes' && ++parts === count) then();
    };
  };
  const planned = async (): Promise<Ledger> => {
    const ledger = openLedger();
    writePlan(ledger, await itemsOf(world));
    return ledger;
  };

  describe.each([
    ['data ports', true],
    ['WebHDFS', false],
  ])('over %s', (_way, readsBlocks) => {
    it('goes on from the other replica when a DataNode hangs', async () => {
      await createFiles();
      const ledger = await planned();
      const { processId } = hdfs.dataNodes[0]!;
      const progress = afterParts(2, () => process.kill(processId, 'SIGSTOP'));
      try {
        await copyFiles(request(world, ledger, { source: connectSource({ readsBlocks }), progress }));
      } finally {
        process.kill(processId, 'SIGCONT');
      }
      await expectProven(ledger);
    });

    it('goes on from the other replica when a DataNode is killed, which the NameNode still sends to', async () => {
      await createFiles();
      const ledger = await planned();
      const { processId } = hdfs.dataNodes[1]!;
      const progress = afterParts(2, () => process.kill(processId, 'SIGKILL'));
      await copyFiles(request(world, ledger, { source: connectSource({ readsBlocks }), progress }));
      await expectProven(ledger);
      const restarted = await hdfs.restartDataNode(2);
      hdfs = { ...hdfs, dataNodes: [hdfs.dataNodes[0]!, restarted] };
    });
  });

  it('goes on at the other NameNode when the active one changes, in order or by a kill', async () => {
    await createFiles();
    const ledger = await planned();
    // Slow enough not to end before the changes do.
    const rate = new RateLimit(MIB / 2);
    const connected = connectSource({ readsBlocks: true });
    const source = rateLimitedSource(connected, rate);
    const changes = Promise.withResolvers<void>();
    const change = async (): Promise<void> => {
      await hdfs.haAdmin('-failover', 'nn1', 'nn2');
      process.kill(hdfs.nameNodes[1]!.processId, 'SIGKILL');
      const asked = connected.findEntry(hdfsPath('/'));
      await sleep(1000);
      await hdfs.haAdmin('-transitionToActive', '--forceactive', 'nn1');
      expect(await asked).toMatchObject({ kind: 'directory' });
      expect(events).toContainEqual(expect.objectContaining({ kind: 'retry' }));
      rate.bytesPerSecond = undefined;
    };
    const progress = afterParts(2, () => void change().then(changes.resolve, changes.reject));
    await Promise.all([copyFiles(request(world, ledger, { source, progress })), changes.promise]);
    await expectProven(ledger);
  });

  describe('with a delegation token that expires', () => {
    let token: string;
    let ledger: Ledger;
    let rate: RateLimit;
    let source: SourceFileSystem;
    const fetchToken = async (): Promise<void> => {
      const authentication = { kind: 'user', user: 'hdfs' } as const;
      const client = new WebHdfsClient({ nameNodes: [hdfs.httpFsUrl], authentication });
      clients.push(client);
      token = await client.getDelegationToken('hdfs');
    };
    beforeEach(async () => {
      await createFiles();
      ledger = await planned();
      rate = new RateLimit(2 * MIB);
      const authentication = { kind: 'delegation-token', token: () => token } as const;
      source = rateLimitedSource(connectSource({ nameNodes: [hdfs.httpFsUrl], authentication }), rate);
      await fetchToken();
    });

    it('goes on with those that replace it', async () => {
      const first = token;
      const timer = setInterval(() => void fetchToken(), TOKEN_LIFE_MS / 2);
      await copyFiles(request(world, ledger, { source })).finally(() => clearInterval(timer));
      await expectProven(ledger);
      const late = connectSource({
        nameNodes: [hdfs.httpFsUrl],
        authentication: { kind: 'delegation-token', token: () => first },
      });
      await expect(late.findEntry(hdfsPath('/'))).rejects.toMatchObject({ kind: 'denied' });
    });

    it('ends as denied where nobody replaces it, and goes on afterwards', async () => {
      const ended = await copyFiles(request(world, ledger, { source })).catch((error: unknown) => error);
      expect(ended).toMatchObject({ kind: 'denied', code: 'HDFS_DENIED' });
      expect(exitCodeOf(ended)).toBe(EXIT.denied);
      const done = Object.values(outcomes(ledger, RUN));
      expect(done.filter(({ status }) => status !== 'verified')).toEqual([]);
      expect(done.length).toBeLessThan(4);
      rate.bytesPerSecond = undefined;
      await fetchToken();
      await copyFiles(request(world, ledger, { source }));
      await expectProven(ledger);
    });
  });

  describe('that keeps files otherwise than others do', () => {
    const within = async (directory: string, prepare: () => Promise<unknown>): Promise<CopyWorld> => {
      await world.writer.makeDirectories(directory);
      await prepare();
      return { ...world, directory };
    };
    const expectWeaker = async (why: RegExp): Promise<void> => {
      for (const name of ['a', 'bb']) await create(name);
      for (const [rereadUnproven, proof] of [
        [false, 'target-only'],
        [true, 'reread'],
      ] as const) {
        const ledger = await planned();
        await copyFiles(request(world, ledger, { source: connectSource({ readsBlocks: true }), rereadUnproven }));
        await expectProven(ledger, proof);
        for (const { message } of Object.values(outcomes(ledger, RUN))) expect(message).toMatch(why);
      }
    };

    it('proves files of the old CRC32 from end to end, over HTTP and from data ports', async () => {
      const directory = `/old-${randomUUID()}`;
      world = await within(directory, async () => {
        for (const name of ['a', 'bb']) await writeFile(join(folder, name), bytesOf(FILE_BYTES, name.length));
        const settings = ['-D', 'dfs.checksum.type=CRC32', '-D', `dfs.blocksize=${BLOCK_BYTES}`];
        const local = ['a', 'bb'].map((name) => join(folder, name));
        await hdfs.run('org.apache.hadoop.fs.FsShell', ...settings, '-put', ...local, directory);
      });
      for (const readsBlocks of [false, true]) {
        const ledger = await planned();
        await copyFiles(request(world, ledger, { source: connectSource({ readsBlocks }) }));
        await expectProven(ledger, 'end-to-end');
        for (const { sourceChecksum } of Object.values(outcomes(ledger, RUN)))
          expect(sourceChecksum).toMatch(/^MD5-of-4096MD5-of-512CRC32:/);
      }
    });

    it('copies erasure-coded files, says that their checksum could not be compared, and compares it where HttpFS gives one of the content', async () => {
      const directory = `/coded-${randomUUID()}`;
      const admin = (...args: string[]) => hdfs.run('org.apache.hadoop.hdfs.tools.ECAdmin', ...args);
      world = await within(directory, async () => {
        await admin('-enablePolicy', '-policy', 'XOR-2-1-1024k');
        await admin('-setPolicy', '-path', directory, '-policy', 'XOR-2-1-1024k');
      });
      await expectWeaker(/erasure-coded/);
      // Where an HttpFS is set to give the CRC of the content, it is compared.
      for (const name of ['a', 'bb']) await world.writer.delete(`${directory}/${name}`);
      for (const name of ['ccc', 'dddd']) await create(name);
      const ledger = await planned();
      await copyFiles(request(world, ledger, { source: connectSource({ nameNodes: [hdfs.httpFsUrl] }) }));
      await expectProven(ledger, 'end-to-end');
      for (const { sourceChecksum } of Object.values(outcomes(ledger, RUN)))
        expect(sourceChecksum).toMatch(/^COMPOSITE-CRC32C:/);
    });

    it('copies the plain text of an encryption zone, and says that its checksum covers the ciphertext', async () => {
      const directory = `/zone-${randomUUID()}`;
      const crypto = 'org.apache.hadoop.hdfs.tools.CryptoAdmin';
      world = await within(directory, () =>
        hdfs.run(crypto, '-createZone', '-keyName', ENCRYPTION_KEY, '-path', directory),
      );
      await expectWeaker(/encryption zone/);
    });
  });
});
