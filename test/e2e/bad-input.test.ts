import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { migrationScript, type CommandResult } from './project.ts';
import { mapping, openSandboxProject, type SandboxProject } from './sandbox-project.ts';

let project: SandboxProject;
afterEach(() => project.close());

/** A clear error: its exit code, its stable code, and what to do, on stderr; the same as JSON on stdout when asked for. */
async function expectRefusal(
  args: readonly string[],
  wanted: { code: number; error: string; says?: string },
): Promise<CommandResult> {
  const plain = await project.lakelift(...args);
  expect({ code: plain.code, stdout: plain.stdout }).toEqual({ code: wanted.code, stdout: '' });
  expect(plain.stderr).toContain(wanted.error);
  expect(plain.stderr).toContain('what to do:');
  if (wanted.says !== undefined) expect(plain.stderr).toContain(wanted.says);
  const json = await project.lakelift(...args, '--json');
  expect(json.code).toBe(wanted.code);
  expect(JSON.parse(json.stdout)).toMatchObject({
    error: { code: expect.stringContaining(wanted.error) as string, hint: expect.any(String) as string },
  });
  return plain;
}

describe('bad input gets a clear error with a hint, and nothing is lost', () => {
  it('a cluster that does not answer', async () => {
    project = await openSandboxProject({
      change: (config) => ({
        ...config,
        source: { ...(config['source'] as object), hdfs: { nameNodes: ['http://127.0.0.1:9'], user: 'hive' } },
      }),
    });
    await expectRefusal(['plan', 'absences'], { code: 1, error: 'HDFS_UNAVAILABLE', says: 'source.hdfs.nameNodes' });
  }, 60_000);

  it('a metastore that does not answer', async () => {
    project = await openSandboxProject({
      change: (config) => ({
        ...config,
        source: { ...(config['source'] as object), hive: { metastore: ['thrift://127.0.0.1:9'] } },
      }),
    });
    const { code, stderr } = await project.lakelift('plan', 'absences');
    expect(code).toBe(1);
    expect(stderr).toContain('METASTORE_');
  }, 60_000);

  it('wrong credentials', async () => {
    project = await openSandboxProject({ environment: { AWS_SECRET_ACCESS_KEY: 'wrong-secret-key' } });
    const { stderr } = await expectRefusal(['run', 'absences', '--yes'], { code: 5, error: 'AWS_CREDENTIALS' });
    expect(stderr).not.toContain('wrong-secret-key');
  });

  it('a use case that is not there', async () => {
    project = await openSandboxProject();
    await expectRefusal(['plan', 'abscences'], { code: 2, error: 'USE_CASE', says: 'absences' });
  });

  it('a table that the source does not know: refused with near names, the rest goes on', async () => {
    project = await openSandboxProject({
      migrations: { absences: migrationScript('absences', { tables: ['rh.arret_travial', 'rh.salarie'] }) },
    });
    const { code, stdout } = await project.lakelift('plan', 'absences');
    expect(code).toBe(3);
    expect(stdout).toContain('rh.arret_travial');
    expect(stdout).toContain('rh.arret_travail');
  });

  it('a mapping with a fault: file, line and column', async () => {
    project = await openSandboxProject({
      mappings: { absences: mapping('absences').replace('storage: keep', 'storage: keeep') },
    });
    const { stderr } = await expectRefusal(['plan', 'absences'], { code: 2, error: 'INVALID' });
    expect(stderr).toMatch(/absences\.yaml:\d+:\d+: /);
  });

  it('a configuration with a fault: file, line and column', async () => {
    project = await openSandboxProject({ change: ({ zones, ...config }) => ({ ...config, zoness: zones }) });
    const { stderr } = await expectRefusal(['status'], { code: 2, error: 'FILE_INVALID' });
    expect(stderr).toMatch(/lakelift\.yaml:\d+:\d+: unknown key "zoness"/);
  });

  it('a bucket that does not exist', async () => {
    project = await openSandboxProject({
      change: (config) => ({ ...config, zones: { raw: { bucket: 'nobody-has-this' } } }),
    });
    await expectRefusal(['run', 'absences', '--yes'], { code: 2, error: 'S3_', says: 'nobody-has-this' });
  });

  it('a bucket without the right to write', async () => {
    project = await openSandboxProject({ deniedS3: { 'sandbox-raw': ['s3:PutObject'] } });
    await expectRefusal(['run', 'absences', '--yes'], { code: 5, error: 'S3_', says: 's3:PutObject' });
    const doctor = await project.lakelift('doctor');
    expect(doctor.code).toBe(5);
    expect(doctor.stdout).toContain('✗ raw bucket');
  });

  it('a mapping that converts tables on a cluster without HiveServer2', async () => {
    project = await openSandboxProject();
    const file = join(project.root, 'mappings/churn.yaml');
    writeFileSync(file, mapping('churn').replace('storage: keep', 'storage: convert'));
    const { code, stdout } = await project.lakelift('doctor');
    expect(code).toBe(2);
    expect(stdout).toMatch(/✗ HiveServer2 for conversions: churn: .*nothing says where its rows may be staged/);
    expect(stdout).toContain('source.hive.staging');
  });

  it('a partition whose folder is missing: as the mapping says', async () => {
    const text = mapping('churn');
    project = await openSandboxProject();
    const standing: number[] = [];
    for (const [rule, wanted] of [
      ['refuse', { code: 3, statuses: ['refused'] }],
      ['skip', { code: 0, statuses: ['skipped'] }],
      ['register-empty', { code: 0, statuses: ['registered'] }],
    ] as const) {
      const file = join(project.root, 'mappings/churn.yaml');
      writeFileSync(file, text.replaceAll('missingFolder: register-empty', `missingFolder: ${rule}`));
      const { code, summary } = await project.run('churn');
      const without = project
        .items('churn', summary.runId)
        .filter(({ kind, code: found }) => kind === 'partition' && found === 'FOLDER_MISSING');
      expect({ rule, code, statuses: without.map(({ status }) => status) }).toEqual({ rule, ...wanted });
      const [database, name] = ['raw_assurance', without[0]!['scope']!.split('.')[1]!];
      standing.push((await Array.fromAsync(project.catalog.listPartitions({ database, name }))).length);
    }
    expect(standing).toEqual([standing[0], standing[0], standing[0]! + 1]);
  }, 60_000);

  it('no terminal to ask on: the option that answers is named', async () => {
    project = await openSandboxProject();
    await expectRefusal(['run', 'absences'], { code: 2, error: 'ANSWER_NEEDED', says: '--yes' });
    mkdirSync(join(project.root, 'other'));
    const init = await project.lakelift('init', '--no-input', '--config', 'other/lakelift.yaml');
    expect(init.code).toBe(2);
    expect(init.stderr).toContain('--name-node');
  });

  it('a rate that is none', async () => {
    project = await openSandboxProject();
    await expectRefusal(['run', 'absences', '--yes', '--max-rate', 'fast'], { code: 2, error: 'RATE_INVALID' });
  });
});
