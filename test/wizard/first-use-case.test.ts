import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPseudoTerminal, openTerminal } from '../e2e/pseudo-terminal.ts';
import { mapping, openSandboxProject, script, type SandboxProject } from '../e2e/sandbox-project.ts';
import { answersOfPage, give } from './page-answers.ts';

const REPOSITORY = join(import.meta.dirname, '../..');

/** Numbers and addresses that stand in a file of the lake. */
function valuesOf({ sandbox }: SandboxProject, path: string): string[] {
  const file = [...sandbox.lake.files].find((one) => one.path === path)!;
  return [
    ...Buffer.from(file.content)
      .toString()
      .matchAll(/\d{14}|[^;\s]+@[^;\s]+/g),
  ].map(([value]) => value);
}

// In CI a missing `script` is a failure; elsewhere a visible skip.
describe.skipIf(!hasPseudoTerminal && process.env['CI'] === undefined)("a new user's first half hour", () => {
  let project: SandboxProject;

  beforeAll(async () => {
    const ids = readdirSync(join(REPOSITORY, 'migrations')).map((name) => name.replace(/\.ts$/, ''));
    project = await openSandboxProject({
      lake: 'whole',
      migrations: Object.fromEntries(ids.map((id) => [id, script(id)])),
      mappings: Object.fromEntries(ids.map((id) => [id, mapping(id)])),
    });
  }, 120_000);
  afterAll(() => project.close());

  it('leads from a fresh clone to an accepted report, as the page says', async () => {
    const terminal = openTerminal(project, ['wizard', '--lang', 'en']);
    for (const answer of answersOfPage()) await give(terminal, answer);
    await terminal.showsNext('The same in batch:');
    expect(await terminal.ended).toBe(0);
    const written = (path: string): string => readFileSync(join(project.root, path), 'utf8');
    expect(written('migrations/partner-access.ts')).toContain("'partenaire.acces',");
    expect(written('mappings/partner-access.yaml')).toContain('siret: { class: quasi-identifier }');
    expect(written('mappings/partner-access.yaml')).toContain('dernier_acces: { class: technical }');
    const [run] = readdirSync(join(project.root, 'reports/partner-access'));
    expect(readdirSync(join(project.root, 'reports/partner-access', run!))).toContain('acceptance.json');
    const status = await project.lakelift('status', 'partner-access', '--json');
    expect(JSON.parse(status.stdout)).toMatchObject([{ verdict: 'identical', decision: 'accepted' }]);
    // What it looked at was never shown.
    const values = valuesOf(project, '/warehouse/tablespace/external/hive/partenaire.db/acces/part-00000');
    expect(values.length).toBeGreaterThan(100);
    expect(values.filter((value) => terminal.output().includes(value))).toEqual([]);
  }, 120_000);
});
