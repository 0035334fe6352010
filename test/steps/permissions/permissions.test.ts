import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSandboxProject, type SandboxProject } from '../../e2e/sandbox-project.ts';

const select = [{ type: 'select', isAllowed: true }];
const everyone = { users: [], groups: [], roles: [], conditions: [], delegateAdmin: false };

function exported(change: (policy: Record<string, unknown>) => Record<string, unknown> = (policy) => policy): string {
  const resources = (table: string, column = '*'): object => ({
    database: { values: ['rh'], isExcludes: false, isRecursive: false },
    table: { values: [table], isExcludes: false, isRecursive: false },
    column: { values: [column], isExcludes: false, isRecursive: false },
  });
  const policy = (id: number, name: string, body: object): Record<string, unknown> =>
    change({ id, name, service: 'cm_hive', serviceType: 'hive', isEnabled: true, policyType: 0, ...body });
  return JSON.stringify({
    metaDataInfo: { 'Ranger apache version': '2.4.0' },
    policies: [
      policy(1, 'RH lecture', {
        resources: resources('*'),
        policyItems: [
          { ...everyone, groups: ['rh'], users: ['paul'], accesses: [...select, { type: 'update', isAllowed: true }] },
        ],
        denyPolicyItems: [],
      }),
      policy(2, 'Paul sans arrêts', {
        resources: resources('arret_travail'),
        denyPolicyItems: [{ ...everyone, users: ['paul'], accesses: [{ type: 'all', isAllowed: true }] }],
      }),
      policy(3, 'NIR masqué', {
        policyType: 1,
        resources: resources('arret_travail', 'nir'),
        dataMaskPolicyItems: [
          { ...everyone, groups: ['rh'], accesses: select, dataMaskInfo: { dataMaskType: 'MASK' } },
        ],
      }),
      policy(4, 'Prévisions de congés', {
        policyType: 2,
        resources: { database: { values: ['rh'] }, table: { values: ['absences_prevues'] } },
        rowFilterPolicyItems: [
          { ...everyone, groups: ['rh'], accesses: select, rowFilterInfo: { filterExpr: 'nature in ("CP", \'RTT\')' } },
        ],
      }),
      {
        ...policy(5, 'Éteinte', {
          resources: resources('*'),
          policyItems: [{ ...everyone, groups: ['marketing'], accesses: select }],
        }),
        isEnabled: false,
      },
      { id: 9, name: 'dossiers', service: 'cm_hdfs', serviceType: 'hdfs', resources: { path: { values: ['/x'] } } },
    ],
  });
}

describe('permissions', () => {
  let project: SandboxProject;
  const file = (): string => join(project.root, 'mappings/permissions/absences.yaml');
  const review = async (...more: string[]) =>
    project.lakelift('permissions', 'absences', '--ranger', 'ranger.json', ...more, '--json');
  const summary = (
    stdout: string,
  ): {
    undecided: { subject: string; reason: { code: string } }[];
    withheld: { principal: string; subject: string; reason: { code: string } }[];
  } => JSON.parse(stdout) as ReturnType<typeof summary>;
  const decideEverything = (): void => {
    const text = readFileSync(file(), 'utf8')
      .replace(/digest: (\w+)\n( +)reviewed: .*/g, 'digest: $1\n$2reviewed: $1')
      .replace(/(group:rh:\n +)target: null/, '$1target: arn:aws:iam::123456789012:role/rh')
      .replace(/(user:paul:\n +)target: null/, '$1target: arn:aws:iam::123456789012:role/paul');
    writeFileSync(file(), text);
  };

  beforeAll(async () => {
    project = await openSandboxProject();
    writeFileSync(join(project.root, 'ranger.json'), exported());
  }, 60_000);
  afterAll(() => project.close());

  it('generates nothing before people have reviewed every policy and mapped every principal', async () => {
    const { code, stdout } = await review('--grants', 'grants.json');
    expect(code, stdout).toBe(7);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'PERMISSIONS_UNDECIDED' } });
    expect(readFileSync(file(), 'utf8')).toContain('group:rh');
    expect(() => readFileSync(join(project.root, 'grants.json'))).toThrow('ENOENT');
  }, 60_000);

  it('withholds denied tables from groups that may hold the denied user, masked columns, and writing in raw', async () => {
    const { code, stdout } = await review();
    expect(code, stdout).toBe(3);
    const codes = summary(stdout).withheld.map(
      ({ principal, subject, reason }) => `${principal} ${subject} ${reason.code}`,
    );
    expect(codes).toContain('user:paul rh.arret_travail DENIED');
    expect(codes).toContain('group:rh rh.arret_travail DENIED');
    expect(codes).toContain('group:rh rh.arret_travail MASKED');
    expect(codes).toContain('group:rh rh.absences_prevues RAW_IS_READ_ONLY');
    expect(codes.join()).not.toContain('marketing');
  }, 60_000);

  it('grants what is reviewed: rows by a filter, columns without the masked one, and the same text each time', async () => {
    decideEverything();
    const apart = readFileSync(file(), 'utf8').replace(
      /(group:rh:\n +)(target: .*\n)/,
      "$1$2    apartFrom: ['user:paul']\n",
    );
    writeFileSync(file(), apart);
    const { code, stdout, stderr } = await review('--grants', 'grants.json');
    expect(code, stdout + stderr).toBe(0);
    const text = readFileSync(join(project.root, 'grants.json'), 'utf8');
    const { Resources } = JSON.parse(text) as {
      Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
    };
    const all = JSON.stringify(Object.values(Resources).map(({ Properties }) => Properties));
    expect(all).toContain('"FilterExpression":"nature IN (\'CP\', \'RTT\')"');
    const columns = Object.values(Resources).flatMap(({ Properties }) => {
      const { TableWithColumns } = (Properties['Resource'] ?? {}) as {
        TableWithColumns?: { Name: string; ColumnNames: string[] };
      };
      return TableWithColumns === undefined ? [] : [TableWithColumns];
    });
    expect(columns.find(({ Name }) => Name === 'arret_travail')?.ColumnNames).toContain('motif_arret');
    expect(columns.find(({ Name }) => Name === 'arret_travail')?.ColumnNames).not.toContain('nir');
    expect(all).not.toMatch(/INSERT|DELETE|CREATE_TABLE/);
    const paul = Object.values(Resources).filter(({ Properties }) => JSON.stringify(Properties).includes('role/paul'));
    expect(JSON.stringify(paul)).not.toContain('arret_travail');
    await review('--grants', 'grants.json');
    expect(readFileSync(join(project.root, 'grants.json'), 'utf8')).toBe(text);
  }, 60_000);

  it('shows the rights on folders for review, and grants none of them before', async () => {
    const folder = project.sandbox.fileSystem.get('/warehouse/tablespace/external/hive/rh.db/arret_travail');
    Object.assign(folder, { owner: 'hive', group: 'hadoop', permission: '770', acl: ['user:zoe:r-x', 'group::rwx'] });
    const { code, stdout } = await review('--hdfs', '--grants', 'never.json');
    expect(code, stdout).toBe(7);
    const text = readFileSync(file(), 'utf8');
    expect(text).toMatch(/user:zoe:\n(?: {4}.*\n)*? +- "?rh\.arret_travail: select/);
    expect(text).toContain('hdfs:/warehouse/tablespace/external/hive/rh.db/arret_travail (groups)');
    expect(text).not.toContain('hdfs:/warehouse/tablespace/external/hive/rh.db/arret_travail (others)');
    expect(() => readFileSync(join(project.root, 'never.json'))).toThrow('ENOENT');
    // Taken out again: without --hdfs they are policies that the source no longer has.
    await project.lakelift('permissions', 'absences', '--ranger', 'ranger.json');
  }, 60_000);

  it('stops when a policy changed after its review, and when one is gone', async () => {
    writeFileSync(
      join(project.root, 'ranger.json'),
      exported((policy) =>
        policy['id'] === 3
          ? { ...policy, isEnabled: false }
          : policy['id'] === 2
            ? { ...policy, denyPolicyItems: [] }
            : policy,
      ),
    );
    const { code, stdout } = await review('--grants', 'later.json');
    expect(code, stdout).toBe(7);
    expect(stdout).toContain('policies.ranger:cm_hive:2: it changed');
    expect(stdout, 'a mask that was switched off').toContain('policies.ranger:cm_hive:3: it changed');
    const kept = JSON.parse(exported()) as { policies: { id: number }[] };
    writeFileSync(
      join(project.root, 'ranger.json'),
      JSON.stringify({ policies: kept.policies.filter(({ id }) => id !== 2) }),
    );
    const { stdout: gone } = await review();
    expect(summary(gone).undecided).toContainEqual(
      expect.objectContaining({
        subject: 'policies.ranger:cm_hive:2',
        reason: expect.objectContaining({ code: 'POLICY_GONE' }) as unknown,
      }),
    );
  }, 60_000);
});
