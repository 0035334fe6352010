import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { afterEach, describe, expect, it } from 'vitest';
import { openSandboxProject, type SandboxProject } from './sandbox-project.ts';

let project: SandboxProject;
afterEach(() => project.close());

const REPOSITORY = join(import.meta.dirname, '../..');
const COMMANDS = ['init', 'doctor', 'map', 'plan', 'run', 'reconcile', 'report', 'status', 'demo', 'sandbox'];
/** What a terminal would act on: control characters, and marks that turn the direction of text. */
const ACTED_ON = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

interface Status {
  readonly useCase: string;
  readonly status: string;
  readonly verdict?: string;
  readonly next: string;
}

async function statusOf(useCase: string): Promise<Status> {
  const all = JSON.parse((await project.lakelift('status', '--json')).stdout) as Status[];
  return all.find((each) => each.useCase === useCase)!;
}

describe('the commands', () => {
  it('lead from init to a report, each saying what is next, and --json makes each result one document', async () => {
    project = await openSandboxProject();
    const settings = join(project.root, 'lakelift.yaml');
    const { source, target, zones, limits } = parse(readFileSync(settings, 'utf8')) as Record<string, unknown> & {
      source: { hdfs: { nameNodes: string[]; user: string }; hive: { metastore: string[] } };
      target: { region: string };
      zones: { raw: { bucket: string } };
    };
    const init = ['init', '--no-input', '--name-node', source.hdfs.nameNodes[0]!, '--hdfs-user', source.hdfs.user];
    const rest = [
      '--metastore',
      source.hive.metastore[0]!,
      '--region',
      target.region,
      '--raw-bucket',
      zones.raw.bucket,
    ];
    const kept = await project.lakelift(...init, ...rest, '--json');
    expect({ code: kept.code, error: (JSON.parse(kept.stdout) as { error: { code: string } }).error.code }).toEqual({
      code: 2,
      error: 'PROJECT_EXISTS',
    });
    rmSync(settings);
    const written = await project.lakelift(...init, ...rest, '--json');
    expect(JSON.parse(written.stdout)).toMatchObject({ written: settings, next: 'lakelift doctor' });
    const fresh = parse(readFileSync(settings, 'utf8')) as { source: object; target: object };
    expect(fresh).toMatchObject({ source: { hdfs: { user: 'hive' } }, target: { region: target.region } });
    // No command asks for the endpoints of a stand-in for AWS.
    writeFileSync(settings, stringify({ ...fresh, source, target, limits }));

    const json = async (code: number, ...args: string[]): Promise<unknown> => {
      const { stdout, stderr, ...result } = await project.lakelift(...args, '--json');
      expect({
        args,
        code: result.code,
        stderr: stderr.split('\n').filter((line) => line !== '' && !isJson(line)),
      }).toEqual({
        args,
        code,
        stderr: [],
      });
      return JSON.parse(stdout);
    };
    expect(await json(0, 'doctor')).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'raw bucket', isOk: true })]),
    );
    expect(await statusOf('absences')).toMatchObject({ status: 'new', next: 'lakelift plan absences' });
    rmSync(join(project.root, 'mappings/absences.yaml'));
    expect((await statusOf('absences')).next).toBe('lakelift map absences');
    await json(0, 'map', 'absences');
    await json(0, 'plan', 'absences');
    const { runId } = (await json(0, 'run', 'absences', '--yes')) as { runId: string };
    expect(await json(0, 'reconcile', 'absences')).toMatchObject({ verdict: 'identical' });
    expect(await json(0, 'report', 'absences', '--run', runId)).toMatchObject({ run: { runId }, verdict: 'identical' });
    expect(await statusOf('absences')).toMatchObject({
      status: 'finished',
      verdict: 'identical',
      next: 'lakelift accept absences',
    });
  }, 90_000);

  it('have examples under --help', async () => {
    project = await openSandboxProject();
    const helps = await Promise.all(COMMANDS.map((command) => project.lakelift(command, '--help')));
    expect(helps.map(({ code, stdout }) => ({ code, hasExamples: stdout.includes('Examples:') }))).toEqual(
      COMMANDS.map(() => ({ code: 0, hasExamples: true })),
    );
    const { stdout } = await project.lakelift('--help');
    for (const command of COMMANDS) expect(stdout).toContain(`  ${command} `);
    expect(stdout).toContain('Exit codes:');
  }, 60_000);

  it('answer a wrong option or command with usage on stderr, JSON on stdout, exit code 2', async () => {
    project = await openSandboxProject();
    const [option, command] = await Promise.all([
      project.lakelift('run', 'absences', '--yess', '--json'),
      project.lakelift('migrate'),
    ]);
    expect(option.code).toBe(2);
    expect(option.stderr).toContain('--yess');
    expect(JSON.parse(option.stdout)).toMatchObject({ error: { code: 'commander.unknownOption', kind: 'usage' } });
    expect({ code: command.code, stdout: command.stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('run exactly the plan that was approved, and refuse it once the source has changed', async () => {
    project = await openSandboxProject();
    const hashNow = async (): Promise<string> =>
      (JSON.parse((await project.lakelift('plan', 'absences', '--json')).stdout) as { hash: string }).hash;
    const hash = await hashNow();
    expect(await hashNow()).toBe(hash);
    project.sandbox.fileSystem.writeFile('/data/rh/dsn/late.dsn', Buffer.from('late'));
    const stale = await project.lakelift('run', 'absences', '--plan', hash, '--json');
    expect({ code: stale.code, error: (JSON.parse(stale.stdout) as { error: { code: string } }).error.code }).toEqual({
      code: 7,
      error: 'PLAN_STALE',
    });
    expect(await Array.fromAsync(project.store.listObjects('sandbox-raw', ''))).toEqual([]);
    expect((await project.lakelift('run', 'absences', '--plan', await hashNow())).code).toBe(0);
  }, 60_000);

  it('leave the record of the last run alone when a later plan is only looked at, or refused', async () => {
    project = await openSandboxProject();
    expect((await project.run('absences')).code).toBe(0);
    const recorded = async (): Promise<unknown> =>
      JSON.parse((await project.lakelift('status', 'absences', '--json')).stdout) as unknown;
    const before = await recorded();
    project.sandbox.fileSystem.delete(
      [...project.sandbox.lake.files].find(({ path }) => path.startsWith('/data/rh/dsn'))!.path,
    );
    expect((await project.lakelift('run', 'absences', '--dry-run')).code).toBe(0);
    expect((await project.lakelift('run', 'absences', '--plan', '0'.repeat(64))).code).toBe(7);
    expect(await recorded()).toEqual(before);
    expect((await project.lakelift('report', 'absences')).code).toBe(0);
  }, 60_000);

  it('include a demo that needs nothing, of three use cases, with reports that stay', async () => {
    project = await openSandboxProject();
    const { code, stdout } = await project.lakeliftAt(REPOSITORY, 'demo', '--json');
    const results = JSON.parse(stdout) as { useCase: string; reconciliation: string; reports: string[] }[];
    for (const { useCase, reports } of results) {
      expect(reports.map((place) => existsSync(place))).not.toContain(false);
      rmSync(dirname(reports[0]!), { recursive: true });
      expect(reports[0]).toContain(useCase);
    }
    expect({ code, verdicts: results.map(({ useCase, reconciliation }) => [useCase, reconciliation]) }).toEqual({
      code: 0,
      verdicts: [
        ['churn', 'identical'],
        ['absences', 'identical'],
        ['field-sales', 'identical'],
      ],
    });
  }, 60_000);

  it('do nothing the second time', async () => {
    project = await openSandboxProject();
    const first = await project.run('churn');
    expect({ code: first.code, verdict: first.summary.reconciliation }).toEqual({ code: 0, verdict: 'identical' });
    const second = await project.run('churn');
    expect(second.code).toBe(0);
    expect([...new Set(second.summary.totals.map(({ status }) => status))].sort()).toEqual([
      'already-verified',
      'skipped',
      'unchanged',
    ]);
  }, 60_000);

  it('do not touch what people wrote into a mapping', async () => {
    project = await openSandboxProject();
    const before = readFileSync(join(project.root, 'mappings/absences.yaml'), 'utf8');
    expect((await project.lakelift('map', 'absences')).code).toBe(0);
    expect(readFileSync(join(project.root, 'mappings/absences.yaml'), 'utf8')).toBe(before);
  });

  it('report on no run before there was one', async () => {
    project = await openSandboxProject();
    const { code, stderr } = await project.lakelift('report', 'absences');
    expect({ code, isNamed: stderr.includes('NO_RUN') }).toEqual({ code: 2, isNamed: true });
  });
});

describe('what is written', () => {
  it('is French when asked, without colour under NO_COLOR, data on stdout and messages on stderr', async () => {
    project = await openSandboxProject();
    const plan = await project.lakelift('plan', 'absences', '--lang', 'fr');
    expect(plan.stdout).toContain('empreinte du plan');
    const { stdout, stderr } = await project.lakelift('run', 'absences', '--yes', '--lang', 'fr');
    expect(stdout).toContain('La source et la cible sont identiques.');
    expect(stderr).toContain('✓  Copie');
    expect(stdout).not.toContain('✓  Copie');
    expect(plan.stdout + plan.stderr + stdout + stderr).not.toMatch(ACTED_ON);
    const page = readFileSync(/Rapport: (.*report\.html)/.exec(stdout)![1]!, 'utf8');
    expect(page).toContain('<html lang="fr"');
    const refused = await project.lakelift('plan', 'absenses', '--lang', 'fr');
    expect(refused.stderr).toMatch(/^erreur USE_CASE.*\n.*que faire: /s);
    const locale = await project.lakeliftIn({ LANG: 'fr_FR.UTF-8' }, 'status');
    expect(locale.stdout).toContain('suite');
  }, 60_000);

  it('shows hostile names harmlessly, whatever becomes of them', async () => {
    const hostile = '/data/rh/dsn/\u001b]0;owned\u0007\u001b[31mred\u202efdp.dsn';
    project = await openSandboxProject({
      faults: {
        hdfs: ({ operation, server, path }) =>
          operation === 'OPEN' && server === 'datanode' && path === hostile
            ? { kind: 'cut', afterBytes: 1 }
            : undefined,
      },
    });
    project.sandbox.fileSystem.writeFile(hostile, Buffer.from('xyz'));
    project.sandbox.fileSystem.writeFile('/data/rh/dsn/._\u001b[31mred\u202efdp.dsn', Buffer.from('x'));
    project.sandbox.fileSystem.makeLink('/data/rh/dsn/\u001b]0;title\u0007link', '/etc/passwd');
    const plan = await project.lakelift('plan', 'absences');
    // 3: a link is refused.
    expect(plan.code).toBe(3);
    const run = await project.lakelift('run', 'absences', '--yes');
    expect(run.code).toBe(3);
    const reconcile = await project.lakelift('reconcile', 'absences');
    expect(reconcile.code).toBe(4);
    expect(run.stderr).toContain('fdp.dsn');
    for (const { stdout, stderr } of [plan, run, reconcile]) expect(stdout + stderr).not.toMatch(ACTED_ON);
  }, 60_000);

  it('is in the log of the command too, item by item, and no secret is in it', async () => {
    project = await openSandboxProject();
    const { code } = await project.run('absences');
    expect(code).toBe(0);
    const folder = join(project.root, '.lakelift/absences/logs');
    const log = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('');
    const events = log
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event?: { kind: string } });
    expect(events.filter(({ event }) => event?.kind === 'item').length).toBeGreaterThan(22);
    expect(events.some(({ event }) => event?.kind === 'step-finished')).toBe(true);
    expect(log).not.toContain(project.environment['AWS_SECRET_ACCESS_KEY']);
  });

  it('may be read in part: whoever stops reading stops nothing', async () => {
    project = await openSandboxProject();
    const { code, stdout, stderr } = await project.lakeliftPiped('head -c 20', 'plan', 'absences', '--json');
    expect({ code, length: stdout.length, stderr: stderr.includes('EPIPE') }).toEqual({
      code: 0,
      length: 20,
      stderr: false,
    });
  });
});

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
