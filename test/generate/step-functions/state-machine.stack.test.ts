import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { stepFunctions } from '../../../src/generate/step-functions/state-machine.ts';
import { BLUEPRINT } from './blueprints.ts';
import { RUN, runStates, type Service } from './run-states.ts';

const MACHINE = JSON.parse(stepFunctions(BLUEPRINT)[0]!.text) as Parameters<typeof runStates>[0];
const GLUE = 'arn:aws:states:::glue:startJobRun.sync';
const LAMBDA = 'arn:aws:states:::lambda:invoke';
const TABLE = 'arn:aws:states:::aws-sdk:glue:getTable';
const PUT = 'arn:aws:states:::aws-sdk:s3:putObject';

let jobs: string[];
let objects: Record<string, unknown>;
beforeEach(() => {
  jobs = [];
  objects = {};
});

const failure = (name: string, message: string): Error => Object.assign(new Error(message), { name });
const put: Service = ({ Bucket, Key, Body }) => void (objects[`${String(Bucket)}/${String(Key)}`] = Body);
const job: Service = ({ JobName, Arguments }) => {
  expect(Arguments).toEqual({ '--run': RUN });
  jobs.push(String(JobName).replace('lakelift-absences-', ''));
  return { Id: `jr_${jobs.length}`, ExecutionTime: 3 };
};
/** Figures of one; one that somebody has taken out of the catalog, one that somebody wrote over, one that says nothing. */
const table: Service = ({ DatabaseName, Name }) => {
  if (Name === 'salaries') throw failure('Glue.EntityNotFoundException', 'gone');
  expect(DatabaseName).toMatch(/_rh$/);
  const figures = { 'lakelift.figures': JSON.stringify({ dataset: 'suivi', sourceRows: 9, smallestClass: 5 }) };
  const broken = { 'lakelift.figures': '{"dataset": ' };
  const said = Name === 'suivi' ? figures : Name === 'arret_travail' ? broken : {};
  return { Table: { Name, Parameters: { EXTERNAL: 'TRUE', ...said } } };
};
const AUDIT = `acme-raw/_audit/absences/${RUN}.json`;
const QUARANTINE = 'acme-raw/_quarantine/absences';
const run = (services: Record<string, Service>, input: unknown = {}, items: readonly unknown[] = []) =>
  runStates(MACHINE, { input, services: { [GLUE]: job, [TABLE]: table, [PUT]: put, ...services }, items });

describe.skipIf(inject('stack') === undefined)('an execution of the state machine', () => {
  it('makes each dataset after what it is made of, and records it, with the figures that its job has left with the table', async () => {
    expect(await run({})).toMatchObject({ error: undefined });
    expect(jobs).toHaveLength(4);
    expect(jobs.at(-1)).toBe('suivi');
    expect(objects).toEqual({
      [AUDIT]: expect.objectContaining({
        outcome: 'made',
        stages: {
          stage1: {
            salaries: { outcome: 'made', jobRun: expect.any(String) as string },
            arrets: { outcome: 'made', jobRun: expect.any(String) as string },
            maladie: { outcome: 'made', jobRun: expect.any(String) as string },
          },
          stage2: {
            suivi: {
              outcome: 'made',
              jobRun: 'jr_4',
              figures: { dataset: 'suivi', sourceRows: 9, smallestClass: 5 },
            },
          },
        },
      }) as object,
    });
  });

  it('makes the others when one fails, attempts none after them, and keeps what may quote a row in quarantine', async () => {
    const failing: Service = (parameters) => {
      if (parameters['JobName'] === 'lakelift-absences-arrets')
        throw failure('States.TaskFailed', 'cannot cast DUPONT');
      return job(parameters);
    };
    const { error } = await run({ [GLUE]: failing });
    expect(error).toMatchObject({ message: expect.stringContaining('record of the execution') as string });
    expect(jobs.sort()).toEqual(['maladie', 'salaries']);
    expect(objects[AUDIT]).toMatchObject({
      outcome: 'failed',
      stages: {
        stage1: { arrets: { outcome: 'failed', error: 'States.TaskFailed' }, salaries: { outcome: 'made' } },
        stage2: { suivi: { outcome: 'not-attempted' } },
      },
    });
    expect(JSON.stringify(objects[AUDIT])).not.toContain('DUPONT');
    expect(JSON.stringify(objects[`${QUARANTINE}/arrets/${RUN}.json`])).toContain('DUPONT');
  });

  it('waits for what is busy, and asks again', async () => {
    let refusals = 3;
    const busy: Service = (parameters) => {
      if (refusals-- > 0) throw failure('Glue.ConcurrentRunsExceededException', 'busy');
      return job(parameters);
    };
    expect(await run({ [GLUE]: busy })).toMatchObject({ error: undefined });
    expect(jobs).toHaveLength(4);
  });

  it('gives each small file of a manifest to the function of its dataset', async () => {
    const seen: unknown[] = [];
    const treat: Service = ({ FunctionName, Payload }) => {
      seen.push([FunctionName, Payload]);
      return { Payload: { rows: 1 } };
    };
    const manifests = { maladie: { bucket: 'acme-raw', key: 'manifests/1.json' } };
    const items = ['a.jsonl', 'b.jsonl'].map((key) => ({ bucket: 'acme-raw', key }));
    expect(await run({ [LAMBDA]: treat }, { manifests }, items)).toMatchObject({ error: undefined });
    expect(seen).toEqual(items.map((item) => ['lakelift-absences-maladie', { ...item, run: RUN }]));
    expect(jobs).not.toContain('maladie');
    expect(objects[AUDIT]).toMatchObject({ stages: { stage1: { maladie: { outcome: 'made', files: 2 } } } });
  });

  it('leaves a dataset as it is for which there is nothing to take, and makes those above', async () => {
    expect(await run({}, { manifests: { maladie: { objects: 0 } } })).toMatchObject({ error: undefined });
    expect(jobs).not.toContain('maladie');
    expect(jobs.at(-1)).toBe('suivi');
    expect(objects[AUDIT]).toMatchObject({ outcome: 'made', stages: { stage1: { maladie: { outcome: 'kept' } } } });
  });

  it('tries every file, sets aside those that fail, and says how many', async () => {
    const treat: Service = ({ Payload }) => {
      if ((Payload as { key: string }).key === 'bad.jsonl') throw failure('ValueError', 'line 3');
      return { Payload: {} };
    };
    const manifests = { maladie: { bucket: 'acme-raw', key: 'manifests/1.json' } };
    const items = ['bad.jsonl', 'good.jsonl'].map((key) => ({ bucket: 'acme-raw', key }));
    const { error } = await run({ [LAMBDA]: treat }, { manifests }, items);
    expect(error).toBeDefined();
    expect(objects[AUDIT]).toMatchObject({
      outcome: 'failed',
      stages: { stage1: { maladie: { outcome: 'failed', files: 2, filesFailed: 1 } } },
    });
    const name = createHash('sha256').update('bad.jsonl').digest('hex');
    expect(objects[`${QUARANTINE}/maladie/${RUN}/${name}.json`]).toMatchObject({ file: { key: 'bad.jsonl' } });
  });

  it('ends as failed, with its record, where nothing can be set aside', async () => {
    const broken: Service = () => {
      throw failure('States.TaskFailed', 'no');
    };
    const full: Service = (parameters) => {
      if (String(parameters['Key']).includes('quarantine')) throw failure('S3.S3Exception', 'denied');
      return put(parameters);
    };
    expect((await run({ [GLUE]: broken, [PUT]: full })).error).toBeDefined();
    expect(objects[AUDIT]).toMatchObject({ outcome: 'failed' });
  });
});
