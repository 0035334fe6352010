import { spawn } from 'node:child_process';
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { crcOf, crcToBase64 } from '../../../src/domain/checksum/crc.ts';
import { hdfsPath, type RunId } from '../../../src/domain/names.ts';
import { formatHdfsChecksum } from '../../../src/domain/checksum/hdfs-checksum.ts';
import { abortOrphanUploads } from '../../../src/steps/copy/abort-orphan-uploads.ts';
import { copyFiles } from '../../../src/steps/copy/copy-files.ts';
import {
  addressOf,
  bytesOf,
  itemsOf,
  MIB,
  objectBytes,
  openLedger,
  openUploads,
  outcomes,
  request,
  writePlan,
  type CopyWorld,
} from './copy-world.ts';

const LONGEST_LIFE_MS = 700;

/** kill -9 at random instants, then compare: the same on the sandbox and on the real servers. */
export function describeKilledCopy(open: () => Promise<CopyWorld>, rounds: number): void {
  let world: CopyWorld;
  let folder: string;
  beforeEach(async () => {
    world = await open();
    folder = mkdtempSync(join(tmpdir(), 'lakelift-killed-'));
  });
  afterEach(async () => {
    await world.close();
    rmSync(folder, { recursive: true });
  });

  /** Runs the copy in a process of its own and kills it after a while; true when it had ended by itself. */
  async function runAndKill(ledgerPath: string, runId: string, lifeMs: number): Promise<boolean> {
    const script = join(import.meta.dirname, 'copy-run.child.ts');
    const child = spawn(process.execPath, [script, JSON.stringify(world.connections), ledgerPath, runId]);
    let text = '';
    let complaints = '';
    const ready = Promise.withResolvers<undefined>();
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      ready.resolve(undefined);
    });
    child.stderr.on('data', (chunk) => (complaints += String(chunk)));
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    await Promise.race([ready.promise, ended]);
    await Promise.race([sleep(lifeMs), ended]);
    child.kill('SIGKILL');
    await ended;
    expect(complaints).toBe('');
    return text.includes('done');
  }

  it(
    `loses nothing, and makes no object without proof, in ${rounds} rounds`,
    { timeout: 60_000 + rounds * 20_000 },
    async () => {
      const sizes = new Map<string, number>();
      for (let i = 0; i < 60; i++) sizes.set(`small-${i}`, i * 997);
      for (let i = 0; i < 4; i++) sizes.set(`large-${i}`, 11 * MIB + i * 512 * 1024 + i);
      for (const [name, size] of sizes)
        await world.writer.create(`${world.directory}/${name}`, bytesOf(size, size), { blockSizeBytes: 2 * MIB });
      const items = await itemsOf(world);
      const prepare = (name: string): string => {
        const ledgerPath = join(folder, name);
        const prepared = openLedger(ledgerPath);
        writePlan(prepared, items);
        prepared.close();
        return ledgerPath;
      };

      let path = prepare('ledger-0.sqlite');
      let endedByItself = 0;
      // A run that came to its end was not killed, and leaves nothing to kill: the next one begins anew.
      for (let kills = 0; kills < rounds && endedByItself < rounds;) {
        const hasEnded = await runAndKill(path, `run-${endedByItself}`, Math.random() * LONGEST_LIFE_MS);
        // At every instant: what exists is whole and carries its proof.
        for await (const { key } of world.target.listObjects(world.bucket, '')) {
          const name = key.slice(key.lastIndexOf('/') + 1);
          const object = await world.target.findObject(addressOf(world, name));
          const bytes = bytesOf(sizes.get(name)!, sizes.get(name));
          const checksum = await world.source.findChecksum(hdfsPath(`${world.directory}/${name}`));
          expect(object).toMatchObject({ sizeBytes: bytes.length, crc32c: crcToBase64(crcOf('CRC32C').sum(bytes)) });
          expect(object?.metadata['lakelift-source-checksum']).toBe(formatHdfsChecksum(checksum!));
        }
        if (!hasEnded) kills++;
        else {
          await emptyBucket(world);
          path = prepare(`ledger-${++endedByItself}.sqlite`);
        }
      }

      const ledger = openLedger(path);
      const again = request(world, ledger, { runId: 'last' as RunId });
      await abortOrphanUploads(again, { bucket: world.bucket, prefix: '' });
      await copyFiles(again);
      await abortOrphanUploads(again, { bucket: world.bucket, prefix: '' });
      const last = outcomes(ledger, 'last' as RunId);
      expect(Object.keys(last)).toHaveLength(sizes.size);
      for (const [name, size] of sizes) {
        expect(last[name]?.status, name).toMatch(/^(already-)?verified$/);
        expect(last[name]?.proof, name).toBe('end-to-end');
        expect((await objectBytes(world, name)).equals(bytesOf(size, size)), name).toBe(true);
      }
      expect(await openUploads(world)).toEqual([]);
      expect([...ledger.listUploads()]).toEqual([]);
      ledger.close();
    },
  );
}

async function emptyBucket({ target, bucket, connections }: CopyWorld): Promise<void> {
  const client = new S3Client(connections.s3);
  for await (const { key } of target.listObjects(bucket, ''))
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  client.destroy();
}
