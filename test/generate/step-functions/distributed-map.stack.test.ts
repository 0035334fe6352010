import { GetJobRunsCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { stringify } from 'yaml';
import { SqliteLedger } from '../../../src/adapters/ledger/sqlite-ledger.ts';
import { s3Key, type UseCaseId } from '../../../src/domain/names.ts';
import type { ObjectAddress } from '../../../src/domain/plan.ts';
import { pseudonym } from '../../../src/domain/privacy/pseudonym.ts';
import type { TargetTable } from '../../../src/domain/target-table.ts';
import { smallFileFunctions } from '../../../src/generate/lambda/small-files.ts';
import { jobName } from '../../../src/generate/names.ts';
import { stepFunctions } from '../../../src/generate/step-functions/state-machine.ts';
import { fileItem, runId } from '../../contracts/ledger.ts';
import { createProject } from '../../e2e/project.ts';
import { mapping, script } from '../../e2e/sandbox-project.ts';
import { startGlue, type S3Server } from '../../stack/aws.ts';
import { openFunctionWorld } from '../lambda/function-world.ts';
import { deployed, linesOf } from '../lambda/invoke.ts';
import { BLUEPRINT } from './blueprints.ts';
import { runMachine, type Executed } from './run-machine.ts';

const stack = inject('stack');
const KEY = 'ab'.repeat(32);
const RAW = 'acme-raw';
const FOLDER = 'rh/absences_prevues';
const MACHINE = stepFunctions(BLUEPRINT)[0]!.text;
const job = (name: string) => jobName(BLUEPRINT, { name });
const inFolder = (name: string) => ({ bucket: RAW, key: `${FOLDER}/${name}` });
const GOOD = ['a', 'b é'].map(inFolder);
const REFUSED = { bucket: RAW, key: 'rh/autre/c' };
const MISSING = inFolder('d');
const FIGURES = { dataset: 'salaries', rows: 3, k: 5, smallestClass: 5 };
/** The dataset of the blueprint that can be made of small files, as people declare it. */
const DECLARED = {
  useCase: 'absences',
  pseudonyms: BLUEPRINT.datasets.pseudonyms,
  datasets: {
    maladie: {
      target: { zone: 'cleaned', database: 'cleaned_rh', table: 'people' },
      from: 'rh.absences_prevues',
      columns: { jour: { treat: 'month', as: 'mois' }, nature: { treat: 'drop' } },
      notAnonymous: 'read by nobody but a test',
    },
  },
};

/** The generated machine itself, by the emulator's interpreter: it reads manifests and writes records in the emulator's S3, and calls the generated function. */
describe.skipIf(stack === undefined)('the generated state machine with its Distributed Map', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lakelift-states-'));
  let emulator: S3Server;
  let world: ReturnType<typeof openFunctionWorld>;
  let executed: Record<string, Executed>;
  let listed: { readonly input: { readonly manifests: { readonly maladie: ObjectAddress } } };
  const put = (Key: string, Body: string) => world.s3.send(new PutObjectCommand({ Bucket: RAW, Key, Body }));
  const json = async (key: string) => JSON.parse((await world.body(RAW, key)).toString()) as Record<string, unknown>;

  beforeAll(async () => {
    emulator = await startGlue(folder, 'executing_moto.py');
    world = openFunctionWorld({ ...stack!, s3Endpoint: emulator.endpoint, glueEndpoint: emulator.endpoint }, 'states');
    await fillLake();
    listed = await listedByCommand();
    await put('m/some.json', JSON.stringify([...GOOD, REFUSED, MISSING]));
    const files = smallFileFunctions(BLUEPRINT).filter(({ path }) => path.startsWith('lambda/maladie/'));
    const given = (name: string) => ({ manifests: { maladie: { bucket: RAW, key: `m/${name}.json` } } });
    executed = await runMachine(
      { endpoint: emulator.endpoint, region: world.region },
      {
        definition: MACHINE,
        functions: {
          [job('maladie')]: { folder: deployed(files, folder, 'maladie'), environment: { LAKELIFT_KEY_SECRET: 'key' } },
        },
        jobs: BLUEPRINT.datasets.datasets.map(({ name }) => job(name)),
        executions: {
          ...{ good: listed.input, some: given('some'), none: given('none') },
          kept: { manifests: { maladie: { objects: 0 } } },
        },
      },
    );
  }, 180_000);
  afterAll(async () => {
    await world.close();
    await emulator.server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function fillLake(): Promise<void> {
    for (const Bucket of [RAW, 'acme-cleaned', 'acme-refined'])
      await world.s3.send(new CreateBucketCommand({ Bucket }));
    const { region, credentials } = world;
    const secrets = new SecretsManagerClient({ region, credentials, endpoint: emulator.endpoint });
    await secrets.send(new CreateSecretCommand({ Name: 'key', SecretString: KEY }));
    secrets.destroy();
    for (const database of ['raw_rh', 'cleaned_rh']) await world.catalog.createDatabase(database, 'test');
    const columns = [
      ['matricule', 'string'],
      ['jour', 'date'],
      ['nature', 'string'],
    ] as const;
    const raw: TargetTable = {
      database: 'raw_rh',
      name: 'absences_prevues',
      type: 'EXTERNAL_TABLE',
      description: undefined,
      owner: undefined,
      partitionKeys: [],
      storage: {
        columns: columns.map(([name, type]) => ({ name, type, comment: undefined })),
        location: `s3://${RAW}/${FOLDER}/`,
        inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        serdeLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
        serdeParameters: { 'serialization.format': '1' },
        isCompressed: false,
        bucketCount: 0,
        bucketColumns: [],
        sortColumns: [],
      },
      parameters: { EXTERNAL: 'TRUE' },
    };
    await world.catalog.createTable(raw);
    // As jobs leave them, which the emulator does not run; over one somebody has written.
    for (const [name, figures] of [
      ['salaries', JSON.stringify(FIGURES)],
      ['arret_travail', 'none'],
    ] as const)
      await world.catalog.createTable({
        ...{ ...raw, database: 'cleaned_rh', name },
        parameters: { 'lakelift.figures': figures },
      });
    const [first, second] = GOOD as [(typeof GOOD)[0], (typeof GOOD)[0]];
    await put(first.key, 'S1\u00012024-03-05\u0001CP\nS2\u00012024-04-30\u0001CP\n');
    await put(second.key, 'S3\u00012024-05-01\u0001\\N\n');
    await put(REFUSED.key, 'S4\u00012024-05-01\u0001CP\n');
  }

  /** By `lakelift zones manifest`, on a ledger that has the two good objects proven, as a run leaves it. */
  async function listedByCommand(): Promise<typeof listed> {
    const bucket = (name: string, prefix = '') => ({ bucket: `acme-${name}`, prefix });
    const { endpoint } = emulator;
    const { region, credentials } = world;
    const project = createProject({
      config: {
        source: { hdfs: { nameNodes: ['http://127.0.0.1:1'] }, hive: { metastore: ['thrift://127.0.0.1:1'] } },
        target: { region, s3: { endpoint, forcePathStyle: true }, glue: { endpoint } },
        zones: { raw: bucket('raw'), cleaned: bucket('cleaned', 'lake'), refined: bucket('refined') },
      },
      migrations: { absences: script('absences') },
      mappings: { absences: mapping('absences'), 'absences.datasets': stringify(DECLARED) },
      environment: { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey },
    });
    await proveGood(join(project.root, '.lakelift/absences'));
    const { code, stdout, stderr } = await project.lakelift('zones', 'manifest', 'absences', 'maladie', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as typeof listed;
  }

  async function proveGood(directory: string): Promise<void> {
    mkdirSync(directory, { recursive: true });
    const ledger = new SqliteLedger(join(directory, 'ledger.sqlite'), 'absences' as UseCaseId);
    const { table: definition } = (await world.catalog.findTable({ database: 'raw_rh', name: 'absences_prevues' }))!;
    const source = { database: 'rh', table: 'absences_prevues' };
    const scope = 'rh.absences_prevues';
    const plan = ledger.writePlan();
    const table = { kind: 'table', id: `table:${scope}`, scope, verdict: 'copy', source, definition } as const;
    plan.add({ ...table, reconcileLevel: 'rows', notes: [] });
    const run = runId('20260101-000000-0001');
    ledger.recordOutcome(run, { itemId: table.id, status: 'registered' });
    for await (const { key, etag, sizeBytes } of world.store.listObjects(RAW, `${FOLDER}/`)) {
      const target = { bucket: RAW, key: s3Key(key) };
      const item = fileItem(key, { id: `file:${RAW}/${key}`, scope, target });
      const version = { sizeBytes, modifiedAtMs: item.source.modifiedAtMs };
      const proof = { crc32c: 'AAAAAA==', sourceChecksum: undefined, proof: 'end-to-end' } as const;
      plan.add(item);
      ledger.recordOutcome(run, { itemId: item.id, status: 'verified' });
      ledger.putObject({ address: target, sourcePath: item.source.path, version, etag, ...proof, runId: run });
    }
    const { hash } = plan.finish();
    const begun = { runId: run, planHash: hash, toolVersion: '1', startedBy: 'a test', startedAtMs: 1 } as const;
    ledger.startRun({ ...begun, status: 'running' });
    ledger.finishRun(run, 'finished', 2);
    await ledger.flush();
    ledger.close();
  }

  it('reads the manifest that the command has written, gives each file to the function, and goes on when every one is made', async () => {
    expect(executed['good']).toMatchObject({
      status: 'SUCCEEDED',
      maps: [
        {
          status: 'SUCCEEDED',
          maxConcurrency: 20,
          itemCounts: { total: 2, succeeded: 2, failed: 0 },
        },
      ],
    });
    const { bucket, key } = listed.input.manifests.maladie;
    expect(key).toMatch(/^_manifests\/absences\/maladie-[0-9a-f]{12}\.json$/);
    expect(JSON.parse((await world.body(bucket, key)).toString())).toEqual(GOOD);
    const made = {
      outcome: 'made',
      jobRun: expect.stringMatching(/^jr_/) as string,
    };
    expect(await json('_audit/absences/good.json')).toMatchObject({
      run: 'good',
      outcome: 'made',
      stages: {
        stage1: {
          salaries: { ...made, figures: FIGURES },
          arrets: made,
          maladie: { outcome: 'made', files: 2 },
        },
        stage2: { suivi: made },
      },
    });
    expect(await world.body(RAW, '_audit/absences/good.json').then(String)).not.toContain('none');
    const written = await world.keysBelow('acme-cleaned', 'lake/cleaned_rh/people_small_files/');
    const lines = await Promise.all(written.map(async (key) => linesOf(await world.body('acme-cleaned', key))));
    const treated = (text: string) => pseudonym(BLUEPRINT.datasets.pseudonyms!, Buffer.from(KEY, 'hex'), 'text', text);
    expect(lines.flat().map(({ matricule, mois }) => [matricule, mois])).toEqual(
      expect.arrayContaining([
        [treated('S1'), '2024-03'],
        [treated('S2'), '2024-04'],
        [treated('S3'), '2024-05'],
      ]),
    );
    expect(lines.flat()).toHaveLength(3);
  });

  it('starts jobs with the name of the execution, and none for what is made of files', async () => {
    const { region, credentials } = world;
    const glue = new GlueClient({ region, credentials, endpoint: emulator.endpoint });
    const runs = async (name: string) => {
      const { JobRuns = [] } = await glue.send(new GetJobRunsCommand({ JobName: job(name) }));
      return JobRuns.map(({ Arguments }) => Arguments?.['--run']).sort();
    };
    expect(await runs('salaries')).toEqual(['good', 'kept', 'none', 'some']);
    expect(await runs('suivi')).toEqual(['good', 'kept']);
    expect(await runs('maladie')).toEqual([]);
    glue.destroy();
  });

  it('leaves a dataset as it is for which there is nothing to take', async () => {
    expect(executed['kept']).toMatchObject({ status: 'SUCCEEDED', maps: [] });
    expect(await json('_audit/absences/kept.json')).toMatchObject({
      outcome: 'made',
      stages: { stage1: { maladie: { outcome: 'kept' } } },
    });
  });

  it('tries every file, sets aside those that fail, each by the hash of its name, and counts them', async () => {
    expect(executed['some']).toMatchObject({
      status: 'FAILED',
      error: 'DatasetsFailed',
      maps: [
        {
          status: 'SUCCEEDED',
          toleratedFailurePercentage: 100,
          itemCounts: { total: 4, succeeded: 2, failed: 2 },
        },
      ],
    });
    expect(await json('_audit/absences/some.json')).toMatchObject({
      outcome: 'failed',
      stages: {
        stage1: {
          salaries: { outcome: 'made' },
          maladie: { outcome: 'failed', files: 4, filesFailed: 2 },
        },
        stage2: { suivi: { outcome: 'not-attempted' } },
      },
    });
    const aside = '_quarantine/absences/maladie/some';
    for (const [file, error] of [
      [REFUSED, 'Refused'],
      [MISSING, 'NoSuchKey'],
    ] as const) {
      const name = createHash('sha256').update(file.key).digest('hex');
      expect(await json(`${aside}/${name}.json`)).toMatchObject({
        run: 'some',
        file,
        error: { Error: error },
      });
    }
    expect(await world.keysBelow(RAW, aside)).toHaveLength(2);
  });

  it('catches a manifest that is not there, sets that aside, and makes the datasets beside it', async () => {
    expect(executed['none']).toMatchObject({
      status: 'FAILED',
      maps: [{ status: 'FAILED' }],
    });
    expect(await json('_audit/absences/none.json')).toMatchObject({
      outcome: 'failed',
      stages: {
        stage1: {
          maladie: { outcome: 'failed' },
          salaries: { outcome: 'made' },
        },
      },
    });
    expect(await json('_quarantine/absences/maladie/none.json')).toMatchObject({ dataset: 'maladie', run: 'none' });
  });

  it('writes results of maps beside the records, a folder for each map', async () => {
    const results = await world.keysBelow(RAW, '_audit/absences/files/maladie/');
    expect(results.filter((key) => key.endsWith('/manifest.json'))).toHaveLength(2);
  });
});
