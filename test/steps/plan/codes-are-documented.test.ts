import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const SOURCES = [
  'src/domain/rules/*.ts',
  'src/domain/{cluster,hidden-name,object-key,partition-placement}.ts',
  'src/steps/plan/*.ts',
  'src/steps/source-tables.ts',
];

it('every code that a plan can give is explained in docs/mapping.md', () => {
  const text = globSync(SOURCES, { cwd: ROOT })
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .join('\n');
  const patterns = [
    /code: '([A-Z_]+)'/g,
    /UnsupportedType\(\s*'([A-Z_]+)'/g,
    /reasonOf\(error, '([A-Z_]+)'\)/g,
    /'(PARTITION_FOLDER_[A-Z]+)'/g,
  ];
  const codes = new Set(patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, code]) => code!)));
  // Thrown, not planned: the error explains itself.
  for (const thrown of ['ZONE_NOT_CONFIGURED', 'PARTITION_LISTED_TWICE']) codes.delete(thrown);
  expect(codes.size).toBeGreaterThan(50);
  const documentation = readFileSync(join(ROOT, 'docs/mapping.md'), 'utf8');
  expect([...codes].filter((code) => !documentation.includes(`\`${code}\``))).toEqual([]);
});
