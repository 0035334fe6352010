import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SERDE_RULES } from '../../src/domain/rules/storage-format.ts';
import { supportMatrix } from './support-matrix.ts';

const ROOT = join(import.meta.dirname, '../..');
const lineOf = (part: string): string =>
  supportMatrix()
    .split('\n')
    .find((line) => line.includes(part)) ?? '';

describe('docs/support-matrix.md', () => {
  it('is what the rules say now; npm run support-matrix writes it', () => {
    expect(readFileSync(join(ROOT, 'docs/support-matrix.md'), 'utf8')).toBe(supportMatrix());
  });

  it('has a row for every SerDe that has a rule', () => {
    for (const library of SERDE_RULES.flatMap(({ classes }) => classes)) expect(lineOf(`\`${library}\``)).not.toBe('');
  });

  it.each([
    ['LazySimpleSerDe` | text', 'taken over'],
    ['serde2.JsonSerDe` | text', 'taken over as `org.apache.hive.hcatalog.data.JsonSerDe`'],
    ['contrib.serde2.MultiDelimitSerDe', 'asks'],
    ['KuduStorageHandler', 'STORAGE_HANDLER'],
    ['| Iceberg', 'LAKE_FORMAT'],
    ['list-bucketed', 'refused'],
    ['`.deflate`', 'CODEC_UNSUPPORTED'],
    ['| orc | `LZO`', 'CODEC_UNSUPPORTED'],
    ['`.xz`, `.lzma`', 'CODEC_UNSUPPORTED'],
    ['| orc | `ZSTD`', 'taken over'],
    ['| rcfile | `com.hadoop.compression.fourmc.FourMcCodec`', 'CODEC_UNSUPPORTED'],
    ['`avro.schema.url` of a file of this cluster', 'is read from hdfs://cluster/schemas/r.avsc'],
    ['`avro.schema.url` of another cluster', 'AVRO_SCHEMA_URL'],
    ['`uniontype<int,string>`', 'TYPE_UNION'],
  ])('tells of %s: %s', (part, outcome) => {
    expect(lineOf(part)).toContain(outcome);
  });

  it('says what to do wherever it asks', () => {
    const asking = supportMatrix()
      .split('\n')
      .filter((line) => line.includes('asks: '));
    expect(asking.length).toBeGreaterThan(25);
    for (const line of asking) expect(line).toMatch(/\(`[A-Z_]+`\)\. [A-Z]/);
  });
});
