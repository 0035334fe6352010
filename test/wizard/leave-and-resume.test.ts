import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPseudoTerminal, KEY, openTerminal } from '../e2e/pseudo-terminal.ts';
import { openSandboxProject, type SandboxProject } from '../e2e/sandbox-project.ts';

/** Of absences, in the order in which the wizard asks. */
const TABLES = ['absences_prevues', 'arret_travail', 'dsn_salarie', 'salaries'];

// In CI a missing `script` is a failure; elsewhere a visible skip.
describe.skipIf(!hasPseudoTerminal && process.env['CI'] === undefined)('the wizard', () => {
  let project: SandboxProject;
  let reads = Infinity;
  beforeAll(async () => {
    project = await openSandboxProject({
      faults: {
        hdfs: ({ operation, server }) =>
          operation === 'OPEN' && server === 'datanode' && reads++ < 8 ? { kind: 'delay', delayMs: 1500 } : undefined,
      },
    });
  });
  afterAll(() => project.close());

  it('goes back a step, is left with Ctrl-C, and goes on from there: in French, 80 columns wide, without colour', async () => {
    const place = { root: project.root, environment: { ...project.environment, NO_COLOR: '1' } };
    const first = openTerminal(place, ['--lang', 'fr'], '', 80);
    await first.showsNext('Cas d’usage (taper pour chercher)');
    await first.showsNext('❯ + un nouveau cas d’usage');
    first.type(KEY.enter);
    await first.showsNext('Nom court, en kebab-case');
    first.type(`<${KEY.enter}`);
    await first.showsNext('Choisir un cas d’usage');
    await first.showsNext('❯ + un nouveau cas d’usage');
    first.type(KEY.enter);
    await first.showsNext('Nom court, en kebab-case');
    first.type(KEY.ctrlC);
    await first.showsNext('« lakelift wizard » reprend à cet endroit.');
    expect(await first.ended).toBe(130);
    expect(first.output()).toContain('✓ moteur SQL de la cible, duckdb: SELECT 1 donne 1');
    expect(first.output()).not.toContain('INTERRUPTED');
    expect(first.output()).not.toMatch(/\u001b\[3\dm/);

    const second = openTerminal(place, ['wizard', '--lang', 'fr'], '', 80);
    await second.showsNext('a été laissé à « Décrire le cas d’usage ».');
    second.type(KEY.enter);
    await second.showsNext('Nom court, en kebab-case');
    second.type(KEY.ctrlC);
    expect(await second.ended).toBe(130);
    expect(existsSync(join(project.root, '.lakelift/wizard.json'))).toBe(true);
  }, 100_000);

  it('goes back from the plan to the mapping, from the columns to the zones, and from the report to the plan', async () => {
    const terminal = openTerminal(project, ['--lang', 'en']);
    const choose = async (question: string, keys = ''): Promise<void> => {
      await terminal.showsNext(question);
      await terminal.showsNext('‹ back');
      terminal.type(`${keys}${KEY.enter}`);
    };
    const toLast = KEY.up;
    await choose('was left at "Describe the use case"', KEY.down);
    await terminal.showsNext('Use case (type to search)');
    terminal.type('absences');
    await terminal.showsNext('❯ absences');
    terminal.type(KEY.enter);
    await choose('What next?', KEY.down);
    await choose('Zone of each table');
    await choose('what its columns say about persons', toLast);
    await choose('Zone of each table');
    for (const table of TABLES) await choose(`${table}: what its columns say`);
    await choose('This was the dry run: nothing has moved.', KEY.down);
    await choose('Zone of each table');
    for (const table of TABLES) await choose(`${table}: what its columns say`);
    await choose('This was the dry run: nothing has moved.');
    await choose('The report is written.', toLast);
    await terminal.showsNext('This was the dry run: nothing has moved.');
    terminal.type(KEY.ctrlC);
    expect(await terminal.ended).toBe(130);
  }, 100_000);

  it('is left with Ctrl-C while it copies: what was copied is kept, and it goes on with the same plan', async () => {
    const first = openTerminal(project, ['wizard', '--lang', 'en']);
    await first.showsNext('was left at "Review the plan"');
    first.type(`${KEY.down}${KEY.enter}`);
    await first.showsNext('Use case (type to search)');
    first.type('churn');
    await first.showsNext('❯ churn');
    first.type(KEY.enter);
    await first.showsNext('What next?');
    first.type(KEY.enter);
    await first.showsNext('This was the dry run: nothing has moved.');
    reads = 0;
    first.type(KEY.enter);
    await first.showsNext('Copy · ');
    first.type(KEY.ctrlC);
    await first.showsNext('"lakelift wizard" goes on from here');
    expect(await first.ended).toBe(130);
    reads = Infinity;
    const second = openTerminal(project, ['wizard', '--lang', 'en']);
    await second.showsNext('was left at "Run"');
    second.type(KEY.enter);
    await second.showsNext('Source and target are identical.');
    await second.showsNext('The report is written.');
    second.type(KEY.ctrlC);
    expect(await second.ended).toBe(130);
  }, 100_000);

  it('asks nothing without a terminal: it says what to give instead, and ends with 2', async () => {
    const { code, stderr } = await project.lakelift('wizard');
    expect(code).toBe(2);
    expect(stderr).toContain('ANSWER_NEEDED');
  });
});
