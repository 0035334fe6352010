import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { parse } from 'yaml';
import { afterEach, describe, expect, it } from 'vitest';
import { hasPseudoTerminal, KEY, openTerminal } from './pseudo-terminal.ts';
import { openSandboxProject, type SandboxProject } from './sandbox-project.ts';

let project: SandboxProject;
afterEach(() => project.close());

// In CI a missing `script` is a failure; elsewhere a visible skip.
describe.skipIf(!hasPseudoTerminal && process.env['CI'] === undefined)('at a terminal', () => {
  it('run shows the plan, asks, and goes on after a yes, with a line of progress', async () => {
    project = await openSandboxProject();
    const terminal = openTerminal(project, ['run', 'absences']);
    await terminal.shows('Run this plan (');
    expect(terminal.output()).toContain('plan hash: ');
    expect(await Array.fromAsync(project.store.listObjects('sandbox-raw', ''))).toEqual([]);
    terminal.type(`y${KEY.enter}`);
    await terminal.shows('Source and target are identical.');
    expect(await terminal.ended).toBe(0);
    expect(terminal.output()).toContain('\u001b[32m✓\u001b[39m');
    expect(terminal.output()).toMatch(/\rCopy · .*\u001b\[K/);
  }, 60_000);

  it('run that is declined, as Enter alone does, copies nothing and ends with 7', async () => {
    project = await openSandboxProject();
    const terminal = openTerminal(project, ['run', 'absences']);
    await terminal.shows('Run this plan (');
    terminal.type(KEY.enter);
    await terminal.shows('Nothing was done.');
    expect(await terminal.ended).toBe(7);
    expect(await Array.fromAsync(project.store.listObjects('sandbox-raw', ''))).toEqual([]);
  }, 60_000);

  it('the question is on the terminal and not in a redirected stdout; Ctrl-C answers it with 130', async () => {
    project = await openSandboxProject();
    const terminal = openTerminal(project, ['run', 'absences'], '> plan.txt');
    await terminal.shows('Run this plan (');
    terminal.type(KEY.ctrlC);
    expect(await terminal.ended).toBe(130);
    expect(terminal.output()).toContain('INTERRUPTED');
    const redirected = readFileSync(join(project.root, 'plan.txt'), 'utf8');
    expect(redirected).toContain('plan hash: ');
    expect(redirected).not.toContain('Run this plan');
    expect(redirected).not.toContain('\u001b');
  }, 60_000);

  it('Ctrl-C while copying drains and ends with 130; the same command goes on', async () => {
    let reads = 0;
    project = await openSandboxProject({
      faults: {
        hdfs: ({ operation, server }) =>
          operation === 'OPEN' && server === 'datanode' && reads++ < 8 ? { kind: 'delay', delayMs: 1500 } : undefined,
      },
    });
    const terminal = openTerminal(project, ['run', 'absences', '--yes']);
    await terminal.shows(/Copy · /);
    terminal.type(KEY.ctrlC);
    await terminal.shows('finishing what is in flight');
    expect(await terminal.ended).toBe(130);
    expect((await project.run('absences')).code).toBe(0);
  }, 60_000);

  it('init asks for what the options leave open, again after an empty answer, and writes it', async () => {
    project = await openSandboxProject();
    mkdirSync(join(project.root, 'fresh'));
    const terminal = openTerminal(project, ['init', '--config', 'fresh/lakelift.yaml', '--region', 'eu-west-3']);
    const answer = async (question: string, ...texts: string[]): Promise<void> => {
      await terminal.shows(question);
      for (const text of texts) terminal.type(`${text}${KEY.enter}`);
    };
    await answer('NameNodes', '');
    await answer('--name-node', 'http://nn1:9870 http://nn2:9870');
    await answer('HDFS user', '');
    await answer('Hive metastore', 'thrift://hms:9083');
    await answer('Bucket of the raw zone', 'acme-raw');
    expect(await terminal.ended).toBe(0);
    expect(stripVTControlCharacters(terminal.output())).toContain('next: lakelift doctor');
    expect(parse(readFileSync(join(project.root, 'fresh/lakelift.yaml'), 'utf8'))).toEqual({
      source: {
        hdfs: { nameNodes: ['http://nn1:9870', 'http://nn2:9870'], authorities: [] },
        hive: { metastore: ['thrift://hms:9083'] },
      },
      target: { region: 'eu-west-3' },
      zones: { raw: { bucket: 'acme-raw' } },
    });
  }, 60_000);
});
