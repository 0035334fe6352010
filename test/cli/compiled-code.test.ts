import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bundle, COMMANDS } from '../../.config/bundle.ts';

const CLI = join(import.meta.dirname, '../../src/cli');
/** Prints which of Node's own modules were compiled although Node brings their code along. */
const PROBE = `
const { getCacheUsage } = require('internal/test/binding').internalBinding('builtins');
process.on('exit', () => console.error(JSON.stringify([...getCacheUsage().compiledWithoutCache])));
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lakelift-compiled-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function node(...args: readonly string[]): { stderr: string } {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'cache') };
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  expect(status).toBe(0);
  return { stderr };
}

it('no command compiles what Node brings along compiled', async () => {
  // From their sources, packages load more of it.
  await bundle(COMMANDS);
  const probe = write('probe.cjs', PROBE);
  const { stderr } = node('--expose-internals', '--require', probe, join(CLI, 'start.js'), 'run', '--help');
  const compiled = JSON.parse(stderr.trim().split('\n').at(-1)!) as string[];
  expect(compiled.filter((name) => !name.startsWith('internal/'))).toEqual([]);
});

it('keeps the code of functions that are called after their module was loaded', () => {
  const long = Array.from({ length: 2000 }, (_, line) => `sum += ${line} * sum;`).join('\n');
  const script = write(
    'called.mjs',
    `setImmediate(() => called(1));\nfunction called(sum) {\n${long}\nreturn sum;\n}\n`,
  );
  const keptBytes = (...args: readonly string[]): number => {
    node(...args, script);
    const kept = join(folder, 'cache');
    const sizes = readdirSync(kept, { recursive: true, encoding: 'utf8' }).map((path) => statSync(join(kept, path)));
    rmSync(kept, { recursive: true });
    return sizes.reduce((sum, stats) => sum + (stats.isFile() ? stats.size : 0), 0);
  };
  expect(keptBytes()).toBeLessThan(5_000);
  expect(keptBytes('--import', join(CLI, 'compiled-code.js'))).toBeGreaterThan(10_000);
});
