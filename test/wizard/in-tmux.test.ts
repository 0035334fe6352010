import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MAIN } from '../e2e/project.ts';
import { openSandboxProject, type SandboxProject } from '../e2e/sandbox-project.ts';

const hasTmux = spawnSync('tmux', ['-V']).status === 0;

/** What stands on the screen of a multiplexer, which redraws by rules of its own, is what a person sees over SSH. */
describe.skipIf(!hasTmux)('the wizard in tmux, 80 columns wide', () => {
  let project: SandboxProject;
  let socket: string;
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-u', '-S', socket, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      cwd: project.root,
      env: { ...process.env, CI: undefined, NO_COLOR: '1', LANG: 'C.UTF-8', ...project.environment },
    });
  const screen = (): string[] => tmux('capture-pane', '-p').trimEnd().split('\n');
  const shows = (text: string): Promise<boolean> =>
    vi.waitUntil(() => screen().some((line) => line.includes(text)), { timeout: 45_000, interval: 100 });

  beforeAll(async () => {
    project = await openSandboxProject();
    socket = join(project.root, 'tmux');
    const command = [process.execPath, MAIN, 'wizard', '--lang', 'fr'].map((word) => `'${word}'`).join(' ');
    tmux('new-session', '-d', '-x', '80', '-y', '24', `${command}; echo "fin $?"; sleep 60`);
  }, 60_000);
  afterAll(async () => {
    spawnSync('tmux', ['-S', socket, 'kill-server']);
    await project.close();
  });

  it('draws its lists over themselves, whichever way the mark goes, and leaves the screen in order', async () => {
    await shows('❯ + un nouveau cas d’usage');
    const before = screen();
    for (const key of ['Down', 'Down', 'Up']) tmux('send-keys', key);
    await shows('❯ absences');
    tmux('send-keys', 'Up');
    await shows('❯ + un nouveau cas d’usage');
    expect(screen()).toEqual(before);
    expect(before.filter((line) => line.includes('❯'))).toHaveLength(1);
    tmux('send-keys', 'Enter');
    await shows('Nom court, en kebab-case');
    tmux('send-keys', 'C-c');
    await shows('fin 130');
    expect(screen().join('\n')).toContain('« lakelift wizard » reprend à cet endroit.');
  }, 100_000);
});
