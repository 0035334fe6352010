import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebHdfsWriter } from '../../src/hdfs-webhdfs-client/index.ts';

export interface ExampleWorld {
  /** As a user gives them: a standby may stand first. */
  readonly nameNodes: readonly string[];
  close(): Promise<void>;
}

const README = new URL('../../src/hdfs-webhdfs-client/README.md', import.meta.url);
const ROOT = new URL('../..', import.meta.url);

/** The examples of the library's README, run as they stand by a Node of their own. */
export function describeReadmeExamples(open: () => Promise<ExampleWorld>): void {
  const examples = [...readFileSync(README, 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code!);
  const directory = mkdtempSync(join(tmpdir(), 'lakelift-examples-'));
  const target = join(directory, 'copy');
  const body = randomBytes(20_000_001);
  let world: ExampleWorld;
  let writer: WebHdfsWriter;

  beforeAll(async () => {
    world = await open();
    writer = new WebHdfsWriter({ nameNodes: world.nameNodes, authentication: { kind: 'user', user: 'hdfs' } });
    await writer.delete('/data/events', { recursive: true });
    await writer.create('/data/events/a', Buffer.alloc(1000));
    await writer.create('/data/events/b', Buffer.alloc(234));
    await writer.makeDirectories('/data/events/below');
    await writer.create('/data/large.bin', body, { blockSizeBytes: 1024 * 1024, overwrite: true });
  });
  afterAll(async () => {
    await writer.delete('/data/events', { recursive: true });
    await writer.delete('/data/large.bin');
    writer.close();
    await world.close();
    rmSync(directory, { recursive: true });
  });

  const run = async (code: string): Promise<string> => {
    const env = { ...process.env, HDFS_URLS: world.nameNodes.join(','), TARGET: target };
    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', code], { cwd: ROOT, env });
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(errors).toBe('');
    return output.trim();
  };

  it('has three', () => expect(examples.length).toBe(3));

  it('lists', async () => expect(await run(examples[0]!)).toBe('2 files, 1234 bytes'));

  it('copies and proves', async () => {
    expect(await run(examples[1]!)).toMatch(/^proven: [0-9a-f]{32}$/);
    expect(readFileSync(target).equals(body)).toBe(true);
  });

  it('works with a token', async () => expect(await run(examples[2]!)).toBe('DIRECTORY true\ndenied'));

  describe('the copy', () => {
    it('does not prove what is not the same', async () => {
      // The same program, given a file that was changed behind its back.
      const spoiled = examples[1]!.replace('const copy = await readFile(target);', '$&\ncopy[12_345_678]! ^= 1;');
      expect(spoiled).not.toBe(examples[1]);
      expect(await run(spoiled)).toBe('DIFFERENT');
    });
  });
}
