import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import type { GovernedTable } from '../../../src/domain/permissions/governed-table.ts';
import { lakeFormationTemplates } from '../../../src/domain/permissions/lake-formation.ts';
import type { TargetGrants } from '../../../src/domain/permissions/target-grants.ts';
import { lintTemplate } from '../../stack/cfn-lint.ts';

const table: GovernedTable = {
  name: { database: 'rh', table: 'dsn' },
  owner: 'hive',
  isView: false,
  columns: [{ name: 'nir', type: 'string' }],
  partitionKeys: new Set(),
  zone: 'cleaned',
  target: { database: 'cleaned_rh', table: 'dsn' },
};
const other: GovernedTable = { ...table, target: { database: 'cleaned_rh', table: 'absences' } };
const origin = { principals: ['group:rh'], from: ['ranger:cm_hive:1'] };

/** One grant of every kind that a template can hold. */
const GRANTS: readonly TargetGrants[] = [
  {
    target: 'arn:aws:iam::123456789012:role/rh',
    databases: [
      { database: 'cleaned_rh', canCreate: true, ...origin },
      { database: 'raw_rh', canCreate: false, ...origin },
    ],
    tables: [
      {
        table,
        select: { columns: 'all', filter: undefined },
        accesses: ['insert', 'delete', 'alter', 'drop'],
        ...origin,
      },
      { table, select: { columns: ['nir'], filter: undefined }, accesses: [], ...origin },
      { table, select: { columns: ['nir'], filter: "nature IN ('CP', 'RTT')" }, accesses: [], ...origin },
      { table: other, select: { columns: 'all', filter: 'annee >= 2020' }, accesses: ['insert'], ...origin },
    ],
  },
];

const fingerprint = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

async function lint(template: object): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'lakelift-cfn-'));
  try {
    const file = join(directory, 'grants.json');
    await writeFile(file, JSON.stringify(template, null, 2));
    return await lintTemplate(file);
  } finally {
    await rm(directory, { recursive: true });
  }
}

describe.skipIf(inject('stack') === undefined)('the CloudFormation of grants', () => {
  it('is what the schemas of AWS::LakeFormation ask for, and the linter tells when it is not', async () => {
    const [template, ...more] = lakeFormationTemplates('absences', GRANTS, fingerprint);
    expect(more).toEqual([]);
    expect(JSON.stringify(template).match(/"Type":"AWS::LakeFormation::[A-Za-z]+"/g)).toHaveLength(9);
    expect(await lint(template!)).toBe('');
    const broken = JSON.parse(JSON.stringify(template).replaceAll('"Permissions"', '"Permission"')) as object;
    await expect(lint(broken)).rejects.toThrow(/Permissions/);
  });
});
