import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contender, Load } from './contender.ts';
import { measure } from './measure.ts';
import { createBucket, deleteBucket, sizeOfBucket } from './rclone.ts';
import type { Servers } from './servers.ts';

export interface Result {
  readonly contender: string;
  readonly proof: string;
  readonly load: Load;
  readonly round: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMemoryBytes: number;
  readonly sourceCpuSeconds: number;
  readonly targetCpuSeconds: number;
}

/** Every contender in every round, one after the other, in turning order: what disturbs the machine disturbs all of them. */
export async function race(
  servers: Servers,
  loads: readonly Load[],
  { contenders, rounds }: { contenders: readonly Contender[]; rounds: number },
): Promise<Result[]> {
  const results: Result[] = [];
  // Round 0 warms up the servers' Java and the page cache, and is forgotten.
  for (let round = 0; round <= rounds; round++)
    for (const load of loads) {
      const able = contenders.filter((contender) => contender.loads?.includes(load.name) ?? true);
      for (let turn = 0; turn < able.length; turn++) {
        const contender = able[(turn + round) % able.length]!;
        const result = await runOnce(servers, { contender, load, round });
        if (round > 0) results.push(result);
        console.error(
          `round ${round} ${load.name} ${result.contender}: ${result.wallSeconds.toFixed(2)} s, CPU ${result.cpuSeconds.toFixed(2)} s`,
        );
      }
    }
  return results;
}

async function runOnce(
  servers: Servers,
  { contender, load, round }: { contender: Contender; load: Load; round: number },
): Promise<Result> {
  const bucket = `bench-${load.name}-${contender.name.toLowerCase().replaceAll(' ', '-')}-${round}`;
  // The same in every round: a script that stays where it is is compiled once.
  const directory = join(tmpdir(), `lakelift-bench-${process.pid}-${contender.name.replaceAll(' ', '-')}`);
  await mkdir(directory);
  await createBucket(servers, bucket);
  try {
    const job = { servers, load, bucket, directory };
    const command = await contender.prepare(job);
    const before = servers.cpu();
    const usage = await measure(command);
    const after = servers.cpu();
    await expectEverything(servers, contender.name, { load, bucket });
    contender.check?.(usage, job);
    const { wallSeconds, cpuSeconds, peakMemoryBytes } = usage;
    return {
      contender: contender.name,
      proof: contender.proof,
      load,
      round,
      wallSeconds,
      cpuSeconds,
      peakMemoryBytes,
      sourceCpuSeconds: after.source - before.source,
      targetCpuSeconds: after.target - before.target,
    };
  } finally {
    await deleteBucket(servers, bucket);
    await servers.dropDeleted();
    await rm(directory, { recursive: true, force: true });
  }
}

async function expectEverything(
  servers: Servers,
  name: string,
  { load, bucket }: { load: Load; bucket: string },
): Promise<void> {
  const { count, bytes } = await sizeOfBucket(servers, bucket);
  if (count !== load.files || bytes !== load.sizeBytes)
    throw new Error(`${name} left ${count} objects of ${bytes} bytes where ${load.files} of ${load.sizeBytes} are due`);
}
