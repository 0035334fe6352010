import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { hasPseudoTerminal, KEY, openTerminal } from '../e2e/pseudo-terminal.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';

// In CI a missing `script` is a failure; elsewhere a visible skip.
describe.skipIf(!hasPseudoTerminal && process.env['CI'] === undefined)('the wizard in an empty folder', () => {
  let directory: string;
  let sandbox: Sandbox;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'lakelift-nothing-'));
    sandbox = await startSandbox({ directory: join(directory, 'sandbox') });
  });
  afterAll(async () => {
    await sandbox.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('asks for addresses, writes the configuration that it showed, and tries again once a failed check is mended', async () => {
    const { source, target, zones } = sandbox.configuration;
    const root = directory;
    const terminal = openTerminal({ root, environment: sandbox.environment }, ['--lang', 'en']);
    const answer = async (question: string, text: string): Promise<void> => {
      await terminal.showsNext(question);
      terminal.type(`${text}${KEY.enter}`);
    };
    await answer('URLs of the NameNodes', source.hdfs.nameNodes[0]!);
    await answer('HDFS user', source.hdfs.user);
    // Nothing listens there.
    await answer('Hive metastore', 'thrift://127.0.0.1:9');
    await answer('AWS region', target.region);
    await answer('Bucket of the raw zone', '<');
    await answer('AWS region', target.region);
    await answer('Bucket of the raw zone', zones.raw.bucket);
    await terminal.showsNext('+ metastore:');
    expect(existsSync(join(root, 'lakelift.yaml'))).toBe(false);
    await answer('Write', '');
    await terminal.showsNext('✗ Hive schemas: no metastore answers');
    await terminal.showsNext('❯ Try again');
    const file = join(root, 'lakelift.yaml');
    const written = parse(readFileSync(file, 'utf8')) as { source: object; target: object };
    writeFileSync(file, stringify({ ...written, source, target }));
    terminal.type(KEY.enter);
    await terminal.showsNext('❯ + a new use case');
    terminal.type(KEY.ctrlC);
    expect(await terminal.ended).toBe(130);
  }, 100_000);
});
