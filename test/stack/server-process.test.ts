import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServer, type ServerCommand } from './server-process.ts';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'lakelift-server-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function server(script: string, changes: Partial<ServerCommand> = {}): ServerCommand {
  const common = {
    name: 'metastore',
    command: 'sh',
    args: ['-c', script],
    cwd: directory,
    logFile: join(directory, 'log'),
  };
  return { ...common, isReady: () => Promise.resolve(false), readyWithinMs: 5000, ...changes };
}

describe('a server of the stack', () => {
  it('that ends while starting is named, with the end of its log', async () => {
    await expect(startServer(server('echo port in use; exit 3'))).rejects.toThrow(
      /metastore ended while starting[^]*port in use/,
    );
  });

  it('that does not get ready in time is named and ended', async () => {
    const starting = startServer(server('echo $$ > pid; echo still loading; exec sleep 60', { readyWithinMs: 500 }));
    await expect(starting).rejects.toThrow(/metastore was not ready within 500 ms[^]*still loading/);
    const processId = Number(readFileSync(join(directory, 'pid'), 'utf8'));
    expect(() => process.kill(processId, 0)).toThrow('ESRCH');
  });

  it('runs until it is stopped', async () => {
    const running = await startServer(server('exec sleep 60', { isReady: () => Promise.resolve(true) }));
    expect(process.kill(running.processId, 0)).toBe(true);
    await running.stop();
    expect(() => process.kill(running.processId, 0)).toThrow('ESRCH');
  });
});
