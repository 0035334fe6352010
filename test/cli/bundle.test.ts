import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundle, COMMANDS } from '../../.config/bundle.ts';
import { BUNDLE_RECORD, BUNDLES, findBundled } from '../../src/cli/bundle.js';

const SOURCES = {
  'main.ts': `import { readFileSync } from 'node:fs';
import { part } from './only-names.ts';
console.log(part + ', ' + readFileSync(new URL('./beside.txt', import.meta.url), 'utf8').trim());
`,
  'only-names.ts': "export { part } from './part.ts';\n",
  'part.ts': "export const part: string = 'part of the whole';\n",
  'beside.txt': 'beside\n',
};

let parent: string;
let root: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'lakelift-bundle-'));
  // What a URL would take for something else.
  root = join(parent, 'copy #1 of 50% ?');
  mkdirSync(root);
  for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(root, name), text);
});

afterEach(() => rmSync(parent, { recursive: true, force: true }));

const made = (): Promise<void> => bundle({ root, entries: { main: 'main.ts' } });
const found = (): string | undefined => findBundled(root, 'main');

function run(...args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
}

describe('A bundle', () => {
  it('says what the sources say, and finds what lies beside them', async () => {
    expect(found()).toBeUndefined();
    await made();
    expect(run(found()!)).toBe(run(join(root, 'main.ts')));
    expect(run(found()!)).toBe('part of the whole, beside\n');
  });

  it.each(['main.ts', 'part.ts', 'only-names.ts'])(
    'is not run once %s was changed, until it is made anew',
    async (name) => {
      await made();
      const before = found()!;
      writeFileSync(join(root, name), `${readFileSync(join(root, name), 'utf8')}// changed\n`);
      expect(found()).toBeUndefined();
      await made();
      expect(run(found()!)).toBe('part of the whole, beside\n');
      // Somebody may be running it.
      expect(existsSync(before)).toBe(true);
    },
  );

  it('is not run once a source is gone, nor where packages are others', async () => {
    writeFileSync(join(root, 'package-lock.json'), '{}');
    await made();
    expect(found()).toBeDefined();
    writeFileSync(join(root, 'package-lock.json'), '{ "lockfileVersion": 3 }');
    expect(found()).toBeUndefined();
    await made();
    rmSync(join(root, 'part.ts'));
    expect(found()).toBeUndefined();
  });

  it('is not run in a copy of the folder, whose neighbours are others', async () => {
    await made();
    const elsewhere = join(parent, 'elsewhere');
    cpSync(root, elsewhere, { recursive: true, preserveTimestamps: true });
    expect(found()).toBeDefined();
    expect(findBundled(elsewhere, 'main')).toBeUndefined();
  });

  it('is not run where its record was cut off, or where it is gone itself', async () => {
    await made();
    const record = join(root, BUNDLES, BUNDLE_RECORD);
    const whole = readFileSync(record, 'utf8');
    writeFileSync(record, whole.slice(0, 100));
    expect(found()).toBeUndefined();
    writeFileSync(record, whole);
    rmSync(found()!);
    expect(found()).toBeUndefined();
    await made();
    expect(run(found()!)).toBe('part of the whole, beside\n');
  });

  it('is not run once the way in which it is made was changed', async () => {
    const way = join(root, '.config/bundle.ts');
    mkdirSync(dirname(way));
    writeFileSync(way, '// before\n');
    await made();
    expect(found()).toBeDefined();
    writeFileSync(way, '// after it\n');
    expect(found()).toBeUndefined();
  });

  it('takes what it needs of Node, and not what comes along with an import', async () => {
    const source = `import { hash } from 'node:crypto';
import events, { once as onceOf } from 'node:events';
import * as buffer from 'node:buffer';
import { default as path, sep } from 'node:path';
export { EOL } from 'node:os';
const { request } = await import('node:http');
const whole = (await import('node:http')).default;
console.log([events.once === onceOf, buffer.isUtf8(buffer.Buffer.from('é')), path.sep === sep, request === whole.request]);
const isLoaded = (name: string): boolean => process.moduleLoadList.some((loaded) => loaded.endsWith(name));
console.log(hash('md5', ''), isLoaded('undici/undici'), isLoaded('crypto/webcrypto'));
`;
    writeFileSync(join(root, 'main.ts'), source);
    await made();
    const [works, loaded] = run(join(root, 'main.ts')).split('\n');
    expect(loaded).toBe('d41d8cd98f00b204e9800998ecf8427e true true');
    expect(run(found()!)).toBe(`${works}\nd41d8cd98f00b204e9800998ecf8427e false false\n`);
    expect(works).toBe('[ true, true, true, true ]');
  });

  it('is not made anew of the same sources', async () => {
    await made();
    const before = found();
    await made();
    expect(found()).toBe(before);
    expect(readdirSync(join(root, BUNDLES))).toHaveLength(2);
  });

  it('stays for two months after it was replaced, however old it is: a run may have begun with it', async () => {
    const replacements: string[] = [];
    for (const text of ['1', '2', '3']) {
      writeFileSync(join(root, 'part.ts'), `${SOURCES['part.ts']}// ${text}\n`);
      await made();
      replacements.push(dirname(found()!));
      utimesSync(replacements.at(-1)!, new Date(0), new Date(0));
    }
    const [first, second, third] = replacements as [string, string, string];
    expect([first, second, third].map(existsSync)).toEqual([true, true, true]);
    utimesSync(first, new Date(0), new Date(0));
    writeFileSync(join(root, 'part.ts'), SOURCES['part.ts']);
    await made();
    expect([first, second, third].map(existsSync)).toEqual([false, true, true]);
  });

  it('leaves none in place of the one before when a source cannot be read', async () => {
    await made();
    writeFileSync(join(root, 'part.ts'), 'export const part = ;');
    await expect(made()).rejects.toThrow('part.ts');
    expect(found()).toBeUndefined();
  });
});

describe('A command', () => {
  it('starts from the bundle or the sources, wherever they stand', async () => {
    const cli = join(root, 'src/cli');
    mkdirSync(cli, { recursive: true });
    for (const file of ['start.js', 'bundle.js', 'compiled-code.js', 'heap-limits.js'])
      cpSync(join(COMMANDS.root, 'src/cli', file), join(cli, file));
    writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(cli, 'main.ts'), "console.log('here');\n");
    await bundle({ ...COMMANDS, root });
    const bundled = findBundled(root, 'lakelift')!;
    expect(run(join(cli, 'start.js'))).toBe('here\n');
    expect(loadedBy(join(cli, 'start.js'))).toContain(bundled);
    writeFileSync(join(cli, 'main.ts'), "console.log('elsewhere');\n");
    expect(run(join(cli, 'start.js'))).toBe('elsewhere\n');
  });

  it('of this copy starts from its bundle', async () => {
    await bundle(COMMANDS);
    const [name] = Object.keys(COMMANDS.entries);
    const loaded = loadedBy(join(COMMANDS.root, 'src/cli/start.js'), '--version');
    expect(loaded).toContain(findBundled(COMMANDS.root, name!));
    // What reads TypeScript is loaded with the first file of it, and takes longer than the command itself.
    expect(loaded.filter((path) => path.endsWith('.ts'))).toEqual([]);
  });
});

/** Paths of the modules that a script loads. */
function loadedBy(...args: readonly string[]): string[] {
  const coverage = join(parent, 'coverage');
  const { status } = spawnSync(process.execPath, args, { env: { ...process.env, NODE_V8_COVERAGE: coverage } });
  expect(status).toBe(0);
  return readdirSync(coverage).flatMap((file) => {
    const { result } = JSON.parse(readFileSync(join(coverage, file), 'utf8')) as { result: { url: string }[] };
    return result.filter(({ url }) => url.startsWith('file:')).map(({ url }) => fileURLToPath(url));
  });
}
