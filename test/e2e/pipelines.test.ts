import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parse, stringify, type ScalarTag } from 'yaml';
import type { BatchRecord } from '../../src/domain/batch/batch-record.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { mapping, script } from './sandbox-project.ts';
import { MAIN } from './project.ts';

const REPOSITORY = join(import.meta.dirname, '../..');
const ROLE = readFileSync(join(REPOSITORY, 'docs/ci/aws-role.yaml'), 'utf8');

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
}

/** CloudFormation's own tags stand for values that only AWS knows. */
const cloudFormation = ['!Ref', '!Sub', '!GetAtt', '!Not', '!Equals', '!Join'].flatMap((tag) => [
  { tag, resolve: (text: string) => text } satisfies ScalarTag,
  { tag, collection: 'seq' as const, resolve: (items: unknown) => items },
]);

function statements(): Map<string, Statement> {
  const { Resources } = parse(ROLE, { customTags: cloudFormation }) as {
    Resources: Record<string, { Properties: { PolicyDocument?: { Statement: Statement[] } } }>;
  };
  const all = Object.values(Resources).flatMap(({ Properties }) => Properties.PolicyDocument?.Statement ?? []);
  return new Map(all.map((statement) => [statement.Sid, statement]));
}

const S3_ACTIONS = [
  's3:ListBucket',
  's3:ListBucketMultipartUploads',
  's3:ListMultipartUploadParts',
  's3:AbortMultipartUpload',
  's3:PutObject',
  's3:GetObject',
  's3:DeleteObject',
] as const;

/** What a bucket of the sandbox must refuse for a role with these statements. */
function refusedFor(...sids: readonly string[]): (typeof S3_ACTIONS)[number][] {
  const allowed = new Set(sids.flatMap((sid) => statements().get(sid)!.Action));
  return S3_ACTIONS.filter((action) => !allowed.has(action));
}

let sandbox: Sandbox;
let directory: string;
const catalogOperations = new Set<string>();
afterEach(async () => {
  await sandbox.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A clone of a customer's project: its dependency lies where npm ci of it would find it, one folder up. */
async function cloneOfProject(): Promise<string> {
  directory = mkdtempSync(join(tmpdir(), 'lakelift-pipeline-'));
  catalogOperations.clear();
  sandbox = await startSandbox({
    directory: join(directory, 'sandbox'),
    deniedS3: {
      'sandbox-raw': refusedFor('LookIntoZones', 'WriteBelowZones'),
      'sandbox-refined': refusedFor('LookIntoState', 'KeepState'),
    },
    faults: { glue: ({ operation }) => void catalogOperations.add(`glue:${operation}`) },
  });
  const root = join(directory, 'lake');
  for (const folder of ['lake/migrations', 'lake/mappings', 'node_modules/.bin'])
    mkdirSync(join(directory, folder), { recursive: true });
  symlinkSync(REPOSITORY, join(directory, 'node_modules/lakelift'));
  symlinkSync(MAIN, join(directory, 'node_modules/.bin/lakelift'));
  const manifest = { name: 'lake', version: '1.0.0', private: true, type: 'module' };
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest));
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ ...manifest, lockfileVersion: 3, packages: { '': manifest } }),
  );
  for (const id of ['absences', 'churn']) {
    writeFileSync(join(root, 'migrations', `${id}.ts`), script(id));
    writeFileSync(join(root, 'mappings', `${id}.yaml`), mapping(id));
  }
  const { zones, ...configuration } = sandbox.configuration;
  const state = { bucket: 'sandbox-refined', prefix: 'state' };
  writeFileSync(join(root, 'lakelift.yaml'), stringify({ ...configuration, zones: { raw: zones.raw }, state }));
  return root;
}

interface ShellResult {
  readonly code: number | null;
  readonly output: string;
}

/** As the runner runs it: a script file, with its own environment and nothing of this process but the path. */
function shell(root: string, text: string, environment: Readonly<Record<string, string>>): Promise<ShellResult> {
  const file = join(directory, 'step.sh');
  writeFileSync(file, text);
  const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file], {
    cwd: root,
    env: { PATH: path, HOME: directory, CI: 'true', LANG: 'C.UTF-8', ...sandbox.environment, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => void (output += data.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

/** Somebody at a desk approves what will run: in a checkout of their own, over the state bucket. */
async function approve(root: string, id: string): Promise<void> {
  const command = `npx --no-install lakelift approve ${id} --plan "$(npx --no-install lakelift plan ${id} --json | node -p 'JSON.parse(require("fs").readFileSync(0)).hash')"`;
  const { code, output } = await shell(root, command, {});
  expect(code, output).toBe(0);
  rmSync(join(root, '.lakelift'), { recursive: true });
}

function expectResults(root: string): void {
  const record = JSON.parse(readFileSync(join(root, 'batch.json'), 'utf8')) as BatchRecord;
  expect(record.useCases.map(({ useCase, exitCode }) => [useCase, exitCode])).toEqual([
    ['absences', 0],
    ['churn', 0],
  ]);
  expect(globSync('reports/*/*/junit.xml', { cwd: root })).toHaveLength(2);
  expect(existsSync(join(root, 'reports/portfolio.html'))).toBe(true);
  const allowed = new Set(statements().get('RegisterTables')!.Action);
  expect([...catalogOperations].filter((action) => !allowed.has(action))).toEqual([]);
}

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly if?: string;
}

describe.skipIf(spawnSync('npx', ['--version']).status !== 0)('the pipelines of docs/ci, as they stand', () => {
  it('GitHub Actions: runs what is approved, tells the job page, and passes', async () => {
    const root = await cloneOfProject();
    for (const id of ['absences', 'churn']) await approve(root, id);
    const text = readFileSync(join(REPOSITORY, 'docs/ci/github-actions.yml'), 'utf8');
    const { permissions, jobs } = parse(text) as {
      permissions: Record<string, string>;
      jobs: { migrate: { env: Record<string, string>; steps: Step[] } };
    };
    expect(permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    const { env, steps } = jobs.migrate;
    // What is written into a script by GitHub would be run as part of it.
    expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
    const summary = join(directory, 'summary.md');
    const environment = {
      ...Object.fromEntries(Object.keys(env).map((name) => [name, ''])),
      LAKELIFT_WAVE: '1',
      LAKELIFT_UNTIL: new Date(Date.now() + 3600_000).toISOString(),
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'acme/lake',
      GITHUB_RUN_ID: '42',
    };
    for (const { name, run } of steps) {
      if (run === undefined) continue;
      const { code, output } = await shell(root, run, environment);
      expect({ name, code }, output).toEqual({ name, code: 0 });
    }
    expectResults(root);
    const page = readFileSync(summary, 'utf8');
    expect(page).toContain('## ✅ Absence management');
    expect(page).toMatch(/\| absences \|.*\n.*\| churn \|/);
  }, 300_000);

  it('GitLab CI: runs what is approved, and fails with what is not', async () => {
    const root = await cloneOfProject();
    await approve(root, 'absences');
    const text = readFileSync(join(REPOSITORY, 'docs/ci/gitlab-ci.yml'), 'utf8');
    const { lakelift: job } = parse(text) as {
      lakelift: Readonly<Record<'before_script' | 'script' | 'after_script', string[]>> & {
        readonly allow_failure: { exit_codes: number[] };
        readonly artifacts: { reports: { junit: string } };
      };
    };
    expect(job.allow_failure.exit_codes).toEqual([8]);
    expect(job.artifacts.reports.junit).toBe('reports/*/*/junit.xml');
    const environment = {
      LAKELIFT_WAVE: '1',
      LAKELIFT_UNTIL: new Date(Date.now() + 3600_000).toISOString(),
      LAKELIFT_ID_TOKEN: 'e30.e30.sig',
      LAKELIFT_ROLE_ARN: 'arn:aws:iam::123456789012:role/lakelift',
      LAKELIFT_REGION: 'eu-west-3',
      CI_JOB_URL: 'https://gitlab.example.org/jobs/42',
    };
    const main = await shell(root, [...job.before_script, ...job.script].join('\n'), environment);
    expect(main.code, main.output).toBe(7);
    const after = await shell(root, job.after_script.join('\n'), environment);
    expect(after.code, after.output).toBe(0);
    expect(existsSync(join(root, '.aws-token'))).toBe(false);

    await approve(root, 'churn');
    expect((await shell(root, [...job.before_script, ...job.script].join('\n'), environment)).code).toBe(0);
    await shell(root, job.after_script.join('\n'), environment);
    expect(after.output).toContain('absences');
    const record = JSON.parse(readFileSync(join(root, 'batch.json'), 'utf8')) as BatchRecord;
    expect(record.exitCode).toBe(0);
  }, 300_000);

  it('have a role that names each action in full, and lets nothing be deleted from the zones', () => {
    const all = [...statements().values()];
    expect(all.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
    expect(statements().get('NeverDelete')).toMatchObject({ Effect: 'Deny' });
    // Every right that an error of lakelift tells people to grant can be had from it.
    const granted = new Set(all.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action));
    for (const action of [
      'sns:Publish',
      'athena:StartQueryExecution',
      'kms:GenerateDataKey',
      's3:ListMultipartUploadParts',
      // Of statistics, without which a run is well, and warns.
      'glue:GetColumnStatisticsForTable',
      'glue:UpdateColumnStatisticsForTable',
      'glue:GetColumnStatisticsForPartition',
      'glue:UpdateColumnStatisticsForPartition',
    ])
      expect(granted).toContain(action);
  });
});
