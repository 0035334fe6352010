import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listedLayout } from '../../src/domain/checksum/block-layout.ts';
import { CHUNK_BYTES, crcOf } from '../../src/domain/checksum/crc.ts';
import { formatHdfsChecksum } from '../../src/domain/checksum/hdfs-checksum.ts';
import { HdfsFileHash } from '../../src/domain/checksum/hdfs-file-hash.ts';
import { hdfsPath, type HdfsPath } from '../../src/domain/names.ts';
import { isLakeliftError } from '../../src/errors.ts';
import { WebHdfsWriter } from '../../src/hdfs-webhdfs-client/index.ts';
import type { SourceEntry, SourceFileSystem } from '../../src/ports/source-file-system.ts';
import { ODD_NAMES } from './odd-hdfs-names.ts';
import { leaveOpenForWrite } from './open-for-write.ts';

export interface SourceWorld {
  readonly source: SourceFileSystem;
  /** The same files as another user, who owns nothing. */
  readonly stranger: SourceFileSystem;
  /** Where files are made, by whom. */
  readonly url: string;
  readonly superuser: string;
  close(): Promise<void>;
}

const BLOCK_BYTES = 1536;

/** What every source of files must do, shown on the sandbox and on real servers alike. */
export function describeSourceFileSystem(open: () => Promise<SourceWorld>): void {
  let world: SourceWorld;
  let source: SourceFileSystem;
  let writer: WebHdfsWriter;
  const home = `/source-${randomUUID()}`;
  const at = (name: string) => hdfsPath(`${home}/${name}`);

  beforeAll(async () => {
    world = await open();
    source = world.source;
    writer = new WebHdfsWriter({
      nameNodes: [world.url],
      authentication: { kind: 'user', user: world.superuser },
    });
    await writer.makeDirectories(home);
  });
  afterAll(async () => {
    await writer.delete(home, { recursive: true });
    writer.close();
    await world.close();
  });

  const create = async (name: string, sizeBytes: number) => {
    const body = randomBytes(sizeBytes);
    await writer.create(at(name), body, { blockSizeBytes: BLOCK_BYTES });
    return body;
  };
  const fileAt = (path: HdfsPath) => ({ path, isEncrypted: false, isErasureCoded: false });
  const read = async (name: string, offset: number, length: number, from = source) => {
    const target = Buffer.alloc(length);
    await from.readRange(fileAt(at(name)), { offset, length }, target);
    return target;
  };
  const set = async (name: string, op: string, query: Readonly<Record<string, string>>): Promise<void> => {
    const parameters = new URLSearchParams({ op, 'user.name': world.superuser, ...query });
    const answer = await fetch(`${world.url}/webhdfs/v1${at(name)}?${parameters}`, { method: 'PUT' });
    expect(answer.ok, await answer.text()).toBe(true);
  };

  describe('rights on folders', () => {
    it('are those of owner, group and others', async () => {
      await writer.makeDirectories(at('rights'));
      await set('rights', 'SETPERMISSION', { permission: '1750' });
      await set('rights', 'SETOWNER', { owner: 'anna', group: 'rh' });
      expect(await source.findAccess(at('rights'))).toEqual({
        path: at('rights'),
        owner: 'anna',
        ownerBits: 'rwx',
        users: {},
        groups: { rh: 'r-x' },
        otherBits: '---',
      });
      expect(await source.findAccess(at('no rights'))).toBeUndefined();
    });

    it('are those that the ACL names, as far as its mask lets them, and not those of what is made below', async () => {
      await writer.makeDirectories(at('acl'));
      await set('acl', 'SETOWNER', { owner: 'anna', group: 'rh' });
      const spec =
        'user::rwx,user:paul:rwx,user:eve:---,group::rwx,group:paie:r-x,mask::r-x,other::--x,default:user:zoe:rwx';
      await set('acl', 'SETACL', { aclspec: spec });
      expect(await source.findAccess(at('acl'))).toEqual({
        path: at('acl'),
        owner: 'anna',
        ownerBits: 'rwx',
        users: { paul: 'r-x', eve: '---' },
        groups: { rh: 'r-x', paie: 'r-x' },
        otherBits: '--x',
      });
    });
  });

  const pathOf = (entry: SourceEntry): string =>
    entry.kind === 'file' ? entry.file.path : entry.kind === 'directory' ? entry.directory.path : entry.symlink.path;
  const list = (name: string, from = source) => Array.fromAsync(from.listDirectory(at(name)));
  const errorOf = async (work: Promise<unknown>, path: string) => {
    const error = await work.then(
      () => new Error('it succeeded'),
      (thrown: unknown) => thrown,
    );
    if (!isLakeliftError(error)) throw error;
    expect(error.hint).toBeTruthy();
    expect(error.subject).toBe(path);
    return `${error.kind} ${error.code}`;
  };

  it('finds files and directories with what identifies them, and nothing where nothing is', async () => {
    await create('found/file', 3000);
    await writer.setPermission(at('found/file'), '640');
    const entry = await source.findEntry(at('found/file'));
    expect(entry).toMatchObject({
      kind: 'file',
      file: {
        path: at('found/file'),
        sizeBytes: 3000,
        blockSizeBytes: BLOCK_BYTES,
        owner: world.superuser,
        permission: '640',
        isEncrypted: false,
        isErasureCoded: false,
      },
    });
    if (entry?.kind !== 'file') throw new Error('not a file');
    expect(typeof entry.file.fileId).toBe('bigint');
    expect(Math.abs(entry.file.modifiedAtMs - Date.now())).toBeLessThan(60_000);
    expect(await source.findEntry(at('found'))).toMatchObject({ kind: 'directory', directory: { path: at('found') } });
    expect(await source.findEntry(at('absent'))).toBeUndefined();
    expect(await source.findEntry(at('found/file/below'))).toBeUndefined();
  });

  it('lists more entries than a page holds, and the same of each as when it is found', async () => {
    const names = Array.from({ length: 130 }, (_, index) => `d${index}`);
    await Promise.all(names.map((name) => writer.makeDirectories(at(`pages/${name}`))));
    await create('pages/file', 10);
    const entries = await list('pages');
    expect(entries.map(pathOf).toSorted()).toEqual([...names, 'file'].map((name) => at(`pages/${name}`)).toSorted());
    expect(entries.find(({ kind }) => kind === 'file')).toEqual(await source.findEntry(at('pages/file')));
  });

  it('keeps every name as it is', async () => {
    await Promise.all(ODD_NAMES.map((name) => writer.create(at(`odd/${name}`), Buffer.from(name))));
    expect((await list('odd')).map(pathOf).toSorted()).toEqual(ODD_NAMES.map((name) => at(`odd/${name}`)).toSorted());
    for (const name of ODD_NAMES) expect(String(await read(`odd/${name}`, 0, Buffer.byteLength(name)))).toBe(name);
  });

  it('reads ranges across blocks, and proves them by the checksum of the cluster', async () => {
    const body = await create('proven', 10_000);
    expect((await read('proven', 1000, 7777)).equals(body.subarray(1000, 8777))).toBe(true);
    expect(await source.listBlockSizes(at('proven'))).toEqual([1536, 1536, 1536, 1536, 1536, 1536, 784]);
    expect(await source.findChecksum(at('proven'))).toEqual(hashOf(body, await source.listBlockSizes(at('proven'))));
  });

  it('knows the irregular blocks of a concatenated file, which its checksum follows', async () => {
    const body = Buffer.concat([await create('joined/a', 700), await create('joined/b', 5000)]);
    await writer.concat(at('joined/a'), [at('joined/b')]);
    expect(await source.listBlockSizes(at('joined/a'))).toEqual([700, 1536, 1536, 1536, 392]);
    expect(await source.findChecksum(at('joined/a'))).toEqual(hashOf(body, [700, 1536, 1536, 1536, 392]));
  });

  it('has a checksum and no blocks for an empty file', async () => {
    await create('empty', 0);
    expect(await source.listBlockSizes(at('empty'))).toEqual([]);
    const checksum = (await source.findChecksum(at('empty')))!;
    expect(formatHdfsChecksum(checksum)).toBe('MD5-of-0MD5-of-0CRC32:70bc8f4b72a86921468bf8e8441dce51');
    await source.readRange(fileAt(at('empty')), { offset: 0, length: 0 }, new Uint8Array(0));
  });

  it('gives totals', async () => {
    await create('totals/a', 7);
    await create('totals/b/c', 8);
    expect(await source.getContentSummary(at('totals'))).toMatchObject({
      sizeBytes: 15n,
      fileCount: 2n,
      directoryCount: 2n,
    });
  });

  it('refuses a buffer that is not as long as its range', async () => {
    await create('buffer', 10);
    const work = source.readRange(fileAt(at('buffer')), { offset: 0, length: 10 }, new Uint8Array(9));
    await expect(work).rejects.toThrow(RangeError);
  });

  it('says corrupt, or refuses, where a file is shorter than it was: never fewer bytes, never "try again"', async () => {
    await create('shrunk', 100);
    expect(await errorOf(read('shrunk', 90, 20), at('shrunk'))).toBe('corrupt HDFS_CORRUPT');
    expect(await errorOf(read('shrunk', 500, 20), at('shrunk'))).toMatch(/HDFS_(CORRUPT|REFUSED)$/);
  });

  it('says not-found', async () => {
    const path = at('absent');
    const notFound = 'not-found HDFS_NOT_FOUND';
    expect(await errorOf(list('absent'), path)).toBe(notFound);
    expect(await errorOf(read('absent', 0, 1), path)).toBe(notFound);
    expect(await errorOf(source.findChecksum(path), path)).toBe(notFound);
    expect(await errorOf(source.listBlockSizes(path), path)).toBe(notFound);
    expect(await errorOf(source.getContentSummary(path), path)).toBe(notFound);
  });

  it('says denied, and never that nothing is there', async () => {
    await create('secret/file', 10);
    await writer.setPermission(at('secret'), '700');
    const { stranger } = world;
    const denied = 'denied HDFS_DENIED';
    expect(await errorOf(stranger.findEntry(at('secret/file')), at('secret/file'))).toBe(denied);
    expect(await errorOf(list('secret', stranger), at('secret'))).toBe(denied);
    expect(await errorOf(read('secret/file', 0, 1, stranger), at('secret/file'))).toBe(denied);
    expect(await errorOf(stranger.findChecksum(at('secret/file')), at('secret/file'))).toBe(denied);
    expect(await errorOf(stranger.getContentSummary(at('secret')), at('secret'))).toBe(denied);
  });

  it('says what a file is that is open for write', async () => {
    const release = await leaveOpenForWrite({ ...world, path: at('open') });
    expect(await errorOf(source.findChecksum(at('open')), at('open'))).toBe('unsupported HDFS_OPEN_FOR_WRITE');
    release();
  });

  it('says unsupported of a path that HDFS cannot have', async () => {
    const path = hdfsPath('/a/../b');
    expect(await errorOf(source.getContentSummary(path), path)).toBe('unsupported HDFS_PATH');
  });

  describe('with a signal', () => {
    it('rejects with its reason, whatever is asked', async () => {
      await create('aborted', 10);
      const reason = new Error('enough');
      const signal = AbortSignal.abort(reason);
      const path = at('aborted');
      const asked = [
        source.findEntry(path, signal),
        Array.fromAsync(source.listDirectory(path, signal)),
        source.readRange(fileAt(path), { offset: 0, length: 10 }, new Uint8Array(10), signal),
        source.findChecksum(path, signal),
        source.listBlockSizes(path, signal),
        source.getContentSummary(path, signal),
      ];
      for (const work of await Promise.allSettled(asked)) expect(work).toEqual({ status: 'rejected', reason });
    });
  });
}

function hashOf(body: Uint8Array, blockSizes: readonly number[]) {
  const hash = new HdfsFileHash(listedLayout(blockSizes), 'CRC32C');
  let offset = 0;
  for (const sizeBytes of blockSizes) {
    const chunkCrcs = new Uint8Array(Math.ceil(sizeBytes / CHUNK_BYTES) * 4);
    crcOf('CRC32C').sumChunks(body.subarray(offset, (offset += sizeBytes)), chunkCrcs);
    hash.append(chunkCrcs);
  }
  return hash.digest();
}
