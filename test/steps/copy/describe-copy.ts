import { afterEach, beforeEach, expect, it } from 'vitest';
import { crcOf, crcToBase64 } from '../../../src/domain/checksum/crc.ts';
import type { RunId } from '../../../src/domain/names.ts';
import type { SourceFileSystem } from '../../../src/ports/source-file-system.ts';
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
  openUploads,
  outcomes,
  request,
  RUN,
  writePlan,
  type CopyWorld,
} from './copy-world.ts';

/** What the copy must do between any HDFS and any S3, shown on the sandbox and on the real servers alike. */
export function describeCopy(open: () => Promise<CopyWorld>): void {
  let world: CopyWorld;
  beforeEach(async () => void (world = await open()));
  afterEach(() => world.close());

  const create = (name: string, bytes: Buffer, blockSizeBytes = MIB): Promise<void> =>
    world.writer.create(`${world.directory}/${name}`, bytes, { blockSizeBytes, overwrite: true });
  const crcOfBytes = (bytes: Buffer): string => crcToBase64(crcOf('CRC32C').sum(bytes));

  it('proves files of any size in blocks of any size from end to end', async () => {
    const files = new Map<string, Buffer>();
    const sizes = [0, 1, 511, 512, 513, MIB - 1, MIB, MIB + 1, 3 * MIB + 700, 5 * MIB, 5 * MIB + 1, 12 * MIB + 7];
    for (const size of sizes)
      for (const blockMib of [1, 2, 128]) {
        const bytes = bytesOf(size, size + blockMib);
        files.set(`${size}-${blockMib}`, bytes);
        await create(`${size}-${blockMib}`, bytes, blockMib * MIB);
      }
    const copied = await copyDirectory(world);
    for (const [name, bytes] of files) {
      expect(copied[name], name).toMatchObject({ status: 'verified', proof: 'end-to-end', crc32c: crcOfBytes(bytes) });
      const object = await world.target.findObject(addressOf(world, name));
      expect(object).toMatchObject({ sizeBytes: bytes.length, crc32c: crcOfBytes(bytes) });
      expect(object?.metadata).toMatchObject({
        'lakelift-source': `${world.directory}/${name}`,
        'lakelift-source-checksum': copied[name]!.sourceChecksum,
        'lakelift-proof': 'end-to-end',
        'lakelift-run': RUN,
      });
      expect((await objectBytes(world, name)).equals(bytes), name).toBe(true);
    }
    expect(await openUploads(world)).toEqual([]);
  });

  it('proves appended and concatenated files from end to end, however irregular their blocks', async () => {
    const parts = [MIB + 300, 513, 7 * MIB + 1, 2 * MIB, 1000].map((size, seed) => bytesOf(size, seed));
    await create('appended', parts[0]!);
    await world.writer.append(`${world.directory}/appended`, parts[1]!);
    const names = ['concat', 'second', 'third', 'fourth', 'fifth'];
    for (const [i, name] of names.entries()) await create(name, parts[i]!);
    const sources = names.slice(1).map((name) => `${world.directory}/${name}`);
    await world.writer.concat(`${world.directory}/concat`, sources);
    for (const [i, name] of ['small', 'tail'].entries()) await create(name, parts[4 - i * 3]!);
    await world.writer.concat(`${world.directory}/small`, [`${world.directory}/tail`]);

    const copied = await copyDirectory(world);
    expect(Object.keys(copied).toSorted()).toEqual(['appended', 'concat', 'small']);
    for (const outcome of Object.values(copied))
      expect(outcome).toMatchObject({ status: 'verified', proof: 'end-to-end' });
    expect((await objectBytes(world, 'concat')).equals(Buffer.concat(parts))).toBe(true);
    expect((await objectBytes(world, 'appended')).equals(Buffer.concat(parts.slice(0, 2)))).toBe(true);
    expect((await objectBytes(world, 'small')).equals(Buffer.concat([parts[4]!, parts[1]!]))).toBe(true);
    expect(await openUploads(world)).toEqual([]);
  });

  it('copies through HttpFS as through the NameNode', async () => {
    const bytes = bytesOf(6 * MIB + 9);
    for (const name of ['small', 'e\u0301']) await create(name, bytesOf(1000));
    await create('large', bytes);
    await create('empty', Buffer.alloc(0));
    const { source } = connect({ ...world.connections, nameNode: world.connections.httpFs });
    for (const outcome of Object.values(await copyDirectory(world, { source })))
      expect(outcome).toMatchObject({ status: 'verified', proof: 'end-to-end' });
    expect((await objectBytes(world, 'large')).equals(bytes)).toBe(true);
  });

  it('copies names with anything in them, byte for byte', async () => {
    const names = ['a b', 'é', 'e\u0301', '🦆', 'x=1', '100%', 'a+b&c;d', '%2F', "quote'", '#?'];
    for (const name of names) await create(name, Buffer.from(name));
    const copied = await copyDirectory(world);
    for (const name of names) {
      expect(copied[name], name).toMatchObject({ status: 'verified', proof: 'end-to-end' });
      expect(String(await objectBytes(world, name))).toBe(name);
    }
  });

  it('writes nothing again, whether the ledger knows of an object or only its own marks tell', async () => {
    await create('small', bytesOf(1000));
    await create('large', bytesOf(6 * MIB));
    const ledger = openLedger();
    await copyDirectory(world, { ledger });
    const etags = async (): Promise<unknown[]> =>
      Promise.all(
        ['small', 'large'].map(async (name) => (await world.target.findObject(addressOf(world, name)))?.etag),
      );
    const before = await etags();
    const runId = 'run-2' as RunId;
    const again = await copyDirectory(world, { ledger, runId });
    const adopted = await copyDirectory(world, { runId });
    for (const outcome of [...Object.values(again), ...Object.values(adopted)])
      expect(outcome).toMatchObject({ status: 'already-verified', proof: 'end-to-end' });
    expect(await etags()).toEqual(before);
    const object = await world.target.findObject(addressOf(world, 'small'));
    expect(object?.metadata['lakelift-run']).toBe(RUN);
    expect(await openUploads(world)).toEqual([]);
  });

  it('replaces its own object of an older version, and never one that it did not write', async () => {
    for (const [name, size] of [
      ['own', 9],
      ['own-large', 6 * MIB],
      ['foreign', 9],
      ['foreign-large', 6 * MIB],
    ] as const) {
      await create(name, bytesOf(size, 1));
    }
    const put = {
      body: Buffer.from('mine'),
      crc32c: crcOfBytes(Buffer.from('mine')),
      metadata: {},
      condition: { kind: 'if-absent' },
    } as const;
    for (const name of ['foreign', 'foreign-large'])
      await world.target.putObject({ ...put, address: addressOf(world, name) });
    const ledger = openLedger();
    const first = await copyDirectory(world, { ledger });
    expect(first['own']?.status).toBe('verified');
    for (const name of ['foreign', 'foreign-large']) {
      expect(first[name]).toMatchObject({ status: 'failed', errorCode: 'TARGET_FOREIGN_OBJECT' });
      expect(String(await objectBytes(world, name))).toBe('mine');
    }
    await create('own', bytesOf(10, 2));
    await create('own-large', bytesOf(6 * MIB, 2));
    const second = await copyDirectory(world, { ledger, runId: 'run-2' as RunId });
    for (const name of ['own', 'own-large'])
      expect(second[name]).toMatchObject({ status: 'verified', proof: 'end-to-end' });
    const foundBy = (name: string) => ledger.findObject(addressOf(world, name));
    await create('own', bytesOf(11, 3));
    await copyDirectory(world, { ledger, runId: 'run-3' as RunId });
    // Who has read what stood there before has to know.
    expect(foundBy('own')).toMatchObject({ runId: 'run-3', firstRunId: RUN });
    expect(foundBy('own-large')).toMatchObject({ runId: 'run-2', firstRunId: RUN });
    expect((await objectBytes(world, 'own')).equals(bytesOf(11, 3))).toBe(true);
    expect((await objectBytes(world, 'own-large')).equals(bytesOf(6 * MIB, 2))).toBe(true);
    expect(await openUploads(world)).toEqual([]);
  });

  it('says that an object which was changed afterwards is no longer what was verified', async () => {
    await create('file', bytesOf(10));
    const ledger = openLedger();
    const { file } = await copyDirectory(world, { ledger });
    const standing = await world.target.findObject(addressOf(world, 'file'));
    const other = Buffer.from('other');
    await world.target.putObject({
      address: addressOf(world, 'file'),
      body: other,
      crc32c: crcOfBytes(other),
      metadata: {},
      condition: { kind: 'if-match', etag: standing!.etag },
    });
    expect(file?.status).toBe('verified');
    const again = await copyDirectory(world, { ledger, runId: 'run-2' as RunId });
    expect(again['file']).toMatchObject({ status: 'failed', errorCode: 'TARGET_CHANGED' });
    expect(String(await objectBytes(world, 'file'))).toBe('other');
  });

  it('copies what a file has become since it was planned, and says which are gone', async () => {
    for (const name of ['changed', 'gone', 'changed-large', 'gone-large'])
      await create(name, bytesOf(name.endsWith('large') ? 6 * MIB : 100, 1));
    const ledger = openLedger();
    writePlan(ledger, await itemsOf(world));
    await create('changed', bytesOf(120, 2));
    await create('changed-large', bytesOf(7 * MIB, 2));
    for (const name of ['gone', 'gone-large']) await world.writer.delete(`${world.directory}/${name}`);
    await copyFiles(request(world, ledger));
    const result = outcomes(ledger, RUN);
    expect(result['changed']).toMatchObject({ status: 'verified', proof: 'end-to-end', sizeBytes: 120 });
    expect(result['changed-large']).toMatchObject({ status: 'verified', proof: 'end-to-end', sizeBytes: 7 * MIB });
    for (const name of ['gone', 'gone-large']) {
      expect(result[name]).toMatchObject({ status: 'source-moved', errorCode: 'SOURCE_MOVED' });
      expect(await world.target.findObject(addressOf(world, name))).toBeUndefined();
    }
    expect(await openUploads(world)).toEqual([]);
  });

  it('takes a file that changes while it is read as it is afterwards, and stores none that goes or gets another name then', async () => {
    const acts = new Map<string, () => Promise<unknown>>();
    for (const [suffix, size] of [
      ['', 100],
      ['-large', 12 * MIB],
    ] as const) {
      for (const name of ['changed', 'gone', 'renamed']) await create(name + suffix, bytesOf(size, 1));
      const path = (name: string): string => `${world.directory}/${name}${suffix}`;
      acts.set(path('changed'), () => create(`changed${suffix}`, bytesOf(size, 2)));
      acts.set(path('gone'), () => world.writer.delete(path('gone')));
      acts.set(path('renamed'), () => world.writer.rename(path('renamed'), `${path('renamed')}.old`));
    }
    const source: SourceFileSystem = {
      ...world.source,
      readRange: async (file, ...others) => {
        const kept = await world.source.readRange(file, ...others);
        const act = acts.get(file.path);
        acts.delete(file.path);
        await act?.();
        return kept;
      },
    };
    const result = await copyDirectory(world, { source });
    for (const [suffix, sizeBytes] of [
      ['', 100],
      ['-large', 12 * MIB],
    ] as const) {
      expect(result[`changed${suffix}`]).toMatchObject({ status: 'verified', proof: 'end-to-end' });
      expect((await objectBytes(world, `changed${suffix}`)).equals(bytesOf(sizeBytes, 2))).toBe(true);
      for (const name of [`gone${suffix}`, `renamed${suffix}`]) {
        expect(result[name]).toMatchObject({ status: 'source-moved', errorCode: 'SOURCE_MOVED' });
        expect(await world.target.findObject(addressOf(world, name))).toBeUndefined();
      }
    }
    expect(acts.size).toBe(0);
    expect(await openUploads(world)).toEqual([]);
  });
}
