import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { S3TargetObjectStore } from '../../src/adapters/s3/s3-target-object-store.ts';
import { EXIT, exitCodeOf } from '../../src/cli/exit-codes.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import type { TargetObjectStore } from '../../src/ports/target-object-store.ts';
import { Retry } from '../../src/resilience/retry.ts';
import { retryingStore } from '../../src/resilience/with-retry.ts';
import { copyFiles } from '../../src/steps/copy/copy-files.ts';
import { run } from '../stack/cache.ts';
import { versitygw } from '../stack/install.ts';
import {
  bytesOf,
  itemsOf,
  MIB,
  objectBytes,
  openLedger,
  openUploads,
  openWorld,
  outcomes,
  request,
  RUN,
  writePlan,
  type CopyWorld,
} from '../steps/copy/copy-world.ts';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';

const stack = inject('stack');
const SIZES = { small: 1000, 'one-part': 4 * MIB, 'three-parts': 11 * MIB + 77 };

/** Against an S3 server that knows its users and looks at the time that requests were signed at. */
describe.skipIf(stack === undefined)('a run whose keys end, or whose clock is wrong', () => {
  let proxy: FaultProxy;
  let world: CopyWorld;
  const stores: S3TargetObjectStore[] = [];

  const planned = async (): Promise<Ledger> => {
    const ledger = openLedger();
    writePlan(ledger, await itemsOf(world));
    return ledger;
  };
  const expectProven = async (ledger: Ledger): Promise<void> => {
    const copied = outcomes(ledger, RUN);
    for (const [name, size] of Object.entries(SIZES)) {
      expect(copied[name], name).toMatchObject({ status: 'verified', proof: 'end-to-end' });
      expect((await objectBytes(world, name)).equals(bytesOf(size, size)), name).toBe(true);
    }
    expect(await openUploads(world)).toEqual([]);
  };

  beforeAll(async () => {
    proxy = await startFaultProxy(stack!.s3Endpoint);
  });
  afterAll(() => proxy.close());
  beforeEach(async () => {
    const { webHdfsUrl, httpFsUrl, hdfsUser, s3Endpoint: endpoint, region, accessKeyId, secretAccessKey } = stack!;
    const credentials = { accessKeyId, secretAccessKey };
    const s3 = { endpoint, region, forcePathStyle: true as const, credentials };
    world = await openWorld({ nameNode: webHdfsUrl, httpFs: httpFsUrl, user: hdfsUser, s3 });
    for (const [name, size] of Object.entries(SIZES))
      await world.writer.create(`${world.directory}/${name}`, bytesOf(size, size), { blockSizeBytes: MIB });
    proxy.requests.length = 0;
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) store.close();
    await world.close();
  });

  describe.each([
    ['behind', -5],
    ['ahead', 5],
  ])('a clock that is hours %s', (_way, hours) => {
    afterEach(() => vi.useRealTimers());

    it('is corrected by what the store says, for the short way of bodies too', async () => {
      const ledger = await planned();
      const { s3 } = world.connections;
      const store = new S3TargetObjectStore({ ...s3, endpoint: proxy.url });
      stores.push(store);
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hours * 3600_000 });
      await copyFiles(request(world, ledger, { target: store }));
      vi.useRealTimers();
      await expectProven(ledger);
      const refused = proxy.requests.filter(({ code }) => code === 'RequestTimeTooSkewed');
      expect(refused.length).toBeLessThan(8);
      expect(proxy.requests.some(({ status }) => status === 403)).toBe(true);
    });
  });

  describe('keys of a file', () => {
    const users = [randomUUID(), randomUUID()].map((id) => `user-${id}`);
    let folder: string;
    let target: TargetObjectStore;

    const admin = async (...args: readonly string[]): Promise<void> => {
      const { accessKeyId, secretAccessKey, region, s3Endpoint } = stack!;
      const who = ['--access', accessKeyId, '--secret', secretAccessKey, '--region', region];
      await run(await versitygw(), ['admin', ...who, '--endpoint-url', s3Endpoint, ...args]);
    };
    const createUser = (user: string): Promise<void> =>
      admin('create-user', '--access', user, '--secret', `secret of ${user}`, '--role', 'admin');
    const hold = (user: string): void =>
      writeFileSync(
        join(folder, 'credentials'),
        `[default]\naws_access_key_id = ${user}\naws_secret_access_key = secret of ${user}\n`,
      );

    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'lakelift-keys-'));
      for (const [name, value] of Object.entries({
        AWS_ACCESS_KEY_ID: '',
        AWS_SECRET_ACCESS_KEY: '',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
        AWS_CONFIG_FILE: join(folder, 'config'),
      }))
        vi.stubEnv(name, value);
      await createUser(users[0]!);
      hold(users[0]!);
      const { region, forcePathStyle } = world.connections.s3;
      const store = new S3TargetObjectStore({ endpoint: proxy.url, region, forcePathStyle });
      stores.push(store);
      const policy = { patienceMs: 5000, firstPauseMs: 50, longestPauseMs: 500 };
      target = retryingStore(store, new Retry(policy, () => undefined));
    });
    afterEach(async () => {
      for (const user of users) await admin('delete-user', '--access', user).catch(() => undefined);
      rmSync(folder, { recursive: true });
      vi.unstubAllEnvs();
    });

    /** Once two parts have arrived, the user is taken away before anything else is asked. */
    const withoutFirstUser = (replace: () => void): TargetObjectStore => {
      let left = 2;
      return {
        ...target,
        uploadPart: async (part, signal) => {
          if (left-- === 0) {
            replace();
            await admin('delete-user', '--access', users[0]!);
          }
          return target.uploadPart(part, signal);
        },
      };
    };

    it('are read again when they are replaced in mid-run', async () => {
      const ledger = await planned();
      await createUser(users[1]!);
      await copyFiles(request(world, ledger, { target: withoutFirstUser(() => hold(users[1]!)) }));
      await expectProven(ledger);
      const askedAs = new Set(proxy.requests.map(({ accessKeyId }) => accessKeyId));
      expect([...askedAs].toSorted()).toEqual([...users].toSorted());
    });

    it('are read again when the store says that they have expired', async () => {
      const ledger = await planned();
      await createUser(users[1]!);
      let left = 2;
      proxy.fault = ({ operation, accessKeyId }) => {
        if (accessKeyId !== users[0] || (operation === 'UploadPart' && left-- > 0) || left > 0) return undefined;
        hold(users[1]!);
        return { kind: 'answer', status: 400, code: 'ExpiredToken', message: 'The provided token has expired.' };
      };
      await copyFiles(request(world, ledger, { target })).finally(() => (proxy.fault = () => undefined));
      await expectProven(ledger);
      expect(proxy.requests.some(({ code }) => code === 'ExpiredToken')).toBe(true);
      expect(new Set(proxy.requests.map(({ accessKeyId }) => accessKeyId))).toContain(users[1]);
    });

    it('end the run as denied when nobody replaces them, and it goes on from the parts that arrived', async () => {
      const ledger = await planned();
      const ended = await copyFiles(request(world, ledger, { target: withoutFirstUser(() => undefined) })).catch(
        (error: unknown) => error,
      );
      expect(ended).toMatchObject({ kind: 'denied', code: 'AWS_CREDENTIALS' });
      expect(exitCodeOf(ended)).toBe(EXIT.denied);
      expect(Object.values(outcomes(ledger, RUN)).filter(({ status }) => status !== 'verified')).toEqual([]);
      await createUser(users[1]!);
      hold(users[1]!);
      proxy.requests.length = 0;
      await copyFiles(request(world, ledger, { target }));
      await expectProven(ledger);
      expect(proxy.count(/^UploadPart$/)).toBeLessThan(3 + 1);
    });
  });
});
