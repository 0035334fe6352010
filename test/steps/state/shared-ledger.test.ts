import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LedgerFile } from '../../../src/adapters/ledger/ledger-file.ts';
import { SqliteLedger } from '../../../src/adapters/ledger/sqlite-ledger.ts';
import { S3StateStore } from '../../../src/adapters/s3/s3-state-store.ts';
import type { RunId, UseCaseId } from '../../../src/domain/names.ts';
import type { ProgressEvent } from '../../../src/ports/progress.ts';
import type { Fault } from '../../../src/sandbox/fault.ts';
import type { SandboxServer } from '../../../src/sandbox/loopback.ts';
import { startS3Server } from '../../../src/sandbox/s3/s3-server.ts';
import { refreshLedger, takeState, type SharedLedger } from '../../../src/steps/state/shared-ledger.ts';
import { breakLease, findHead } from '../../../src/steps/state/state-lease.ts';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';

const useCase = 'absences' as UseCaseId;
const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox-secret' };

let directory: string;
let server: SandboxServer;
let store: S3StateStore;
let fault: (operation: string, key: string) => Fault | undefined;
const notes: ProgressEvent[] = [];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'lakelift-shared-'));
  fault = () => undefined;
  notes.length = 0;
  server = await startS3Server({
    directory: join(directory, 's3'),
    credentials,
    faults: ({ operation, key }) => fault(operation, key),
  });
  const settings = { endpoint: server.url, region: 'eu-west-3', forcePathStyle: true, credentials };
  const client = new S3Client(settings);
  await client.send(new CreateBucketCommand({ Bucket: 'state' }));
  client.destroy();
  store = new S3StateStore({ ...settings, bucket: 'state', prefix: 'lakelift/' });
});
afterEach(async () => {
  store.close();
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

const lock = () => () => undefined;

/** A machine of its own: another folder for its ledger. */
function machine(name: string) {
  const path = join(directory, name, 'ledger.sqlite');
  const local = new LedgerFile(path);
  const take = (changes: { ttlMs?: number; saveEveryMs?: number } = {}): Promise<SharedLedger> =>
    takeState({
      store,
      local,
      useCase,
      owner: { startedBy: `me@${name}`, processId: 7, jobUrl: `https://ci.example.org/${name}` },
      ttlMs: 60_000,
      saveEveryMs: 60_000,
      progress: (event) => void notes.push(event),
      ...changes,
    });
  const write = async (runId: string): Promise<void> => {
    const ledger = new SqliteLedger(path, useCase);
    ledger.putDocument(runId as RunId, 'mark', runId);
    await ledger.flush();
    ledger.close();
  };
  const has = (runId: string): boolean => {
    const ledger = new SqliteLedger(path, useCase);
    const found = ledger.findDocument(runId as RunId, 'mark') !== undefined;
    ledger.close();
    return found;
  };
  return { path, local, take, write, has };
}

/** Stops its timers as a kill would, without giving the lease back. Over once nothing of it runs any more: a dead process touches no file. */
async function kill(shared: SharedLedger): Promise<void> {
  fault = (operation) => (operation === 'PutObject' ? { kind: 'reset' } : undefined);
  await expect(shared.close()).rejects.toThrow();
  fault = () => undefined;
}

describe('a ledger in the state bucket', () => {
  it('is brought to the next machine, and saved there at the end', async () => {
    const [one, two] = [machine('one'), machine('two')];
    const first = await one.take();
    await one.write('r1');
    await first.close();
    expect((await findHead(store, useCase))?.head.lease).toBeUndefined();
    const second = await two.take();
    expect(two.has('r1')).toBe(true);
    await two.write('r2');
    await second.close();
    const third = await one.take();
    expect(one.has('r2')).toBe(true);
    await third.close();
    // Only the one that counts is kept.
    expect(await Array.fromAsync(store.list(`${useCase}/ledgers/`))).toHaveLength(1);
  });

  it('is saved while the run goes on, its open transaction left out, and saved once where nothing was written', async () => {
    const one = machine('one');
    const shared = await one.take();
    await one.write('r1');
    const writing = new DatabaseSync(one.path);
    writing.exec("BEGIN IMMEDIATE; INSERT INTO document (run_id, name, body) VALUES ('r2', 'mark', '2')");
    await shared.save();
    const { name } = (await findHead(store, useCase))!.head.ledger!;
    await shared.save();
    writing.exec('ROLLBACK');
    writing.close();
    const two = machine('two');
    await refreshLedger(store, two.local, { useCase, lock });
    expect([two.has('r1'), two.has('r2')]).toEqual([true, false]);
    expect(name).toMatch(/-000001\.sqlite\.gz$/);
    await shared.close();
  });

  it('is held by one of two that race for it; the other is told by whom', async () => {
    const ends = await Promise.allSettled([machine('one').take(), machine('two').take()]);
    const held = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
    const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []));
    expect(held).toHaveLength(1);
    expect(refused[0]).toMatchObject({ kind: 'locked', code: 'STATE_LEASED' });
    expect(refused[0]?.message).toMatch(
      /me@(one|two) \(process 7, https:\/\/ci\.example\.org\/(one|two)\) since .*lease [0-9a-f-]{36}/,
    );
    await held[0]!.close();
  });

  it('is taken over once the lease has run out; whoever held it can change nothing any more', async () => {
    const [one, two] = [machine('one'), machine('two')];
    const zombie = await one.take({ ttlMs: 1500 });
    await one.write('r1');
    // It cannot reach the store, and does not know what happens there.
    fault = (operation, key) =>
      operation === 'PutObject' && key.endsWith('state.json') ? { kind: 'reset' } : undefined;
    await expect(two.take()).rejects.toMatchObject({ code: 'STATE_LEASED' });
    await sleep(5200);
    expect(zombie.lost.aborted).toBe(true);
    fault = () => undefined;
    const next = await two.take();
    expect(notes).toContainEqual(
      expect.objectContaining({ level: 'warn', message: expect.stringContaining('taken over') as string }),
    );
    const before = (await findHead(store, useCase))!.text;
    await expect(zombie.save()).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await expect(zombie.close()).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect((await findHead(store, useCase))!.text).toBe(before);
    await next.close();
  }, 20_000);

  it('cannot be saved by a holder who lost the lease while it was uploading', async () => {
    const [one, two] = [machine('one'), machine('two')];
    const zombie = await one.take();
    await one.write('r1');
    const uploading = Promise.withResolvers<void>();
    const overtaken = Promise.withResolvers<void>();
    fault = (operation, key) => {
      if (operation !== 'PutObject' || !key.includes('/ledgers/')) return undefined;
      uploading.resolve();
      return { kind: 'delay', delayMs: 1500 };
    };
    const saving = zombie.save();
    await uploading.promise;
    fault = () => undefined;
    const { id } = (await findHead(store, useCase))!.head.lease!;
    await breakLease(store, useCase, id);
    const next = await two.take();
    await two.write('r2');
    await next.save();
    overtaken.resolve();
    await expect(saving).rejects.toMatchObject({ kind: 'locked', code: 'LEASE_LOST' });
    expect(zombie.lost.aborted).toBe(true);
    const three = machine('three');
    await refreshLedger(store, three.local, { useCase, lock });
    expect([three.has('r1'), three.has('r2')]).toEqual([false, true]);
    await next.close();
  }, 20_000);

  it('is taken at once by the machine whose own process was killed, with all that it had not saved', async () => {
    const one = machine('one');
    const killed = await one.take();
    await one.write('r1');
    await kill(killed);
    const again = await one.take();
    expect(one.has('r1')).toBe(true);
    await again.close();
    const two = machine('two');
    await refreshLedger(store, two.local, { useCase, lock });
    expect(two.has('r1')).toBe(true);
  });

  it('replaces what a machine wrote without it, and keeps that beside', async () => {
    const [one, two] = [machine('one'), machine('two')];
    await two.write('stray');
    const first = await one.take();
    await one.write('r1');
    await first.close();
    const second = await two.take();
    expect([two.has('r1'), two.has('stray')]).toEqual([true, false]);
    expect(existsSync(`${two.path}.superseded`)).toBe(true);
    await second.close();
  });

  it('is renewed and saved though answers are lost on the way', async () => {
    const one = machine('one');
    const shared = await one.take();
    await one.write('r1');
    let lost = 0;
    fault = (operation) =>
      operation === 'PutObject' && lost++ % 2 === 0 ? { kind: 'lose-acknowledgement' } : undefined;
    await shared.save();
    fault = () => undefined;
    expect(lost).toBeGreaterThan(2);
    await shared.close();
    const two = machine('two');
    await refreshLedger(store, two.local, { useCase, lock });
    expect(two.has('r1')).toBe(true);
  });

  it('is unlocked by the exact lease alone', async () => {
    await expect(breakLease(store, useCase, 'x')).rejects.toMatchObject({ kind: 'usage', code: 'NOT_LEASED' });
    const shared = await machine('one').take();
    const { id } = (await findHead(store, useCase))!.head.lease!;
    await expect(breakLease(store, useCase, `${id.slice(0, -1)}x`)).rejects.toMatchObject({ code: 'LEASE_OTHER' });
    expect((await breakLease(store, useCase, id)).startedBy).toBe('me@one');
    await expect(shared.close()).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await (await machine('two').take()).close();
  });
});
