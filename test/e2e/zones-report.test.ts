import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crcOf, crcToBase64 } from '../../src/domain/checksum/crc.ts';
import { s3Key } from '../../src/domain/names.ts';
import type { StandingPrivacy, StandingPrivacyReport } from '../../src/domain/privacy/standing-report.ts';
import { privacyReportSchema } from '../../src/report/privacy-schema.ts';
import { standingPrivacySchema } from '../../src/report/standing-schema.ts';
import { calls, result } from '../steps/zones/function-results.ts';
import { KEY, openMigratedAbsences } from './migrated-absences.ts';
import type { SandboxProject } from './sandbox-project.ts';

/** As json.dumps of a job writes them. */
const FIGURES =
  '{"dataset": "salaries", "run": "nightly-7", "sourceRows": 800, "k": 5, "suppressedRows": 12, "smallestClass": 6, "warnings": {"not-null departement": 3}, "rows": 788}';
/** Of an object of raw: it tells of somebody, and is shown nowhere. */
const NAMED = 'rh/arret_travail/annee=2024/DUPONT_JEANNE.csv';

let project: SandboxProject;
let runId: string;
beforeAll(async () => {
  ({ project, runId } = await openMigratedAbsences());
}, 60_000);
afterAll(() => project.close());

const textOf = (name: string): string => readFileSync(join(project.root, 'reports/absences', runId, name), 'utf8');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Reported {
  readonly code: number | null;
  readonly report: StandingPrivacyReport;
  readonly of: (name: string) => StandingPrivacy;
}

async function report(...args: string[]): Promise<Reported> {
  const { code, stdout, stderr } = await project.lakelift('zones', 'report', 'absences', '--json', ...args);
  expect([0, 3], stderr).toContain(code);
  const { report: told } = JSON.parse(stdout) as { report: StandingPrivacyReport };
  return { code, report: told, of: (name) => told.datasets.find((one) => one.name === name)! };
}

/** Puts an object, whatever stands there. */
async function put(place: string, content: string | Uint8Array, metadata: Record<string, string> = {}): Promise<void> {
  const [, bucket = '', key = ''] = /^([^/]+)\/(.*)$/.exec(place)!;
  const [body, address] = [Buffer.from(content), { bucket, key: s3Key(key) }];
  const standing = await project.store.findObject(address);
  const condition =
    standing === undefined ? ({ kind: 'if-absent' } as const) : ({ kind: 'if-match', etag: standing.etag } as const);
  await project.store.putObject({ address, body, crc32c: crcToBase64(crcOf('CRC32C').sum(body)), metadata, condition });
}

/** What a job leaves in the place of a build: a file that says nothing of itself, and its figures with the table. */
async function replaceByJob(table: string, figures?: string): Promise<void> {
  await put(`sandbox-cleaned/cleaned_rh/${table}/part-00000.parquet`, 'by a job');
  const found = (await project.catalog.findTable({ database: 'cleaned_rh', name: table }))!;
  const said = figures === undefined ? {} : { 'lakelift.figures': figures };
  await project.catalog.updateTable(
    { ...found.table, parameters: { ...found.table.parameters, ...said } },
    found.version,
  );
}

describe('the privacy report of datasets as they stand', () => {
  it('says that none stands where nothing was built', async () => {
    const { code, report: told } = await report();
    expect(code).toBe(3);
    expect(told.datasets.map(({ standing, rows }) => [standing.madeBy, standing.remarks, rows])).toEqual(
      told.datasets.map(() => ['unknown', ['absent'], undefined]),
    );
  }, 60_000);

  it('has of what a build has made what the report of that build has, and carries it on', async () => {
    expect((await project.lakelift('zones', 'build', 'absences')).code).toBe(0);
    const built = privacyReportSchema.parse(JSON.parse(textOf('privacy.json')));
    for (const time of ['once', 'again']) {
      const { code, report: told } = await report();
      expect(code, time).toBe(0);
      expect(told).toMatchObject({ drawnUp: { runId }, pseudonyms: 'hmac-sha256-128 rh v1' });
      expect(told.datasets.map(({ standing: _, ...one }) => one)).toEqual(built.datasets);
      for (const { standing } of told.datasets)
        expect(standing).toMatchObject({ madeBy: 'build', by: built.build.by, builtAt: built.build.at, remarks: [] });
      expect(standingPrivacySchema.parse(JSON.parse(textOf('privacy.json')))).toEqual(told);
    }
  }, 120_000);

  it('has of what a job has made its figures, and says what has none', async () => {
    await replaceByJob('salaries', FIGURES);
    await replaceByJob('arret_travail');
    const record = {
      ...{ useCase: 'absences', run: 'nightly-8', startedAt: '2026-11-26T02:00:00Z', endedAt: '2026-11-26T02:09:00Z' },
      outcome: 'failed',
      stages: {
        stage1: {
          salaries: { outcome: 'made', jobRun: 'jr_1' },
          arrets: { outcome: 'failed', files: 3, filesFailed: 1 },
        },
        stage2: { absences_par_departement: { outcome: 'not-attempted' } },
      },
    };
    await put('sandbox-raw/_audit/absences/nightly-8.json', JSON.stringify(record));
    const { code, of } = await report();
    expect(code).toBe(3);
    expect(of('salaries')).toMatchObject({
      ...{ sourceRows: 800, suppressedRows: 12, rows: 788, anonymity: { k: 5, smallestClass: 6 } },
      checks: [{ text: 'departement not-null', severity: 'warn', failing: 3 }],
      standing: {
        ...{ madeBy: 'job', run: 'nightly-7', remarks: [], pseudonyms: 'hmac-sha256-128 rh v1' },
        lastExecution: { run: 'nightly-8', outcome: 'made' },
      },
    });
    expect(of('salaries')).not.toHaveProperty('sha256');
    expect(of('salaries').leftOut.map(({ column }) => column)).toContain('nom');
    expect(of('arrets').standing).toMatchObject({ madeBy: 'job', lastExecution: { outcome: 'failed', files: 3 } });
    expect(of('arrets').standing.remarks).toContain('no-figures');
    expect(of('arrets')).not.toHaveProperty('rows');
    expect(of('absences_par_departement').standing).toMatchObject({
      madeBy: 'build',
      lastExecution: { outcome: 'not-attempted' },
    });
  }, 60_000);

  it('sums up what functions have left beside it, with what they have not taken, and names no object', async () => {
    const rows = gzipSync('{"matricule":null}\n{"matricule":null}\n');
    const mark = { 'lakelift-dataset': 'absences/arrets' };
    for (const name of ['aa', 'bb'])
      await put(`sandbox-cleaned/cleaned_rh/arret_travail_small_files/${name}.jsonl.gz`, rows, mark);
    const at = new Date(Date.now() + 60_000).toISOString();
    const figures = {
      sourceRows: 9,
      rows: 2,
      k: 5,
      suppressedRows: 7,
      smallestClass: 5,
      inQuarantine: 1,
      warnings: {},
    };
    const results = 'sandbox-raw/_audit/absences/files/arrets/5b0c8a6e-0000-4000-8000-000000000000';
    const taken = result({ key: NAMED, at, answer: { source: 'aa', ...figures } });
    await put(`${results}/manifest.json`, '{"ResultFiles": {}}');
    await put(`${results}/SUCCEEDED_0.json`, calls(taken));
    await put(`${results}/FAILED_0.json`, calls(result({ key: `${NAMED}.2`, at })));
    const { of } = await report('--lang', 'fr');
    expect(of('arrets').standing.smallFiles).toMatchObject({
      ...{ table: 'cleaned_rh.arret_travail_small_files', objects: 2, withoutFigures: 1, failed: 1 },
      figures: { objects: 1, sourceRows: 9, suppressedRows: 7, rows: 2, k: 5, smallestClass: 5, inQuarantine: 1 },
    });
    const page = textOf('privacy.html');
    expect(page).toContain('Ce que les fonctions ont écrit à côté');
    expect(page).toContain('nightly-7');
    expect(page + textOf('privacy.json')).not.toContain('DUPONT');
    expect(page + textOf('privacy.json')).not.toContain(KEY);
  }, 60_000);

  it('says that files were replaced after their job', async () => {
    const file = 'sandbox-cleaned/cleaned_rh/salaries/part-00000.parquet';
    await put(file, 'by an erasure', { 'lakelift-dataset': 'absences/salaries', sha256: sha256('by an erasure') });
    const { of } = await report();
    expect(of('salaries').standing).toMatchObject({ madeBy: 'job', remarks: ['changed-since'] });
    await replaceByJob('salaries');
  }, 60_000);

  it('is accepted and packed as that of a build is, and stands beside it from then on', async () => {
    const accepted = textOf('privacy.json');
    const decision = ['--decision', 'accepted', '--by', 'Anne Martin', '--role', 'DSI', '--json'];
    const decided = await project.lakelift(
      'accept',
      'absences',
      '--report',
      sha256(textOf('report.json')),
      ...decision,
    );
    expect(decided.code).toBe(0);
    expect(textOf('acceptance.json')).toContain(sha256(accepted));
    const { code, stdout, stderr } = await project.lakelift('zones', 'report', 'absences', '--lang', 'en');
    expect({ code, stderr }).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('privacy-later.html') as string,
    });
    expect(stdout).toMatch(/salaries +its job .* 788 +12 +6/);
    expect(textOf('privacy.json')).toBe(accepted);
    const packed = await project.lakelift('evidence', 'absences', '--json');
    const { archive } = JSON.parse(packed.stdout) as { archive: string };
    const verified = await project.lakelift('verify-evidence', archive, '--json');
    expect(verified.code).toBe(0);
    expect(readFileSync(archive).includes('report/privacy-later.json')).toBe(true);
  }, 60_000);
});
