import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crcOf, crcToBase64 } from '../../../src/domain/checksum/crc.ts';
import type { TargetObjectStore } from '../../../src/ports/target-object-store.ts';
import type { BlockFault } from '../../../src/sandbox/webhdfs/data-ports.ts';
import type { FileFlags } from '../../../src/sandbox/webhdfs/nodes.ts';
import { storeCheck } from '../../../src/steps/copy/store-compares.ts';
import {
  addressOf,
  bytesOf,
  connect,
  copyDirectory,
  itemsOf,
  MIB,
  objectBytes,
  openSandboxWorld,
  openUploads,
  type SandboxCopyWorld,
} from './copy-world.ts';

const SIZES = { small: 5000, whole: 3 * MIB + 700, parts: 11 * MIB + 77 };
type Name = keyof typeof SIZES;

describe.each([
  ['one thread', 0],
  ['three threads', 2],
])('A copy from the blocks of DataNodes by %s', (_threads, threads) => {
  let world: SandboxCopyWorld;
  /** What the NameNode was asked, and which DataNodes for blocks. */
  let asked: string[];
  let reads: number[];
  beforeEach(async () => {
    world = await openSandboxWorld({ dataPorts: 2, threads });
    asked = [];
    reads = [];
    world.sourceFault = ({ server, operation }) => void (server === 'namenode' && asked.push(operation));
    fault(() => undefined);
    writeFiles();
  });
  afterEach(() => world.close());

  const writeFiles = (flags: FileFlags = {}): void => {
    for (const name of Object.keys(SIZES) as Name[])
      world.fileSystem.writeFile(`${world.directory}/${name}`, bytesOf(SIZES[name]), { blockSizeBytes: MIB, flags });
  };
  const fault = (of: (dataNode: number) => BlockFault | undefined): void => {
    world.blockFault = ({ dataNode }) => {
      reads.push(dataNode);
      return of(dataNode);
    };
  };
  const expectAllProven = async (copied: Awaited<ReturnType<typeof copyDirectory>>): Promise<void> => {
    for (const name of Object.keys(SIZES) as Name[]) {
      expect(copied[name], name).toMatchObject({ status: 'verified', proof: 'end-to-end' });
      expect((await objectBytes(world, name)).equals(bytesOf(SIZES[name])), name).toBe(true);
    }
    expect(await openUploads(world)).toEqual([]);
  };
  const count = (operation: string): number => asked.filter((op) => op === operation).length;

  it('asks nobody for bytes over HTTP, nor for the checksum of files of one part', async () => {
    await expectAllProven(await copyDirectory(world));
    expect(count('OPEN')).toBe(0);
    expect(count('GETFILECHECKSUM')).toBe(1);
    expect(new Set(reads)).toEqual(new Set([0, 1]));
  });

  it('names the very checksum that HDFS gives', async () => {
    const overBlocks = await copyDirectory(world);
    const overHttp = await openSandboxWorld();
    for (const name of Object.keys(SIZES) as Name[])
      overHttp.fileSystem.writeFile(`${overHttp.directory}/${name}`, bytesOf(SIZES[name]), { blockSizeBytes: MIB });
    const expected = await copyDirectory(overHttp);
    for (const name of Object.keys(SIZES) as Name[])
      expect(overBlocks[name]!.sourceChecksum).toBe(expected[name]!.sourceChecksum);
    await overHttp.close();
  });

  it('finds a bit that has rotted on one disk, by the refusal of the store, and reads the other replica', async () => {
    fault((dataNode) => (dataNode === 0 ? { kind: 'rotten', atByte: 4000 } : undefined));
    await expectAllProven(await copyDirectory(world));
  });

  it('proves files of the old CRC32 from end to end, and finds what has rotted in them', async () => {
    writeFiles({ isOldCrc: true });
    fault((dataNode) => (dataNode === 0 ? { kind: 'rotten', atByte: 4000 } : undefined));
    const copied = await copyDirectory(world);
    await expectAllProven(copied);
    for (const { sourceChecksum } of Object.values(copied)) expect(sourceChecksum).toMatch(/CRC32:/);
  });

  it('finds a rotten bit also where HDFS has no checksum of the file to give', async () => {
    const options = { blockSizeBytes: MIB, flags: { hasNoChecksum: true } };
    world.fileSystem.writeFile(`${world.directory}/mixed`, bytesOf(SIZES.parts), options);
    fault((dataNode) => (dataNode === 0 ? { kind: 'rotten', atByte: 4000 } : undefined));
    const copied = await copyDirectory(world);
    expect(copied['mixed']).toMatchObject({ status: 'verified', proof: 'target-only' });
    expect((await objectBytes(world, 'mixed')).equals(bytesOf(SIZES.parts))).toBe(true);
  });

  it('reads over HTTP, where the DataNode compares, what comes without sums to compare with', async () => {
    const [item] = (await itemsOf(world)).filter(({ id }) => id.endsWith('/whole'));
    const body = new Uint8Array(1000);
    expect(await world.source.readRange(item!.source, { offset: 700, length: 1000 }, body)).toBeUndefined();
    expect(Buffer.from(body).equals(bytesOf(SIZES.whole).subarray(700, 1700))).toBe(true);
    expect(count('OPEN')).toBe(1);
  });

  it('makes no object of bytes that have rotted on every disk', async () => {
    fault(() => ({ kind: 'rotten', atByte: 4000 }));
    // The DataNode itself compares over HTTP, and refuses; the sandbox's has nothing to compare with.
    world.sourceFault = ({ operation }) => (operation === 'OPEN' ? { kind: 'flip-bit', afterBytes: 4000 } : undefined);
    const copied = await copyDirectory(world);
    for (const name of Object.keys(SIZES) as Name[]) {
      expect(copied[name], name).toMatchObject({ status: 'failed' });
      expect(copied[name]!.errorCode).toMatch(/^(SOURCE_CHECKSUM_MISMATCH|TARGET_REFUSES_PART|S3_CORRUPT)$/);
    }
    expect(await openUploads(world)).toEqual([]);
  });

  it.each<[string, BlockFault]>([
    ['ends in the middle', { kind: 'cut', afterBytes: 3000 }],
    ['refuses', { kind: 'refuse', message: 'Replica not found' }],
    ['closes without a word, wanting SASL', { kind: 'close' }],
  ])('reads from another DataNode when one %s', async (_, trouble) => {
    fault((dataNode) => (dataNode === 0 ? trouble : undefined));
    await expectAllProven(await copyDirectory(world));
    expect(count('OPEN')).toBe(0);
  });

  it.each<[string, BlockFault, boolean]>([
    ['less when a DataNode that has served hangs up in the middle', { kind: 'cut', afterBytes: 3000 }, true],
    ['less when one that has served hangs up without a word', { kind: 'close' }, true],
    ['as much when one refuses a block', { kind: 'refuse', message: 'Replica not found' }, false],
  ])('does %s', async (_, trouble, isLess) => {
    let pressure = 0;
    const { source, target } = connect(world.connections, () => pressure++);
    await expectAllProven(await copyDirectory(world, { source }));
    expect([pressure, new Set(reads)]).toEqual([0, new Set([0, 1])]);
    writeFiles();
    fault((dataNode) => (dataNode === 0 ? trouble : undefined));
    await expectAllProven(await copyDirectory(world, { source }));
    expect(pressure > 0).toBe(isLess);
    target.close();
  });

  it('reads over HTTP when no DataNode gives out blocks, and soon stops trying', async () => {
    fault(() => ({ kind: 'close' }));
    await expectAllProven(await copyDirectory(world));
    expect(count('OPEN')).toBeGreaterThan(0);
    reads.length = 0;
    world.fileSystem.writeFile(`${world.directory}/later`, bytesOf(100));
    expect((await copyDirectory(world))['later']).toMatchObject({ status: 'verified', proof: 'end-to-end' });
    expect(reads).toEqual([]);
  });

  it('never reads the blocks of encrypted files, which hold ciphertext, nor of erasure-coded ones', async () => {
    for (const flag of ['isEncrypted', 'isErasureCoded'] as const)
      world.fileSystem.writeFile(`${world.directory}/${flag}`, bytesOf(800), { flags: { [flag]: true } });
    reads.length = 0;
    const before = await copyDirectory(world);
    expect(before['isEncrypted']).toMatchObject({ status: 'verified', proof: 'target-only' });
    expect(before['isErasureCoded']).toMatchObject({ status: 'verified', proof: 'target-only' });
    expect(count('OPEN')).toBe(2);
  });

  it('says of a file that is being written what is said over HTTP', async () => {
    world.fileSystem.writeFile(`${world.directory}/open`, bytesOf(800), { flags: { isUnderConstruction: true } });
    const copied = await copyDirectory(world);
    expect(copied['open']).toMatchObject({ status: 'failed', errorCode: 'HDFS_OPEN_FOR_WRITE' });
  });

  it('sums the bytes itself where the store accepts a wrong CRC32C, and finds the rotten bit alone', async () => {
    let probes = 0;
    const credulous: TargetObjectStore = {
      ...world.target,
      uploadPart: async (part, signal) => {
        if (crcToBase64(crcOf('CRC32C').sum(part.body)) === part.crc32c) return world.target.uploadPart(part, signal);
        probes++;
        const { partNumber, crc32c, body } = part;
        return { partNumber, crc32c, etag: '"accepted"', sizeBytes: body.length };
      },
    };
    fault((dataNode) => (dataNode === 0 ? { kind: 'rotten', atByte: 4000 } : undefined));
    await expectAllProven(await copyDirectory({ ...world, target: credulous }));
    expect(probes).toBe(1);
  });

  it('leaves no upload open when it is interrupted while it finds out whether the store compares', async () => {
    const stop = new AbortController();
    const interrupted: TargetObjectStore = {
      ...world.target,
      uploadPart: async () => {
        stop.abort(new Error('Ctrl-C'));
        throw stop.signal.reason as Error;
      },
    };
    const compares = storeCheck(interrupted, stop.signal);
    await expect(compares(addressOf(world, 'parts'))).rejects.toThrow('Ctrl-C');
    expect(await openUploads(world)).toEqual([]);
  });
});
