import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPseudoTerminal, KEY, openTerminal } from '../e2e/pseudo-terminal.ts';
import { openSandboxProject, type SandboxProject } from '../e2e/sandbox-project.ts';

// In CI a missing `script` is a failure; elsewhere a visible skip.
describe.skipIf(!hasPseudoTerminal && process.env['CI'] === undefined)('the wizard', () => {
  let project: SandboxProject;
  beforeAll(async () => {
    project = await openSandboxProject();
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
    expect(first.output()).not.toMatch(/\u001b\[3\dm/);

    const second = openTerminal(place, ['wizard', '--lang', 'fr'], '', 80);
    await second.showsNext('a été laissé à « Décrire le cas d’usage ».');
    second.type(KEY.enter);
    await second.showsNext('Nom court, en kebab-case');
    second.type(KEY.ctrlC);
    expect(await second.ended).toBe(130);
    expect(existsSync(join(project.root, '.lakelift/wizard.json'))).toBe(true);
  }, 100_000);

  it('asks nothing without a terminal: it says what to give instead, and ends with 2', async () => {
    const { code, stderr } = await project.lakelift('wizard');
    expect(code).toBe(2);
    expect(stderr).toContain('ANSWER_NEEDED');
  });
});
