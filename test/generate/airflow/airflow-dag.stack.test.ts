import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { airflowDag } from '../../../src/generate/airflow/airflow-dag.ts';
import type { UseCaseId } from '../../../src/domain/names.ts';
import { run } from '../../stack/cache.ts';
import { airflow } from '../../stack/install.ts';
import { BLUEPRINT } from '../step-functions/blueprints.ts';

const USE_CASE = 'airflow-trial';
const BUCKET = 'airflow-trial-raw';
const stack = inject('stack');

interface Report {
  readonly upstream: Readonly<Record<string, readonly string[]>>;
  readonly runs: readonly { readonly state: string; readonly key: string; readonly record: object }[];
  readonly started: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;
}

describe.skipIf(stack === undefined)('the DAG of a use case, in Airflow', () => {
  let folder: string;
  let report: Report;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lakelift-airflow-'));
    const [dag] = airflowDag({
      ...BLUEPRINT,
      migration: { ...BLUEPRINT.migration, id: USE_CASE as UseCaseId },
      zones: { ...BLUEPRINT.zones, raw: { bucket: BUCKET, prefix: '' } },
    });
    await writeFile(join(folder, basename(dag!.path)), dag!.text);
    const script = join(import.meta.dirname, 'run_dag.py');
    const seen = join(folder, 'report.json');
    const env = {
      PYTHONPATH: await airflow(),
      AIRFLOW_HOME: join(folder, 'home'),
      AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
      AIRFLOW__CORE__DAGS_FOLDER: folder,
      AWS_ENDPOINT_URL: stack!.glueEndpoint,
      AWS_ACCESS_KEY_ID: 'stack',
      AWS_SECRET_ACCESS_KEY: 'stack',
      AWS_DEFAULT_REGION: 'us-east-1',
    };
    await run('python3', [script, folder, `lakelift-${USE_CASE}`, BUCKET, 'salaries', seen], { env });
    report = JSON.parse(await readFile(seen, 'utf8')) as Report;
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is imported with the graph of the datasets', () => {
    expect(report.upstream).toEqual({
      salaries: [],
      arrets: [],
      maladie: [],
      suivi: ['maladie', 'salaries'],
      record: ['arrets', 'maladie', 'salaries', 'suivi'],
    });
  });

  it('makes what it can when a job fails, says what became of each, and fails', () => {
    const [first] = report.runs;
    expect(first).toMatchObject({
      state: 'failed',
      record: {
        useCase: USE_CASE,
        outcome: 'failed',
        datasets: { salaries: 'failed', arrets: 'made', maladie: 'made', suivi: 'not-attempted' },
      },
    });
    expect(first!.key).toMatch(/^_audit\/airflow-trial\/manual__.*\.json$/);
  });

  it('makes all when nothing fails, each job told of its run', () => {
    const [, second] = report.runs;
    expect(second).toMatchObject({ state: 'success', record: { outcome: 'made', datasets: { suivi: 'made' } } });
    const counts = Object.entries(report.started).map(([name, runs]) => [name, runs.length]);
    expect(Object.fromEntries(counts)).toEqual({ salaries: 1, suivi: 1, arrets: 2, maladie: 2 });
    expect(report.started['suivi']![0]!['--run']).toMatch(/^manual__/);
  });
});
