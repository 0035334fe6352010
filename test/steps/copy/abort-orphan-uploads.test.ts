import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../../../src/ports/ledger.ts';
import type { TargetObjectStore } from '../../../src/ports/target-object-store.ts';
import { abortOrphanUploads } from '../../../src/steps/copy/abort-orphan-uploads.ts';
import { copyFiles } from '../../../src/steps/copy/copy-files.ts';
import {
  addressOf,
  bytesOf,
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

const DAY_MS = 24 * 3600_000;

describe('An upload at a planned key that the ledger does not know', () => {
  let world: SandboxCopyWorld;
  let ledger: Ledger;
  const bytes = bytesOf(11 * MIB + 77);
  const planned = async (): Promise<Ledger> => {
    const fresh = openLedger();
    writePlan(fresh, await itemsOf(world));
    return fresh;
  };
  const sweep = (of: Ledger, target: TargetObjectStore = world.target): Promise<number> =>
    abortOrphanUploads(request(world, of, { target }), { bucket: world.bucket, prefix: '' });

  beforeEach(async () => {
    world = await openSandboxWorld();
    world.fileSystem.writeFile(`${world.directory}/file`, bytes, { blockSizeBytes: MIB });
    ledger = await planned();
  });
  afterEach(() => world.close());

  it('is left alone: it may be that of another machine which runs the same use case', async () => {
    await world.target.createUpload(addressOf(world, 'file'), {});
    expect(await sweep(ledger)).toBe(0);
    expect(await openUploads(world)).toHaveLength(1);
  });

  it('does not keep two machines from finishing: one copies, the other finds it done', async () => {
    const others = await planned();
    const joined: TargetObjectStore = {
      ...world.target,
      completeUpload: async (complete, signal) => {
        await sweep(others);
        await copyFiles(request(world, others));
        await sweep(others);
        return world.target.completeUpload(complete, signal);
      },
    };
    await copyFiles(request(world, ledger, { target: joined }));
    for (const each of [ledger, others]) expect(outcomes(each, RUN)['file']).toMatchObject({ proof: 'end-to-end' });
    expect((await objectBytes(world, 'file')).equals(bytes)).toBe(true);
    expect(await openUploads(world)).toEqual([]);
  });

  it('is ended where a killed run was just opening one, and those at other keys are not', async () => {
    const killed: TargetObjectStore = {
      ...world.target,
      createUpload: async (address, metadata, signal) => {
        await world.target.createUpload(address, metadata, signal);
        throw new Error('killed');
      },
    };
    await expect(copyFiles(request(world, ledger, { target: killed }))).rejects.toThrow('killed');
    await world.target.createUpload(addressOf(world, 'not-planned'), {});
    expect(await sweep(ledger)).toBe(1);
    expect(await openUploads(world)).toEqual([addressOf(world, 'not-planned').key]);
  });

  it('is ended once the object stands that it was for, as after a lost answer', async () => {
    let lost = 1;
    const target: TargetObjectStore = {
      ...world.target,
      createUpload: async (address, metadata, signal) => {
        if (lost-- > 0) await world.target.createUpload(address, metadata, signal);
        return world.target.createUpload(address, metadata, signal);
      },
    };
    await copyFiles(request(world, ledger, { target }));
    expect(await openUploads(world)).toHaveLength(1);
    expect(await sweep(ledger)).toBe(1);
    expect(await openUploads(world)).toEqual([]);
  });

  it('is ended when it is a week old', async () => {
    await world.target.createUpload(addressOf(world, 'file'), {});
    const aged = (byMs: number): TargetObjectStore => ({
      ...world.target,
      async *listUploads(bucket, prefix) {
        for await (const upload of world.target.listUploads(bucket, prefix))
          yield { ...upload, startedAtMs: upload.startedAtMs - byMs };
      },
    });
    expect(await sweep(ledger, aged(6 * DAY_MS))).toBe(0);
    expect(await sweep(ledger, aged(8 * DAY_MS))).toBe(1);
    expect(await openUploads(world)).toEqual([]);
  });
});
