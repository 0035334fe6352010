import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sandboxKeys } from '../../src/cli/sandbox-keys.ts';
import { parseKey } from '../../src/domain/privacy/pseudonym.ts';
import { openSandboxProject } from '../e2e/sandbox-project.ts';

const REPOSITORY = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'lakelift-sandbox-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Keys = Record<string, { version: number; file: string }>;

describe('keys of the sandbox', () => {
  it('are made once for each domain, for their owner alone, and stay what they are', async () => {
    const keys = (await sandboxKeys(REPOSITORY, folder)) as Keys;
    expect(Object.keys(keys)).toContain('rh');
    const texts = Object.values(keys).map(({ file }) => readFileSync(file, 'utf8'));
    for (const { file } of Object.values(keys)) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(parseKey(readFileSync(file, 'utf8'))).toHaveLength(32);
    }
    expect(new Set(texts).size).toBe(texts.length);
    expect(await sandboxKeys(REPOSITORY, folder)).toEqual(keys);
    expect(Object.values(keys).map(({ file }) => readFileSync(file, 'utf8'))).toEqual(texts);
    expect(await sandboxKeys(folder, folder)).toEqual({});
  });

  it('let datasets be built at the first try', async () => {
    const keys = await sandboxKeys(REPOSITORY, folder);
    const project = await openSandboxProject({ change: (config) => ({ ...config, privacy: { keys } }) });
    try {
      const datasets = readFileSync(join(REPOSITORY, 'mappings/churn.datasets.yaml'));
      writeFileSync(join(project.root, 'mappings/churn.datasets.yaml'), datasets);
      expect((await project.run('churn')).code).toBe(0);
      const built = await project.lakelift('zones', 'build', 'churn', '--dry-run', '--json');
      expect(built).toMatchObject({ code: 0, stderr: '' });
    } finally {
      await project.close();
    }
  }, 60_000);
});
