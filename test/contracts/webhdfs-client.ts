import { randomBytes, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listedLayout } from '../../src/domain/checksum/block-layout.ts';
import { CHUNK_BYTES, crcOf } from '../../src/domain/checksum/crc.ts';
import { HdfsFileHash } from '../../src/domain/checksum/hdfs-file-hash.ts';
import {
  WebHdfsClient,
  WebHdfsError,
  WebHdfsWriter,
  type Authentication,
} from '../../src/hdfs-webhdfs-client/index.ts';
import { ODD_NAMES } from './odd-hdfs-names.ts';
import { leaveOpenForWrite } from './open-for-write.ts';

export interface WebHdfsWorld {
  /** A NameNode or an HttpFS server. */
  readonly url: string;
  readonly superuser: string;
  /** A NameNode without Kerberos gives, renews and cancels tokens, but does not look at those that it is shown. */
  readonly checksTokens: boolean;
  /** HttpFS only compares snapshots that have names. */
  readonly comparesWithNow: boolean;
  close(): Promise<void>;
}

/** Odd on purpose: what HDFS allows is a multiple of 512 from 1024 on. */
const BLOCK_BYTES = 1536;

/** What the library does on every server, shown on the sandbox, a real NameNode and a real HttpFS alike. */
export function describeWebHdfsClient(open: () => Promise<WebHdfsWorld>): void {
  let world: WebHdfsWorld;
  let client: WebHdfsClient;
  let writer: WebHdfsWriter;
  const home = `/contract-${randomUUID()}`;
  const at = (name: string): string => `${home}/${name}`;
  const connect = (authentication: Authentication) => new WebHdfsClient({ nameNodes: [world.url], authentication });

  beforeAll(async () => {
    world = await open();
    const authentication: Authentication = { kind: 'user', user: world.superuser };
    client = connect(authentication);
    writer = new WebHdfsWriter({ nameNodes: [world.url], authentication });
    await writer.makeDirectories(home);
  });
  afterAll(async () => {
    await writer.delete(home, { recursive: true });
    client.close();
    writer.close();
    await world.close();
  });

  const create = async (name: string, sizeBytes: number, blockSizeBytes = BLOCK_BYTES) => {
    const body = randomBytes(sizeBytes);
    await writer.create(at(name), body, { blockSizeBytes });
    return body;
  };
  const read = async (path: string, offset: number, length: number) => {
    const target = Buffer.alloc(length);
    await client.readRangeInto(path, { offset, length }, target);
    return target;
  };
  const failureOf = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => new Error('it succeeded'),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof WebHdfsError)) throw error;
    return error.failure;
  };
  const namesIn = async (path: string) =>
    (await Array.fromAsync(client.list(path))).map((entry) => entry.path.slice(path.length + 1));
  const blockSizesOf = async (path: string) => (await client.getBlockLocations(path)).map(({ sizeBytes }) => sizeBytes);
  /** The checksum computed from the bytes and the blocks, by the code that proves copies. */
  const computedChecksum = async (path: string, body: Uint8Array) => {
    const crcs = (await blockSizesOf(path)).reduce<{ done: number; all: Uint8Array[] }>(
      ({ done, all }, sizeBytes) => {
        const chunkCrcs = new Uint8Array(Math.ceil(sizeBytes / CHUNK_BYTES) * 4);
        crcOf('CRC32C').sumChunks(body.subarray(done, done + sizeBytes), chunkCrcs);
        return { done: done + sizeBytes, all: [...all, chunkCrcs] };
      },
      { done: 0, all: [] },
    );
    const hash = new HdfsFileHash(listedLayout(await blockSizesOf(path)), 'CRC32C');
    for (const chunkCrcs of crcs.all) hash.append(chunkCrcs);
    return hash.digest();
  };

  describe('listing', () => {
    it('lists a directory of several pages completely, once, and ordered by signed bytes as a NameNode does', async () => {
      const names = Array.from({ length: 250 }, (_, index) => `dir-${index}`);
      names.push('Zebra', 'é-first', 'Ω', '~last');
      for (let from = 0; from < names.length; from += 25)
        await Promise.all(names.slice(from, from + 25).map((name) => writer.makeDirectories(at(`many/${name}`))));
      const signed = (a: string, b: string): number => {
        const [x, y] = [new Int8Array(Buffer.from(a)), new Int8Array(Buffer.from(b))];
        const index = x.findIndex((byte, i) => byte !== y[i]);
        return index === -1 ? x.length - y.length : x[index]! - (y[index] ?? -Infinity);
      };
      expect(await namesIn(at('many'))).toEqual(names.toSorted(signed));
    });

    it('goes on behind an entry that was deleted between two pages', async () => {
      for (let i = 100; i < 310; i++) await writer.makeDirectories(at(`moving/d${i}`));
      const seen: string[] = [];
      for await (const { path } of client.list(at('moving'))) {
        seen.push(path.slice(-4));
        if (seen.length === 100) await writer.delete(path);
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toContain('d309');
      expect(seen.length).toBe(210);
    });

    it('lists nothing in an empty directory, and a file as itself', async () => {
      await writer.makeDirectories(at('empty-directory'));
      expect(await namesIn(at('empty-directory'))).toEqual([]);
      await create('alone', 5);
      expect((await Array.fromAsync(client.list(at('alone')))).map(({ path }) => path)).toEqual([at('alone')]);
    });

    it('lists the root without a doubled slash', async () => {
      expect((await Array.fromAsync(client.list('/'))).map(({ path }) => path)).toContain(home);
    });

    it('gives the same status one by one as in a list', async () => {
      await create('status', 4000);
      const [listed] = await Array.fromAsync(client.list(at('status')));
      const status = await client.getStatus(at('status'));
      expect(listed).toEqual(status);
      expect(status).toMatchObject({
        type: 'FILE',
        sizeBytes: 4000,
        blockSizeBytes: BLOCK_BYTES,
        owner: world.superuser,
        isEncrypted: false,
        isErasureCoded: false,
      });
      expect(Math.abs(status.modifiedAtMs - Date.now())).toBeLessThan(60_000);
      expect((await client.getStatus(home)).type).toBe('DIRECTORY');
    });

    it('gives permissions in octal without leading zeros', async () => {
      await create('mode', 1);
      await writer.setPermission(at('mode'), '640');
      expect((await client.getStatus(at('mode'))).permission).toBe('640');
      await writer.setPermission(at('mode'), '000');
      expect((await client.getStatus(at('mode'))).permission).toBe('0');
    });

    it('identifies a file by an exact integer that a rename leaves alone and a replacement changes', async () => {
      await create('id', 1);
      const { fileId } = await client.getStatus(at('id'));
      expect(typeof fileId).toBe('bigint');
      await writer.rename(at('id'), at('renamed'));
      expect((await client.getStatus(at('renamed'))).fileId).toBe(fileId);
      await writer.create(at('renamed'), Buffer.from('x'), { overwrite: true });
      expect((await client.getStatus(at('renamed'))).fileId).not.toBe(fileId);
    });
  });

  describe('names', () => {
    it.each(ODD_NAMES)('writes, lists, reads and deletes "%s"', async (name) => {
      const directory = at(`names/${randomUUID()}`);
      const path = `${directory}/${name}`;
      const body = randomBytes(3000);
      await writer.create(path, body, { blockSizeBytes: BLOCK_BYTES });
      expect(await namesIn(directory)).toEqual([name]);
      expect((await read(path, 0, 3000)).equals(body)).toBe(true);
      expect(await client.findChecksum(path)).toEqual(await computedChecksum(path, body));
      await writer.makeDirectories(`${directory}/below/${name}/deeper`);
      expect(await namesIn(`${directory}/below/${name}`)).toEqual(['deeper']);
      expect(await writer.delete(path)).toBe(true);
      expect(await namesIn(directory)).toEqual(['below']);
    });

    it('keeps two spellings of one accent apart', async () => {
      const [composed, decomposed] = ['é', 'e\u0301'];
      await writer.create(at(`spellings/${composed}`), Buffer.from('composed'));
      await writer.create(at(`spellings/${decomposed}`), Buffer.from('decomposed'));
      expect((await namesIn(at('spellings'))).toSorted()).toEqual([composed, decomposed].toSorted());
      expect(String(await read(at(`spellings/${composed}`), 0, 8))).toBe('composed');
      expect(String(await read(at(`spellings/${decomposed}`), 0, 10))).toBe('decomposed');
    });

    it('refuses names that HDFS refuses, before asking', async () => {
      for (const path of ['relative', '/a//b', '/a/../b', '/a/./b', '/\ud800'])
        await expect(client.getStatus(path)).rejects.toThrow(RangeError);
    });
  });

  describe('bytes', () => {
    it('reads ranges inside a block, across blocks, and the whole of a file of many blocks', async () => {
      const body = await create('blocks', 10_000);
      for (const [start, end] of [
        [0, 1],
        [10, 500],
        [1535, 1537],
        [1000, 9000],
        [9999, 10_000],
        [0, 10_000],
      ] as const)
        expect((await read(at('blocks'), start, end - start)).equals(body.subarray(start, end))).toBe(true);
      expect((await buffer(await client.open(at('blocks')))).equals(body)).toBe(true);
      const some = await buffer(await client.open(at('blocks'), { offset: 1500, length: 3000 }));
      expect(some.equals(body.subarray(1500, 4500))).toBe(true);
    });

    it('fills a view of a larger buffer and nothing around it', async () => {
      const body = await create('view', 4096);
      const around = Buffer.alloc(5000, 7);
      await client.readRangeInto(at('view'), { offset: 96, length: 4000 }, around.subarray(500, 4500));
      expect(around.subarray(500, 4500).equals(body.subarray(96))).toBe(true);
      expect(around.subarray(0, 500).every((byte) => byte === 7)).toBe(true);
      expect(around.subarray(4500).every((byte) => byte === 7)).toBe(true);
    });

    it('reads a larger file by parallel ranges', async () => {
      const body = await create('large', 3_000_001, 1024 * 1024);
      const whole = Buffer.alloc(body.length);
      const starts = Array.from({ length: 12 }, (_, index) => index * 262_144).filter((start) => start < body.length);
      await Promise.all(
        starts.map((offset) => {
          const target = whole.subarray(offset, offset + 262_144);
          return client.readRangeInto(at('large'), { offset, length: target.length }, target);
        }),
      );
      expect(whole.equals(body)).toBe(true);
    });

    it('reads empty files', async () => {
      await create('empty', 0);
      expect((await buffer(await client.open(at('empty')))).length).toBe(0);
      await client.readRangeInto(at('empty'), { offset: 0, length: 0 }, new Uint8Array(0));
    });

    it('refuses ranges that reach beyond the end, wherever they begin, and asks for no repetition', async () => {
      await create('short', 100);
      expect(['corrupt', 'failed']).toContain(await failureOf(read(at('short'), 50, 51)));
      expect(['corrupt', 'failed']).toContain(await failureOf(read(at('short'), 100, 1)));
      expect(['corrupt', 'failed']).toContain(await failureOf(read(at('short'), 5000, 1)));
      await expect(client.open(at('short'), { offset: 50, length: 51 }).then(buffer)).rejects.toThrow(WebHdfsError);
    });

    it('refuses to overwrite unless told to', async () => {
      await create('once', 10);
      expect(await failureOf(create('once', 10))).toBe('conflict');
      await writer.create(at('once'), Buffer.from('new'), { overwrite: true });
      expect(String(await read(at('once'), 0, 3))).toBe('new');
    });
  });

  describe('blocks and checksums', () => {
    it.each([1, 511, 512, 513, BLOCK_BYTES, BLOCK_BYTES + 1, 2 * BLOCK_BYTES, 10_000, 40_000])(
      'checksums %i bytes as the proof of a copy computes it',
      async (sizeBytes) => {
        const body = await create(`sum-${sizeBytes}`, sizeBytes);
        const path = at(`sum-${sizeBytes}`);
        const checksum = await client.findChecksum(path);
        expect(checksum).toEqual(await computedChecksum(path, body));
        expect(checksum).toMatchObject({ bytesPerCrc: 512, crcPerBlock: sizeBytes > BLOCK_BYTES ? 3 : 0 });
      },
    );

    it('checksums an empty file', async () => {
      await create('sum-empty', 0);
      expect(await client.findChecksum(at('sum-empty'))).toEqual(
        await computedChecksum(at('sum-empty'), new Uint8Array(0)),
      );
      expect(await client.getBlockLocations(at('sum-empty'))).toEqual([]);
    });

    it('knows where the blocks of a file are', async () => {
      await create('located', 4000);
      const blocks = await client.getBlockLocations(at('located'));
      expect(blocks.map(({ offset, sizeBytes, isCorrupt }) => [offset, sizeBytes, isCorrupt])).toEqual([
        [0, 1536, false],
        [1536, 1536, false],
        [3072, 928, false],
      ]);
      for (const { hosts } of blocks) expect(hosts.length).toBeGreaterThan(0);
    });

    it('shows that an append fills the last block, and its checksum', async () => {
      const first = await create('appended', 2000);
      const second = randomBytes(3000);
      await writer.append(at('appended'), second);
      const body = Buffer.concat([first, second]);
      expect(await blockSizesOf(at('appended'))).toEqual([1536, 1536, 1536, 392]);
      expect((await read(at('appended'), 0, 5000)).equals(body)).toBe(true);
      expect(await client.findChecksum(at('appended'))).toEqual(await computedChecksum(at('appended'), body));
    });

    it('shows the irregular blocks of concatenated files, and their checksum', async () => {
      const bodies = [await create('concat/a', 2000), await create('concat/b', 700), await create('concat/c', 1636)];
      await writer.concat(at('concat/a'), [at('concat/b'), at('concat/c')]);
      const body = Buffer.concat(bodies);
      expect(await namesIn(at('concat'))).toEqual(['a']);
      expect(await blockSizesOf(at('concat/a'))).toEqual([1536, 464, 700, 1536, 100]);
      expect((await read(at('concat/a'), 1400, 2500)).equals(body.subarray(1400, 3900))).toBe(true);
      expect(await client.findChecksum(at('concat/a'))).toEqual(await computedChecksum(at('concat/a'), body));
    });

    it('refuses the checksum of a file that is open for write', async () => {
      const release = await leaveOpenForWrite({ ...world, path: at('open') });
      expect(await failureOf(client.findChecksum(at('open')))).toBe('failed');
      release();
    });

    it('adds up a directory', async () => {
      await create('summed/one', 100);
      await create('summed/below/two', 23);
      await writer.makeDirectories(at('summed/nothing'));
      expect(await client.getContentSummary(at('summed'))).toMatchObject({
        sizeBytes: 123n,
        fileCount: 2n,
        directoryCount: 3n,
      });
    });
  });

  describe('refusals', () => {
    it('says not-found of everything that is not there', async () => {
      const path = at('absent');
      expect(await failureOf(client.getStatus(path))).toBe('not-found');
      expect(await failureOf(Array.fromAsync(client.list(path)))).toBe('not-found');
      expect(await failureOf(client.getContentSummary(path))).toBe('not-found');
      expect(await failureOf(read(path, 0, 1))).toBe('not-found');
      expect(await failureOf(client.open(path))).toBe('not-found');
      expect(await failureOf(client.findChecksum(path))).toBe('not-found');
      expect(await failureOf(client.getBlockLocations(path))).toBe('not-found');
      expect(await writer.delete(path)).toBe(false);
    });

    it('says not-found of the bytes of a directory', async () => {
      expect(await failureOf(read(home, 0, 1))).toBe('not-found');
      expect(await failureOf(client.findChecksum(home))).toBe('not-found');
    });

    it('says denied to another user', async () => {
      await create('secret/file', 10);
      await writer.setPermission(at('secret/file'), '000');
      const stranger = connect({ kind: 'user', user: 'alice' });
      const refused = async (path: string) => [
        await failureOf(stranger.readRangeInto(path, { offset: 0, length: 1 }, new Uint8Array(1))),
        await failureOf(stranger.findChecksum(path)),
        await failureOf(stranger.getBlockLocations(path)),
      ];
      expect(await refused(at('secret/file'))).toEqual(['denied', 'denied', 'denied']);
      expect((await stranger.getStatus(at('secret/file'))).permission).toBe('0');
      await writer.setPermission(at('secret/file'), '644');
      await writer.setPermission(at('secret'), '700');
      expect(await refused(at('secret/file'))).toEqual(['denied', 'denied', 'denied']);
      expect(await failureOf(stranger.getStatus(at('secret/file')))).toBe('denied');
      expect(await failureOf(Array.fromAsync(stranger.list(at('secret'))))).toBe('denied');
      expect(await failureOf(stranger.getContentSummary(at('secret')))).toBe('denied');
      stranger.close();
    });

    it('deletes nothing that is not empty, unless told to', async () => {
      await create('full/file', 1);
      expect(await failureOf(writer.delete(at('full')))).toBe('conflict');
      expect(await writer.delete(at('full'), { recursive: true })).toBe(true);
    });

    it('says conflict of a rename onto something', async () => {
      await create('from', 1);
      await create('onto', 1);
      expect(await failureOf(writer.rename(at('from'), at('onto')))).toBe('conflict');
    });
  });

  describe('delegation tokens', () => {
    it('gets one, works with it, renews it, and is refused once it is cancelled', async () => {
      const body = await create('by-token', 4000);
      const token = await client.getDelegationToken(world.superuser);
      const holder = connect({ kind: 'delegation-token', token: () => token });
      const target = Buffer.alloc(4000);
      await holder.readRangeInto(at('by-token'), { offset: 0, length: 4000 }, target);
      expect(target.equals(body)).toBe(true);
      expect(await holder.findChecksum(at('by-token'))).toEqual(await client.findChecksum(at('by-token')));
      expect((await holder.getStatus(at('by-token'))).sizeBytes).toBe(4000);
      expect(await client.renewDelegationToken(token)).toBeGreaterThan(Date.now());
      await client.cancelDelegationToken(token);
      expect(await failureOf(client.renewDelegationToken(token))).toBe('denied');
      if (world.checksTokens) expect(await failureOf(holder.getStatus(at('by-token')))).toBe('denied');
      holder.close();
    });

    it('is refused with a token that nobody gave, by servers that look', async () => {
      const holder = connect({ kind: 'delegation-token', token: () => 'HAAEaGRmcwRoZGZzAIoBog' });
      if (world.checksTokens) expect(await failureOf(holder.getStatus(home))).toBe('denied');
      else expect((await holder.getStatus(home)).type).toBe('DIRECTORY');
      holder.close();
    });
  });

  describe('snapshots', () => {
    it('allows, creates, lists, compares and deletes them, and reads what they hold', async () => {
      const kept = await create('snap/kept', 2000);
      await create('snap/changed', 10);
      await create('snap/gone', 20);
      expect(await failureOf(writer.createSnapshot(at('snap'), 'early'))).toBe('failed');
      await writer.allowSnapshots(at('snap'));
      expect(await writer.createSnapshot(at('snap'), 'before')).toBe(at('snap/.snapshot/before'));
      await writer.delete(at('snap/gone'));
      await writer.append(at('snap/changed'), Buffer.from('more'));
      await create('snap/below/new', 5);
      await writer.rename(at('snap/kept'), at('snap/moved'));
      await writer.createSnapshot(at('snap'), 'after');
      expect(await client.listSnapshots(at('snap'))).toEqual(['after', 'before']);
      const changes = await client.diffSnapshots(at('snap'), { older: 'before', newer: 'after' });
      expect(
        new Set(changes.map(({ type, path, targetPath }) => `${type} ${path} ${targetPath ?? ''}`.trim())),
      ).toEqual(new Set(['MODIFY', 'DELETE gone', 'MODIFY changed', 'CREATE below', 'RENAME kept moved']));

      const frozen = at('snap/.snapshot/before');
      expect((await namesIn(frozen)).toSorted()).toEqual(['changed', 'gone', 'kept']);
      expect((await client.getStatus(`${frozen}/changed`)).sizeBytes).toBe(10);
      expect((await read(`${frozen}/kept`, 1000, 1000)).equals(kept.subarray(1000))).toBe(true);
      expect(await client.findChecksum(`${frozen}/kept`)).toEqual(await client.findChecksum(at('snap/moved')));
      expect((await client.getContentSummary(frozen)).sizeBytes).toBe(2030n);

      await writer.create(at('snap/later'), Buffer.from('x'));
      const sinceThen = client.diffSnapshots(at('snap'), { older: 'after', newer: '' });
      if (world.comparesWithNow)
        expect((await sinceThen).map(({ type, path }) => `${type} ${path}`.trim())).toContain('CREATE later');
      else expect(await failureOf(sinceThen)).toBe('unsupported');
      expect(await failureOf(client.diffSnapshots(at('snap'), { older: 'absent', newer: 'after' }))).toBe('failed');
      await writer.deleteSnapshot(at('snap'), 'before');
      expect(await failureOf(client.getStatus(frozen))).toBe('not-found');
      await writer.deleteSnapshot(at('snap'), 'after');
      expect(await client.listSnapshots(at('snap'))).toEqual([]);
    });

    it('keeps a directory that has snapshots from being deleted', async () => {
      await create('held/file', 1);
      await writer.allowSnapshots(at('held'));
      await writer.createSnapshot(at('held'), 's');
      expect(await failureOf(writer.delete(at('held'), { recursive: true }))).toBe('failed');
      expect(await failureOf(writer.disallowSnapshots(at('held')))).toBe('failed');
      await writer.deleteSnapshot(at('held'), 's');
      await writer.disallowSnapshots(at('held'));
      expect(await failureOf(writer.createSnapshot(at('held'), 't'))).toBe('failed');
      expect(await writer.delete(at('held'), { recursive: true })).toBe(true);
    });
  });
}
