import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const HANDLE = new URL('../../../src/adapters/threads/socket-thread-handle.ts', import.meta.url).href;
/** Whatever compiled code is of no use any more is freed at once, and V8 says so. */
const FLAGS = ['--no-warnings', '--stress-wasm-code-gc', '--trace-wasm-code-gc'];
const USE_WEB_ASSEMBLY = `
  import { writeSync } from 'node:fs';
  import { stripTypeScriptTypes } from 'node:module';
  writeSync(1, 'BEGIN');
  for (let i = 0; i < 2000; i++) stripTypeScriptTypes('const length: number = ' + i);
`;

describe('SocketThreadHandle', () => {
  it(
    'keeps V8 from freeing the WebAssembly that threads share, which it may do twice',
    { timeout: 30_000 },
    async () => {
      expect(await freedBy(USE_WEB_ASSEMBLY)).toContain('Starting GC');
      expect(await freedBy(`import '${HANDLE}'; ${USE_WEB_ASSEMBLY}`)).not.toContain('Starting GC');
    },
  );
});

async function freedBy(code: string): Promise<string> {
  const args = [...FLAGS, '--input-type=module', '--eval', code];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('BEGIN')[1]!;
}
