import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openSandboxProject, type SandboxProject } from './sandbox-project.ts';

let project: SandboxProject;
afterEach(() => project.close());

interface Packed {
  readonly archive: string;
  readonly seal: string;
}

describe('the evidence of a run', () => {
  it('is packed, signed, checked elsewhere without a project, and betrays a changed byte', async () => {
    project = await openSandboxProject();
    const { runId } = (await project.run('absences')).summary;
    const report = readFileSync(join(project.root, 'reports/absences', runId, 'report.json'), 'utf8');
    const digest = createHash('sha256').update(report).digest('hex');
    const decide = ['--report', digest, '--decision', 'accepted', '--by', 'Anne Martin', '--role', 'DSI'];
    expect((await project.lakelift('accept', 'absences', ...decide)).code).toBe(0);

    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(join(project.root, 'dsi.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const { code, stdout, stderr } = await project.lakelift('evidence', 'absences', '--sign-key', 'dsi.pem', '--json');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const { archive, seal } = JSON.parse(stdout) as Packed;
    const bytes = readFileSync(archive);
    expect((await project.lakelift('evidence', 'absences')).code).toBe(0);
    expect(readFileSync(archive).equals(bytes)).toBe(true);

    const names = execFileSync('tar', ['tf', archive], { encoding: 'utf8' }).trim().split('\n');
    expect(names).toEqual(
      expect.arrayContaining([
        'tool.json',
        'report/report.json',
        'report/acceptance.json',
        'mapping/absences.yaml',
        'plan/items.jsonl.gz',
        'ledger/outcomes.jsonl.gz',
        'checksums/objects.csv.gz',
      ]),
    );
    const key = ['--public-key', `${archive}.pub.pem`];
    const genuine = await project.lakeliftAt(tmpdir(), 'verify-evidence', archive, '--seal', seal, ...key);
    expect({ code: genuine.code, stderr: genuine.stderr }).toEqual({ code: 0, stderr: '' });
    expect(genuine.stdout).toContain('signed with this key');

    // What openssl says needs nothing of ours.
    const journal = join(project.root, 'journal.jsonl');
    writeFileSync(journal, execFileSync('tar', ['xOf', archive, 'journal.jsonl']));
    const openssl = ['dgst', '-sha256', '-verify', `${archive}.pub.pem`, '-signature', `${archive}.sig`, journal];
    expect(execFileSync('openssl', openssl, { encoding: 'utf8' })).toContain('Verified OK');

    bytes[bytes.indexOf('absences.yaml') + 600]! ^= 1;
    writeFileSync(archive, bytes);
    const changed = await project.lakeliftAt(tmpdir(), 'verify-evidence', archive);
    expect(changed.code).toBe(4);
    expect(changed.stdout).toContain('mapping/absences.yaml');
  }, 90_000);

  it('is not packed around a report that was altered', async () => {
    project = await openSandboxProject();
    const { runId } = (await project.run('absences')).summary;
    writeFileSync(join(project.root, 'reports/absences', runId, 'report.json'), '{}');
    const { code, stderr } = await project.lakelift('evidence', 'absences');
    expect(code).toBe(4);
    expect(stderr).toContain('REPORT_ALTERED');
    expect((await project.lakelift('verify-evidence', 'no-such.tar')).code).toBe(2);
  }, 60_000);
});
