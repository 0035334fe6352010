import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AcceptanceRecord } from '../../src/domain/acceptance/acceptance.ts';
import { privacyReportSchema } from '../../src/report/privacy-schema.ts';
import { employees } from '../../src/sandbox/lake/rh.ts';
import { KEY, openMigratedAbsences } from './migrated-absences.ts';
import type { SandboxProject } from './sandbox-project.ts';

let project: SandboxProject;
let runId: string;
beforeAll(async () => {
  ({ project, runId } = await openMigratedAbsences());
}, 60_000);
afterAll(() => project.close());

const path = (name: string): string => join(project.root, 'reports/absences', runId, name);
const textOf = (name: string): string => readFileSync(path(name), 'utf8');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const build = (...args: string[]) => project.lakelift('zones', 'build', 'absences', ...args);
const decide = (): string[] => [
  ...['--report', sha256(textOf('report.json')), '--decision', 'accepted', '--by', 'Anne Martin', '--role', 'DSI'],
];

describe('the privacy report of a build', () => {
  it('says what became of each column and how anonymous the rows are, and names nobody', async () => {
    const built = await build('--lang', 'fr');
    expect({ code: built.code, stderr: built.stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('privacy.html') as string,
    });
    const report = privacyReportSchema.parse(JSON.parse(textOf('privacy.json')));
    expect(report).toMatchObject({ build: { runId }, pseudonyms: 'hmac-sha256-128 rh v1' });
    const [salaries, arrets] = report.datasets;
    expect(salaries).toMatchObject({ name: 'salaries', sourceRows: 800, anonymity: { k: 5, onFailure: 'suppress' } });
    expect(salaries!.rows + salaries!.suppressedRows).toBe(800);
    expect(salaries!.anonymity!.smallestClass).toBeGreaterThanOrEqual(5);
    expect(salaries!.columns).toContainEqual({
      name: 'departement',
      source: 'code_postal',
      class: 'quasi-identifier',
      treatment: 'department',
    });
    expect(salaries!.leftOut.map(({ column }) => column)).toContain('nom');
    expect(arrets!.searched.length).toBeGreaterThan(0);
    const page = textOf('privacy.html');
    expect(page).toContain('Rapport de protection des données');
    expect(page).toContain('hmac-sha256-128 rh v1');
    for (const { matricule, person } of employees())
      for (const value of [matricule, person.nir]) expect(page + textOf('privacy.json')).not.toContain(value);
    expect(page + textOf('privacy.json')).not.toContain(KEY);
  }, 60_000);

  it('is named by its digest when the run is accepted, and not if somebody has changed it', async () => {
    const genuine = textOf('privacy.json');
    writeFileSync(path('privacy.json'), genuine.replace('"suppressedRows": 0', '"suppressedRows": 1'));
    const altered = await project.lakelift('accept', 'absences', ...decide(), '--json');
    expect({ code: altered.code, out: altered.stdout }).toMatchObject({
      code: 4,
      out: expect.stringContaining('REPORT_ALTERED') as string,
    });
    writeFileSync(path('privacy.json'), genuine);
    // A report that is written again leaves it where it is.
    expect((await project.lakelift('report', 'absences')).code).toBe(0);
    expect((await project.lakelift('accept', 'absences', ...decide(), '--json')).code).toBe(0);
    const { decisions } = JSON.parse(textOf('acceptance.json')) as AcceptanceRecord;
    expect(decisions[0]!.report.lists['privacy.json']).toBe(sha256(genuine));
    expect(textOf('acceptance.html')).toContain(sha256(genuine));
  }, 60_000);

  it('stays what was accepted, and goes into the evidence with that of a later build', async () => {
    const accepted = textOf('privacy.json');
    expect((await build()).code).toBe(0);
    expect(textOf('privacy.json')).toBe(accepted);
    expect(privacyReportSchema.parse(JSON.parse(textOf('privacy-later.json'))).datasets.length).toBeGreaterThan(2);
    const packed = await project.lakelift('evidence', 'absences', '--json');
    const { archive } = JSON.parse(packed.stdout) as { archive: string };
    const entry = execFileSync('tar', ['xOf', archive, 'report/privacy.json'], { encoding: 'utf8' });
    expect(entry).toBe(accepted);
    const names = execFileSync('tar', ['tf', archive], { encoding: 'utf8' }).split('\n');
    for (const name of ['privacy.html', 'privacy-later.html', 'privacy-later.json'])
      expect(names).toContain(`report/${name}`);
    expect((await project.lakelift('verify-evidence', archive)).code).toBe(0);
    const bytes = readFileSync(archive);
    bytes[bytes.indexOf('"suppressedRows"')]! ^= 1;
    writeFileSync(archive, bytes);
    const changed = await project.lakelift('verify-evidence', archive);
    expect(changed.code).toBe(4);
    expect(changed.stdout + changed.stderr).toContain('report/privacy');
  }, 60_000);

  it('is not written by a dry run', async () => {
    const before = textOf('privacy-later.json');
    expect((await build('--dry-run')).code).toBe(0);
    expect(textOf('privacy-later.json')).toBe(before);
  }, 60_000);
});
