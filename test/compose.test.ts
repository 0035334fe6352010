import { mkdtempSync, rmSync } from 'node:fs';
import type * as NodeOs from 'node:os';
import { tmpdir, type CpuInfo } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect } from '../src/compose.ts';
import { parseConfig } from '../src/config/config.ts';
import { crcOf, crcToBase64 } from '../src/domain/checksum/crc.ts';
import { s3Key } from '../src/domain/names.ts';
import type { Platform } from '../src/ports/platform.ts';
import type { AdaptiveLimit } from '../src/resilience/adaptive-limit.ts';
import type { Fault } from '../src/sandbox/fault.ts';
import { startS3Server } from '../src/sandbox/s3/s3-server.ts';

/** What each core does with every 100 ms; undefined for this machine's own. */
let coreTimes: { readonly idleMs: number; readonly workMs: number } | undefined;
const times = { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 };
vi.mock('node:os', async (original) => {
  const os = await original<typeof NodeOs>();
  const cpus = (): CpuInfo[] => {
    if (coreTimes === undefined) return os.cpus();
    times.idle += coreTimes.idleMs;
    times.user += coreTimes.workMs;
    return [1, 2].map(() => ({ model: '', speed: 0, times: { ...times } }));
  };
  return { ...os, cpus };
});

const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox-secret' };
const body = Uint8Array.of(1, 2, 3);
const crc32c = crcToBase64(crcOf('CRC32C').sum(body));

describe('A platform under pressure', () => {
  let directory: string;
  let server: Awaited<ReturnType<typeof startS3Server>>;
  let platform: Platform;
  let fault: Fault | undefined;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'lakelift-compose-'));
    const faults = (): Fault | undefined => {
      const now = fault;
      fault = undefined;
      return now;
    };
    server = await startS3Server({ directory, credentials, faults });
    vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
    const client = new S3Client({ endpoint: server.url, region: 'eu-west-3', forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: 'raw' }));
    client.destroy();
    const config = parseConfig({
      source: { hdfs: { nameNodes: ['http://127.0.0.1:1'] }, hive: { metastore: ['thrift://127.0.0.1:1'] } },
      target: { region: 'eu-west-3', s3: { endpoint: server.url, forcePathStyle: true } },
      zones: {},
    });
    platform = await connect({ root: directory, config }, () => undefined);
    // The short way of bodies begins with the second write to a bucket.
    await put('first');
  });
  afterEach(async () => {
    await platform.close();
    await server.close();
    rmSync(directory, { recursive: true });
    vi.unstubAllEnvs();
  });

  const put = (key: string) =>
    platform.store.putObject({
      address: { bucket: 'raw', key: s3Key(key) },
      body,
      crc32c,
      metadata: {},
      condition: { kind: 'if-absent' },
    });
  const atOnce = (): number[] =>
    [platform.copySlots.parts, platform.copySlots.smallFiles].map((slots) => (slots as AdaptiveLimit).concurrency);

  it('halves what it does at a time by a single 503, though the SDK would send the request again and say nothing', async () => {
    expect(atOnce()).toEqual([4, 64]);
    fault = { kind: 'error', status: 503, code: 'SlowDown' };
    await put('second');
    expect(atOnce()).toEqual([2, 32]);
  });

  it('does not take a refusal of another kind for pressure', async () => {
    await expect(put('first')).rejects.toMatchObject({ code: 'S3_CONFLICT' });
    expect(atOnce()).toEqual([4, 64]);
  });
});

describe('Parts at a time', () => {
  afterEach(() => {
    coreTimes = undefined;
    vi.useRealTimers();
  });

  it.each([
    { machine: 'has room for it', coreTimes: { idleMs: 50, workMs: 50 }, atOnce: 16 },
    { machine: 'has none for it', coreTimes: { idleMs: 5, workMs: 95 }, atOnce: 4 },
  ])('are $atOnce where a store takes more and this machine $machine', async (given) => {
    ({ coreTimes } = given);
    vi.useFakeTimers({ toFake: ['performance'] });
    const config = parseConfig({
      source: { hdfs: { nameNodes: ['http://127.0.0.1:1'] }, hive: { metastore: ['thrift://127.0.0.1:1'] } },
      target: { region: 'eu-west-3' },
      zones: {},
    });
    const platform = await connect({ root: tmpdir(), config }, () => undefined);
    const parts = platform.copySlots.parts as AdaptiveLimit;
    for (let part = 0; part < 100; part++) void parts.run(() => new Promise(() => undefined));
    for (let window = 0; window < 6; window++) {
      vi.advanceTimersByTime(1000);
      parts.moved(parts.concurrency * 1e6);
    }
    expect(parts.concurrency).toBe(given.atOnce);
    await platform.close();
  });
});
