import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { AcceptanceRecord } from '../../src/domain/acceptance/acceptance.ts';
import type { OpenPoint } from '../../src/domain/acceptance/open-points.ts';
import { crcOf, crcToBase64 } from '../../src/domain/checksum/crc.ts';
import type { S3Key } from '../../src/domain/names.ts';
import { hasPseudoTerminal, KEY, openTerminal } from './pseudo-terminal.ts';
import { openSandboxProject, type SandboxProject } from './sandbox-project.ts';

let project: SandboxProject;
afterEach(() => project.close());

const DSI = ['--by', 'Anne <b>Martin</b>', '--role', 'DSI'];

const reportFile = (runId: string, name: string): string => join(project.root, 'reports', 'absences', runId, name);
const textOf = (runId: string, name: string): string => readFileSync(reportFile(runId, name), 'utf8');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const digestOf = (runId: string): string => sha256(textOf(runId, 'report.json'));
const accept = (...args: readonly string[]) => project.lakelift('accept', 'absences', ...args, '--json');
const codeOf = (stdout: string): string => (JSON.parse(stdout) as { error: { code: string } }).error.code;
const recordOf = (runId: string): AcceptanceRecord => JSON.parse(textOf(runId, 'acceptance.json')) as AcceptanceRecord;

/** An object below the prefix of the use case that no source file stands for. */
async function putStranger(): Promise<void> {
  const body = Buffer.from('not of the source');
  const crc32c = crcToBase64(crcOf('CRC32C').sum(body));
  const address = { bucket: 'sandbox-raw', key: 'data/rh/dsn/stranger.txt' as S3Key };
  await project.store.putObject({ address, body, crc32c, metadata: {}, condition: { kind: 'if-absent' } });
}

describe('accepting a run without differences', () => {
  it('records who accepted which report, beside the report and in it, in French', async () => {
    project = await openSandboxProject();
    const { runId } = (await project.run('absences')).summary;
    const digest = digestOf(runId);
    expect(textOf(runId, 'report.html')).toContain(digest);
    const { code, stdout } = await accept('--lang', 'fr', '--report', digest, '--decision', 'accepted', ...DSI);
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(recordOf(runId)).toMatchObject({
      schema: 'lakelift/acceptance/1',
      decisions: [
        { decision: 'accepted', by: { role: 'DSI' }, report: { runId, sha256: digest, verdict: 'identical' } },
      ],
    });
    expect(recordOf(runId).decisions[0]!.report.lists['items.csv']).toBe(sha256(textOf(runId, 'items.csv')));
    const page = textOf(runId, 'acceptance.html');
    expect(page).toContain('Procès-verbal de recette');
    expect(page).toContain('Recette prononcée sans réserve');
    expect(page).toContain('Anne &lt;b&gt;Martin&lt;/b&gt;');
    expect(page).toContain(digest);
    expect(textOf(runId, 'report.html')).toContain('Recette prononcée sans réserve');
    expect(digestOf(runId)).toBe(digest);
  }, 60_000);

  it('keeps an earlier refusal beside the later acceptance', async () => {
    project = await openSandboxProject();
    const { runId } = (await project.run('absences')).summary;
    const digest = digestOf(runId);
    const refuse = ['--report', digest, '--decision', 'refused', ...DSI];
    expect(codeOf((await accept(...refuse)).stdout)).toBe('REASON_MISSING');
    expect((await accept(...refuse, '--remark', 'columns to be explained')).code).toBe(0);
    expect((await accept('--report', digest, '--decision', 'accepted', ...DSI)).code).toBe(0);
    expect(recordOf(runId).decisions.map(({ decision }) => decision)).toEqual(['refused', 'accepted']);
    expect(textOf(runId, 'acceptance.html')).toContain('columns to be explained');
  }, 60_000);

  it('takes no other report than the one that was read, whole and of the latest run', async () => {
    project = await openSandboxProject();
    const first = (await project.run('absences')).summary.runId;
    const decide = ['--decision', 'accepted', ...DSI];
    const other = await accept('--report', 'f'.repeat(64), ...decide);
    expect([other.code, codeOf(other.stdout)]).toEqual([7, 'REPORT_STALE']);
    appendFileSync(reportFile(first, 'items.csv'), '\r\n');
    const altered = await accept('--report', digestOf(first), ...decide);
    expect([altered.code, codeOf(altered.stdout)]).toEqual([4, 'REPORT_ALTERED']);
    expect(altered.stderr).toContain('items.csv');
    await project.run('absences');
    const stale = await accept('--run', first, '--report', digestOf(first), ...decide);
    expect([stale.code, codeOf(stale.stdout)]).toEqual([7, 'REPORT_STALE']);
    const unasked = await accept(...decide);
    expect([unasked.code, codeOf(unasked.stdout)]).toEqual([2, 'ANSWER_NEEDED']);
  }, 60_000);
});

describe('accepting a run with differences', () => {
  it('is refused until each is waived by its id with a reason; reservations have owner and date', async () => {
    project = await openSandboxProject();
    await putStranger();
    const { runId } = (await project.run('absences')).summary;
    const decide = ['--report', digestOf(runId), '--decision', 'accepted-with-reservations', ...DSI];
    const reserved = [...decide, '--reservation', 'clean up | equipe-data | 2027-01-31'];

    const refused = await accept(...reserved);
    expect([refused.code, codeOf(refused.stdout)]).toEqual([4, 'DIFFERENCES_UNEXPLAINED']);

    const list = JSON.parse((await accept('--list')).stdout) as { differences: { shown: OpenPoint[]; total: number } };
    expect(list.differences.total).toBe(1);
    const { id } = list.differences.shown[0]!;
    expect(refused.stderr).toContain(id);
    const vague = await accept(...decide, '--waive', `${id}=known`, '--reservation', 'clean up | 2027-01-31');
    expect([vague.code, codeOf(vague.stdout)]).toEqual([2, 'RESERVATION_INVALID']);
    const impossible = await accept(...decide, '--waive', `${id}=known`, '--reservation', 'x | y | 2027-02-30');
    expect(codeOf(impossible.stdout)).toBe('RESERVATION_INVALID');
    const wrong = await accept(...reserved, '--waive', 'ffffffffffff=known');
    expect([wrong.code, codeOf(wrong.stdout)]).toEqual([2, 'WAIVER_UNKNOWN']);
    writeFileSync(join(project.root, 'waivers.yaml'), `- { id: "${id}", reason: put there by the archive team }\n`);
    expect((await accept(...reserved, '--waivers', 'waivers.yaml')).code).toBe(0);
    expect(recordOf(runId).decisions[0]).toMatchObject({
      reservations: [{ text: 'clean up', owner: 'equipe-data', dueDate: '2027-01-31' }],
      waivers: [{ id, reason: 'put there by the archive team', point: { kind: 'difference' } }],
    });
    const page = textOf(runId, 'acceptance.html');
    for (const text of ['clean up', 'equipe-data', '31 January 2027', 'put there by the archive team', 'stranger.txt'])
      expect(page).toContain(text);
  }, 60_000);
});

// In CI a missing `script` is a failure; elsewhere a visible skip.
describe.skipIf(!hasPseudoTerminal && process.env['CI'] === undefined)('accepting at a terminal', () => {
  it('shows the digest, asks, and records what was answered', async () => {
    project = await openSandboxProject();
    const { runId } = (await project.run('absences')).summary;
    const terminal = openTerminal(project, ['accept', 'absences']);
    await terminal.shows(digestOf(runId));
    await terminal.shows('Decision');
    terminal.type(`\u001b[B${KEY.enter}`);
    for (const [question, answer] of [
      ['Reservation', 'rewrite the view'],
      ['Who settles it', 'equipe-data'],
      ['Until when', '2027-01-31'],
      ['no more', ''],
      ['Remark', ''],
      ['Your name', 'Anne Martin'],
      ['Your role', 'DSI'],
      ['Record "accepted with reservations"', 'y'],
    ] as const) {
      await terminal.shows(question);
      terminal.type(`${answer}${KEY.enter}`);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    expect({ code: await terminal.ended, output: terminal.output() }).toMatchObject({ code: 0 });
    expect(recordOf(runId).decisions[0]).toMatchObject({
      decision: 'accepted-with-reservations',
      by: { name: 'Anne Martin', role: 'DSI' },
      reservations: [{ text: 'rewrite the view', owner: 'equipe-data', dueDate: '2027-01-31' }],
    });
  }, 60_000);
});
