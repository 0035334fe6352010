import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crcOf, crcToBase64 } from '../../../src/domain/checksum/crc.ts';
import type { RunId } from '../../../src/domain/names.ts';
import { LakeliftError } from '../../../src/errors.ts';
import type { SourceFileSystem } from '../../../src/ports/source-file-system.ts';
import type { Ledger } from '../../../src/ports/ledger.ts';
import type { TargetObjectStore } from '../../../src/ports/target-object-store.ts';
import { AdaptiveLimit } from '../../../src/resilience/adaptive-limit.ts';
import { copyFiles } from '../../../src/steps/copy/copy-files.ts';
import {
  addressOf,
  bytesOf,
  connect,
  copyDirectory,
  itemsOf,
  MIB,
  objectBytes,
  openLedger,
  openSandboxWorld,
  openUploads,
  outcomes,
  request,
  RUN,
  writePlan,
  type SandboxCopyWorld,
} from './copy-world.ts';

const LARGE = 11 * MIB + 77;
const SECOND_RUN = 'run-2' as RunId;

/** True the first `count` times. */
function times(count: number): () => boolean {
  let left = count;
  return () => left-- > 0;
}

describe('The copy in trouble', () => {
  let world: SandboxCopyWorld;
  beforeEach(async () => void (world = await openSandboxWorld()));
  afterEach(() => world.close());

  const create = (
    name: string,
    size: number,
    options: Parameters<SandboxCopyWorld['fileSystem']['writeFile']>[2] = {},
  ) => world.fileSystem.writeFile(`${world.directory}/${name}`, bytesOf(size), { blockSizeBytes: MIB, ...options });
  const expectCopied = async (name: string, size: number): Promise<void> =>
    expect((await objectBytes(world, name)).equals(bytesOf(size)), name).toBe(true);
  const expectNothing = async (name: string): Promise<void> => {
    expect(await world.target.findObject(addressOf(world, name))).toBeUndefined();
    expect(await openUploads(world)).toEqual([]);
  };
  /** The store as it is, but for some calls. */
  const altered = (changes: Partial<TargetObjectStore>): TargetObjectStore => {
    const calls = world.target as unknown as Record<string, (...values: unknown[]) => unknown>;
    const bound = Object.fromEntries(
      Object.keys(calls).map((name) => [name, (...values: unknown[]) => calls[name]!(...values)]),
    );
    return Object.assign(bound as unknown as TargetObjectStore, changes);
  };

  describe.each([
    ['a file of one part', 2 * MIB],
    ['a file of several parts', LARGE],
  ])('with %s', (_what, size) => {
    it('reads again when a bit was flipped on the way from the source', async () => {
      create('file', size);
      const once = times(1);
      world.sourceFault = ({ operation, server }) =>
        operation === 'OPEN' && server === 'datanode' && once() ? { kind: 'flip-bit', afterBytes: 1000 } : undefined;
      const { file } = await copyDirectory(world);
      expect(file).toMatchObject({ status: 'verified', proof: 'end-to-end' });
      expect(once()).toBe(false);
      await expectCopied('file', size);
      expect(await openUploads(world)).toEqual([]);
    });

    it('makes no object of bytes that stay wrong', async () => {
      create('file', size);
      world.sourceFault = ({ operation, server, offset }) =>
        operation === 'OPEN' && server === 'datanode' && offset === 0 ? { kind: 'flip-bit', afterBytes: 5 } : undefined;
      const { file } = await copyDirectory(world);
      expect(file).toMatchObject({ status: 'failed', errorCode: 'SOURCE_CHECKSUM_MISMATCH' });
      await expectNothing('file');
    });

    it('goes on when bodies end early and DataNodes reset connections', async () => {
      create('file', size);
      const often = times(6);
      world.sourceFault = ({ operation, server, offset }) => {
        if (operation !== 'OPEN' || server !== 'datanode' || !often()) return undefined;
        return offset % 2 === 0 ? { kind: 'cut', afterBytes: 70_000 } : { kind: 'reset' };
      };
      const { file } = await copyDirectory(world);
      expect(file).toMatchObject({ status: 'verified', proof: 'end-to-end' });
      await expectCopied('file', size);
    });

    it('sends again what the store refuses because a bit was flipped on the way there', async () => {
      create('file', size);
      const once = times(2);
      const flipped = (body: Uint8Array): Uint8Array => {
        const copy = Uint8Array.from(body);
        copy[copy.length >> 1]! ^= 4;
        return copy;
      };
      const target = altered({
        uploadPart: (part, signal) =>
          world.target.uploadPart(once() ? { ...part, body: flipped(part.body) } : part, signal),
        putObject: (put, signal) => world.target.putObject(once() ? { ...put, body: flipped(put.body) } : put, signal),
      });
      const { file } = await copyDirectory(world, { target });
      expect(file).toMatchObject({ status: 'verified', proof: 'end-to-end' });
      await expectCopied('file', size);
      expect(await openUploads(world)).toEqual([]);
    });

    it('recognises its own object when the answer to the last write was lost', async () => {
      create('file', size);
      const once = times(1);
      world.targetFault = ({ operation }) =>
        /^(PutObject|CompleteMultipartUpload)$/.test(operation) && once()
          ? { kind: 'lose-acknowledgement' }
          : undefined;
      const ledger = openLedger();
      const { file } = await copyDirectory(world, { ledger });
      expect(file).toMatchObject({ status: 'verified', proof: 'end-to-end' });
      expect(once()).toBe(false);
      await expectCopied('file', size);
      expect(await openUploads(world)).toEqual([]);
      expect([...ledger.listUploads()]).toEqual([]);
    });

    it('lives through a store that asks to slow down', async () => {
      create('file', size);
      let calls = 0;
      world.targetFault = () =>
        ++calls % 3 === 0
          ? undefined
          : { kind: 'error', status: 503, code: 'SlowDown', message: 'Reduce your request rate' };
      const { file } = await copyDirectory(world);
      expect(file?.status).toBe('verified');
      await expectCopied('file', size);
    });

    it('names a file that changes while it is read, and copies what it has become', async () => {
      create('file', size);
      const once = times(1);
      world.sourceFault = ({ operation, server, offset }) => {
        if (operation === 'OPEN' && server === 'datanode' && (offset > 0 || size < LARGE) && once())
          create('file', size + 1);
        return undefined;
      };
      const seen: string[] = [];
      const { file } = await copyDirectory(world, {
        progress: (event) => void (event.kind === 'item' && seen.push(event.outcome.status)),
      });
      expect(seen).toEqual(['source-moved', 'verified']);
      expect(file).toMatchObject({ status: 'verified', sizeBytes: size + 1 });
      await expectCopied('file', size + 1);
      expect(await openUploads(world)).toEqual([]);
    });

    it('says how little is proven in an encryption zone, unless both ends are read again', async () => {
      create('file', size, { flags: { isEncrypted: true } });
      const ledger = openLedger();
      const { file } = await copyDirectory(world, { ledger });
      expect(file).toMatchObject({ status: 'verified', proof: 'target-only' });
      expect(file?.message).toMatch(/^source-checksum-unavailable: .*encryption zone/);
      const again = await copyDirectory(world, { ledger, runId: SECOND_RUN, rereadUnproven: true });
      expect(again['file']).toMatchObject({ status: 'already-verified', proof: 'reread' });
      const object = await world.target.findObject(addressOf(world, 'file'));
      expect(object?.metadata['lakelift-source-checksum']).toBeUndefined();
      const adopted = await copyDirectory(world);
      expect(adopted['file']).toMatchObject({ proof: 'target-only' });
    });
  });

  it('leaves no upload open when a file is deleted while it is copied', async () => {
    create('file', LARGE);
    const ledger = openLedger();
    world.sourceFault = ({ operation, server, offset }) => {
      if (operation === 'OPEN' && server === 'datanode' && offset > 0)
        world.fileSystem.delete(`${world.directory}/file`);
      return undefined;
    };
    const { file } = await copyDirectory(world, { ledger });
    expect(file).toMatchObject({ status: 'source-moved', errorCode: 'SOURCE_MOVED' });
    await expectNothing('file');
    expect([...ledger.listUploads()]).toEqual([]);
  });

  it('proves erasure-coded and irregular files by the composite checksum of HttpFS, and says what is missing without', async () => {
    await world.close();
    world = await openSandboxWorld({ httpFsChecksum: 'composite' });
    create('coded', LARGE, { flags: { isErasureCoded: true } });
    create('empty', 0);
    create('first', 2 * MIB + 3);
    create('second', 4 * MIB + 5);
    world.fileSystem.concat(`${world.directory}/first`, [`${world.directory}/second`]);
    const { source } = connect({ ...world.connections, nameNode: world.connections.httpFs });
    for (const [name, outcome] of Object.entries(await copyDirectory(world, { source })))
      expect(outcome, name).toMatchObject({ status: 'verified', proof: 'end-to-end' });
    create('coded', LARGE + 1, { flags: { isErasureCoded: true } });
    const { coded } = await copyDirectory(world);
    expect(coded).toMatchObject({ status: 'verified', proof: 'target-only' });
    expect(coded?.message).toMatch(/erasure-coded; set dfs.checksum.combine.mode/);
  });

  it('proves files of the old CRC32 over HTTP, and reads again what was flipped on its way', async () => {
    const sizes = { small: 5000, blocks: 3 * MIB + 700, parts: LARGE };
    for (const [name, size] of Object.entries(sizes)) create(name, size, { flags: { isOldCrc: true } });
    const twice = times(2);
    world.sourceFault = ({ operation, server }) =>
      operation === 'OPEN' && server === 'datanode' && twice() ? { kind: 'flip-bit', afterBytes: 1000 } : undefined;
    const copied = await copyDirectory(world);
    for (const [name, size] of Object.entries(sizes)) {
      expect(copied[name], name).toMatchObject({ status: 'verified', proof: 'end-to-end' });
      expect(copied[name]!.sourceChecksum).toMatch(/CRC32:/);
      await expectCopied(name, size);
    }
  });

  it('finds on a second reading that the first one was damaged, where there is no checksum to tell', async () => {
    create('file', LARGE, { flags: { hasNoChecksum: true } });
    const once = times(1);
    world.sourceFault = ({ operation, server }) =>
      operation === 'OPEN' && server === 'datanode' && once() ? { kind: 'flip-bit', afterBytes: 9 } : undefined;
    const { file } = await copyDirectory(world, { rereadUnproven: true });
    expect(file).toMatchObject({ status: 'failed', errorCode: 'REREAD_SOURCE_DIFFERS' });
  });

  it('ends one file only when that file is refused, open for write, or not to be read', async () => {
    create('good', 1000);
    create('open', 1000, { flags: { isUnderConstruction: true } });
    create('secret', 1000, { permission: '600', owner: 'someone' });
    const source = new (
      await import('../../../src/adapters/webhdfs/webhdfs-source-file-system.ts')
    ).WebHdfsSourceFileSystem(
      new (await import('../../../src/hdfs-webhdfs-client/index.ts')).WebHdfsClient({
        nameNodes: [world.connections.nameNode],
        authentication: { kind: 'user', user: 'guest' },
      }),
    );
    const result = await copyDirectory(world, { source });
    expect(result['good']?.status).toBe('verified');
    expect(result['open']).toMatchObject({ status: 'failed', errorCode: 'HDFS_OPEN_FOR_WRITE' });
    expect(result['secret']).toMatchObject({ status: 'failed', errorCode: 'HDFS_DENIED' });
  });

  it('takes a file that is open for write while it is read, because it is being replaced, as it is afterwards', async () => {
    create('file', 1000);
    let isReplaced = false;
    const source: SourceFileSystem = {
      ...world.source,
      readRange: async (file, ...others) => {
        if (isReplaced) return world.source.readRange(file, ...others);
        isReplaced = true;
        create('file', 2000);
        throw new LakeliftError('open for write', { kind: 'unsupported', code: 'HDFS_OPEN_FOR_WRITE' });
      },
    };
    const { file } = await copyDirectory(world, { source });
    expect(file).toMatchObject({ status: 'verified', proof: 'end-to-end', sizeBytes: 2000 });
  });

  it('stops the run where the bucket denies writing, and marks no file as failed', async () => {
    await world.close();
    world = await openSandboxWorld({ denied: ['s3:PutObject'] });
    for (let i = 0; i < 20; i++) create(`f${i}`, 10);
    const ledger = openLedger();
    await expect(copyDirectory(world, { ledger })).rejects.toMatchObject({ kind: 'denied' });
    expect(outcomes(ledger, RUN)).toEqual({});
  });

  it('stops the run when the source cannot be reached any more', async () => {
    for (let i = 0; i < 20; i++) create(`f${i}`, 10);
    const ledger = openLedger();
    const unavailable = new LakeliftError('down', { kind: 'unavailable', code: 'HDFS_UNAVAILABLE' });
    const source = {
      ...world.source,
      findEntry: () => Promise.reject(unavailable),
      findEntryAgain: () => Promise.reject(unavailable),
      findChecksum: () => Promise.reject(unavailable),
    };
    await expect(copyDirectory(world, { ledger, source })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(outcomes(ledger, RUN)).toEqual({});
  });

  it('stops the run when the disk under the ledger is full', async () => {
    for (let i = 0; i < 20; i++) create(`f${i}`, 10);
    const ledger = openLedger();
    const items = await itemsOf(world);
    writePlan(ledger, items);
    const full = new Proxy<Ledger>(ledger, {
      get: (real, name) => {
        if (name === 'putObject')
          return () => {
            throw new LakeliftError('full', { kind: 'unavailable', code: 'LEDGER_DISK_FULL' });
          };
        const value: unknown = Reflect.get(real, name, real);
        return typeof value === 'function' ? (value as () => unknown).bind(real) : value;
      },
    });
    await expect(copyFiles(request(world, full))).rejects.toMatchObject({ code: 'LEDGER_DISK_FULL' });
    // What was written is found again by its marks.
    await copyFiles(request(world, ledger, { runId: SECOND_RUN }));
    expect(Object.values(outcomes(ledger, SECOND_RUN)).every(({ proof }) => proof === 'end-to-end')).toBe(true);
  });

  it('does less at a time when the store asks to slow down', async () => {
    for (let i = 0; i < 3; i++) create(`file-${i}`, 40 * MIB);
    const parts = new AdaptiveLimit({ first: 8, most: 8 });
    const smallFiles = new AdaptiveLimit({ first: 8, most: 8 });
    const seen: number[] = [];
    const { target } = connect(world.connections, () => {
      parts.pressed();
      seen.push(parts.concurrency);
    });
    const slow = times(40);
    world.targetFault = ({ operation }) =>
      operation === 'UploadPart' && slow() ? { kind: 'error', status: 503, code: 'SlowDown' } : undefined;
    const limits = { filesAtOnce: 3, partsAtOnce: 8, partSizeBytes: 5 * MIB };
    const result = await copyDirectory(world, { target, limits, slots: { parts, smallFiles } });
    expect(Object.values(result).map(({ status }) => status)).toEqual(['verified', 'verified', 'verified']);
    expect(Math.min(...seen)).toBeLessThanOrEqual(4);
    target.close();
  });

  it('keeps the parts of an interrupted file, and sends only the others next time', async () => {
    create('file', 6 * 5 * MIB + 1);
    const ledger = openLedger();
    const interruption = new AbortController();
    let parts = 0;
    const interrupted = altered({
      uploadPart: async (part, signal) => {
        const done = await world.target.uploadPart(part, signal);
        if (++parts === 3) interruption.abort(new Error('Ctrl-C'));
        return done;
      },
    });
    const limits = { filesAtOnce: 1, partsAtOnce: 1, partSizeBytes: 5 * MIB };
    await expect(
      copyDirectory(world, { ledger, target: interrupted, signal: interruption.signal, limits }),
    ).rejects.toThrow('Ctrl-C');
    expect([...ledger.listUploads()]).toHaveLength(1);
    const sent: number[] = [];
    const watched = altered({
      uploadPart: (part, signal) => {
        sent.push(part.partNumber);
        return world.target.uploadPart(part, signal);
      },
    });
    await copyFiles(request(world, ledger, { target: watched }));
    expect(sent.toSorted((a, b) => a - b)).toEqual([4, 5, 6, 7]);
    expect(outcomes(ledger, RUN)['file']).toMatchObject({ status: 'verified', proof: 'end-to-end' });
    await expectCopied('file', 6 * 5 * MIB + 1);
  });

  it('lets what is in flight end when it is interrupted, and begins nothing new', async () => {
    create('large', 4 * 5 * MIB);
    create('small', 1000);
    const ledger = openLedger();
    const interruption = new AbortController();
    const interrupted = altered({
      uploadPart: async (part, signal) => {
        interruption.abort(new Error('Ctrl-C'));
        await sleep(300);
        return world.target.uploadPart(part, signal);
      },
    });
    const limits = { filesAtOnce: 1, partsAtOnce: 2, partSizeBytes: 5 * MIB };
    await expect(
      copyDirectory(world, { ledger, target: interrupted, signal: interruption.signal, limits }),
    ).rejects.toThrow('Ctrl-C');
    const [upload] = [...ledger.listUploads()];
    expect([...ledger.listParts(upload!.address)].map(({ partNumber }) => partNumber)).toEqual([1, 2]);
    expect(outcomes(ledger, RUN)).toEqual({});
    await copyFiles(request(world, ledger));
    expect(Object.values(outcomes(ledger, RUN)).map(({ status }) => status)).toEqual(['verified', 'verified']);
  });

  it('begins anew when its upload was aborted by somebody, in flight or between runs', async () => {
    create('file', LARGE);
    const once = times(1);
    const aborting = altered({
      uploadPart: async (part, signal) => {
        if (part.partNumber === 2 && once()) await world.target.abortUpload(part.address, part.uploadId);
        return world.target.uploadPart(part, signal);
      },
    });
    expect((await copyDirectory(world, { target: aborting }))['file']).toMatchObject({ status: 'verified' });
    await expectCopied('file', LARGE);
    expect(await openUploads(world)).toEqual([]);
  });

  it('does not write over an object that appears while it copies', async () => {
    create('file', LARGE);
    const mine = Buffer.from('mine');
    const racing = altered({
      completeUpload: async (complete, signal) => {
        const crc32c = crcToBase64(crcOf('CRC32C').sum(mine));
        await world.target.putObject({
          address: complete.address,
          body: mine,
          crc32c,
          metadata: {},
          condition: { kind: 'if-absent' },
        });
        return world.target.completeUpload(complete, signal);
      },
    });
    const { file } = await copyDirectory(world, { target: racing });
    expect(file).toMatchObject({ status: 'failed', errorCode: 'S3_CONFLICT' });
    expect(await openUploads(world)).toEqual([]);
    expect(String(await objectBytes(world, 'file'))).toBe('mine');
  });
});
