import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crcOf, crcToBase64 } from '../../../src/domain/checksum/crc.ts';
import type { RunId } from '../../../src/domain/names.ts';
import { LakeliftError } from '../../../src/errors.ts';
import type { SourceFileSystem } from '../../../src/ports/source-file-system.ts';
import type { TargetObjectStore } from '../../../src/ports/target-object-store.ts';
import type { CopyRequest } from '../../../src/steps/copy/copy-files.ts';
import {
  addressOf,
  bytesOf,
  connect,
  copyDirectory,
  MIB,
  openLedger,
  openSandboxWorld,
  type SandboxCopyWorld,
} from './copy-world.ts';

const SIZE = 6 * MIB + 77;

describe('What was copied, looked at again', () => {
  let world: SandboxCopyWorld;
  beforeEach(async () => void (world = await openSandboxWorld({ httpFsChecksum: 'composite' })));
  afterEach(() => world.close());

  const create = (options: Parameters<SandboxCopyWorld['fileSystem']['writeFile']>[2] = {}): void =>
    void world.fileSystem.writeFile(`${world.directory}/file`, bytesOf(SIZE), { blockSizeBytes: MIB, ...options });
  let run = 0;
  const copy = async (changes: Partial<CopyRequest>) => {
    const { file } = await copyDirectory(world, { runId: `run-${++run}` as RunId, ...changes });
    return file;
  };
  /** A store that gives the object out with another bit. */
  const rotten = (): TargetObjectStore => {
    const { target } = connect(world.connections);
    return Object.assign(target, {
      readObject: async function* () {
        const bytes = bytesOf(SIZE);
        bytes[5]! ^= 1;
        yield await Promise.resolve(bytes);
      },
    });
  };

  it('is read back once where that is asked for', async () => {
    create();
    const ledger = openLedger();
    let reads = 0;
    const { target } = connect(world.connections);
    const watched = Object.assign(target, {
      readObject: (...asked: Parameters<TargetObjectStore['readObject']>) => {
        reads++;
        return world.target.readObject(...asked);
      },
    });
    for (const status of ['verified', 'already-verified'])
      expect(await copy({ ledger, target: watched, readBack: true })).toMatchObject({ status, proof: 'end-to-end' });
    expect(reads).toBe(1);
  });

  it('fails in each later run once other bytes were read, until a further reading agrees', async () => {
    create();
    const ledger = openLedger();
    const differs = { status: 'failed', errorCode: 'REREAD_TARGET_DIFFERS' };
    expect(await copy({ ledger, target: rotten(), readBack: true })).toMatchObject(differs);
    expect(ledger.findObject(addressOf(world, 'file'))).toMatchObject({ objection: 'REREAD_TARGET_DIFFERS' });
    expect(await copy({ ledger })).toMatchObject(differs);
    expect(await copy({ ledger, target: rotten(), readBack: true })).toMatchObject(differs);
    expect(await copy({ ledger, readBack: true })).toMatchObject({ status: 'already-verified', proof: 'end-to-end' });
    expect(await copy({ ledger })).toMatchObject({ status: 'already-verified' });
  });

  it('fails likewise where the source has no checksum and the ends differ', async () => {
    create({ flags: { hasNoChecksum: true } });
    const ledger = openLedger();
    const target = rotten();
    const differs = { status: 'failed', errorCode: 'REREAD_TARGET_DIFFERS' };
    expect(await copy({ ledger, target, rereadUnproven: true })).toMatchObject(differs);
    expect(await copy({ ledger })).toMatchObject(differs);
    expect(await copy({ ledger, rereadUnproven: true })).toMatchObject({ proof: 'reread' });
  });

  it('is not taken for what the source holds now that it gives the checksum of the content', async () => {
    create({ flags: { isErasureCoded: true } });
    const bytes = bytesOf(SIZE);
    bytes[5]! ^= 1;
    const crc32c = crcToBase64(crcOf('CRC32C').sum(bytes));
    // As a copy leaves it that had nothing to compare with.
    expect(await copy({})).toMatchObject({ proof: 'target-only' });
    const standing = (await world.target.findObject(addressOf(world, 'file')))!;
    const { metadata, etag } = standing;
    const { source } = connect({ ...world.connections, nameNode: world.connections.httpFs });
    expect(await copy({ source })).toMatchObject({ status: 'already-verified', proof: 'end-to-end' });
    const condition = { kind: 'if-match', etag } as const;
    await world.target.putObject({ address: addressOf(world, 'file'), body: bytes, crc32c, metadata, condition });
    expect(await copy({ source })).toMatchObject({ status: 'failed', errorCode: 'TARGET_DIFFERS' });
    // Where the source still has none, nobody can tell.
    expect(await copy({})).toMatchObject({ status: 'already-verified', proof: 'target-only' });
  });

  it('keeps no checksum in its record that it was never compared with', async () => {
    const modifiedAtMs = 1_700_000_000_000;
    create({ modifiedAtMs, flags: { hasNoChecksum: true } });
    await copy({});
    create({ modifiedAtMs });
    const ledger = openLedger();
    const outcome = await copy({ ledger });
    expect(outcome).toMatchObject({ status: 'already-verified', proof: 'target-only' });
    expect(outcome?.sourceChecksum).toBeUndefined();
    expect(ledger.findObject(addressOf(world, 'file'))?.sourceChecksum).toBeUndefined();
  });

  it('asks once more where a token may have been replaced, before it calls a file denied', async () => {
    create();
    const denied = new LakeliftError('token is expired', { kind: 'denied', code: 'HDFS_DENIED' });
    for (const [refusals, expected] of [
      [1, { status: 'verified' }],
      [Infinity, { status: 'failed', errorCode: 'HDFS_DENIED' }],
    ] as const) {
      let left = refusals;
      const { source } = connect(world.connections);
      const refusing = Object.assign(source, {
        findChecksum: (...asked: Parameters<SourceFileSystem['findChecksum']>) =>
          left-- > 0 ? Promise.reject(denied) : world.source.findChecksum(...asked),
      });
      expect(await copy({ source: refusing })).toMatchObject(expected);
      world.fileSystem.delete(`${world.directory}/file`);
      world.fileSystem.writeFile(`${world.directory}/file`, bytesOf(SIZE, 2), { blockSizeBytes: MIB });
    }
  });
});
