import { describe, expect, it } from 'vitest';
import { readRangerExport } from '../../../src/adapters/ranger/ranger-policies.ts';
import { evaluatePermissions } from '../../../src/domain/permissions/evaluate-permissions.ts';
import type { GovernedTable } from '../../../src/domain/permissions/governed-table.ts';

const table: GovernedTable = {
  name: { database: 'rh', table: 'dsn' },
  owner: 'hive',
  isView: false,
  columns: [
    { name: 'nir', type: 'string' },
    { name: 'motif', type: 'string' },
  ],
  partitionKeys: new Set(),
  zone: 'cleaned',
  target: { database: 'cleaned_rh', table: 'dsn' },
};

function rightsBy(...resources: object[]) {
  const policies = resources.map((resource, id) => ({
    id,
    service: 'hive',
    resources: { database: { values: ['RH'] }, ...resource },
    policyItems: [{ users: ['paul'], accesses: [{ type: 'select' }, { type: 'drop' }] }],
  }));
  const world = { policies: readRangerExport({ policies }, 'test').policies, tables: [table] };
  const facts = { tagged: new Map(), apartFrom: new Map(), skipped: new Set<string>(), areRawWritesGranted: false };
  return evaluatePermissions({ ...world, facts }).rights;
}

describe('what a policy of Ranger gives on a table', () => {
  it('is no column where the policy ends at the table', () => {
    expect(rightsBy({ table: { values: ['dsn'] } })).toMatchObject([{ select: undefined, accesses: ['drop'] }]);
    expect(
      rightsBy({ table: { values: ['dsn'] } }, { table: { values: ['d?n'] }, column: { values: ['mot*'] } }),
    ).toMatchObject([{ select: { columns: ['motif'] } }]);
  });

  it('is nothing where it ends at the database, or where Ranger completes the name at run time', () => {
    expect(rightsBy({})).toEqual([]);
    expect(rightsBy({ table: { values: ['dsn{USER}*'] }, column: { values: ['*'] } })).toEqual([]);
  });
});
