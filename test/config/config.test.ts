import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configJsonSchema, loadProject, parseConfig } from '../../src/config/config.ts';

const SMALLEST = `source:
  hdfs: { nameNodes: ['http://nn:9870'] }
  hive: { metastore: ['thrift://hms:9083'] }
target: { region: eu-west-3 }
zones:
  raw: { bucket: acme-raw }
`;

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'lakelift-config-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const load = (text: string): Promise<unknown> => {
  writeFileSync(join(root, 'lakelift.yaml'), text);
  return loadProject(root);
};

describe('lakelift.yaml', () => {
  it('needs little, and fills in the rest', async () => {
    expect(await load(SMALLEST)).toMatchObject({
      config: { limits: { filesAtOnce: 64, partSize: 16 * 1024 * 1024 }, state: { directory: '.lakelift' } },
    });
  });

  it('takes sizes as people write them', async () => {
    expect(await load(`${SMALLEST}limits: { partSize: 64 MiB, maxBytesPerSecond: 1.5 GB }\n`)).toMatchObject({
      config: { limits: { partSize: 67_108_864, maxBytesPerSecond: 1_500_000_000 } },
    });
  });

  it.each([
    ['an unknown key', SMALLEST.replace('hdfs: {', 'hdfs: { usr: x,'), 'lakelift.yaml:2:11: unknown key "usr"'],
    [
      'a wrong URL',
      SMALLEST.replace('http://nn:9870', 'nn:9870'),
      'lakelift.yaml:2:23: source.hdfs.nameNodes.0: must be an http or https URL',
    ],
    [
      'no way to the schemas',
      SMALLEST.replace("metastore: ['thrift://hms:9083']", ''),
      'lakelift.yaml:3:9: source.hive: needs a metastore or a hiveServer2',
    ],
    [
      'a size without meaning',
      `${SMALLEST}limits: { partSize: 16 Mo }\n`,
      'lakelift.yaml:7:21: limits.partSize: must be a size such as "16 MiB"',
    ],
    ['a key given twice', `${SMALLEST}zones: {}\n`, 'lakelift.yaml:7:1'],
    ['text that is no YAML', 'source: [', 'lakelift.yaml:1:'],
  ])('names file, line and column of %s', async (_what, text, message) => {
    await expect(load(text)).rejects.toMatchObject({
      kind: 'usage',
      code: 'FILE_INVALID',
      message: expect.stringContaining(message) as string,
    });
  });

  it('says what to do when it is not there', async () => {
    await expect(loadProject(root)).rejects.toMatchObject({
      kind: 'usage',
      hint: expect.stringContaining('lakelift init') as string,
    });
  });

  it('is documented by an example that is true', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8');
    const example = /```yaml\n([\s\S]*?)```/.exec(page)![1]!;
    expect(parseConfig(parse(example)).zones.raw?.bucket).toBe('acme-raw');
    const uncommented = example.replaceAll(
      /^( *)# (?=(delegationTokenFile|caFile|s3|glue|maxBytesPerSecond|publishTo):)/gm,
      '$1',
    );
    expect(parseConfig(parse(uncommented)).reports.publishTo).toBe('s3://acme-reports/lakelift/');
  });

  it('has a JSON Schema for editors that is current', async () => {
    await expect(`${JSON.stringify(configJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
      '../../docs/schema/lakelift.schema.json',
    );
  });
});
