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

const all = { database: { values: ['rh'] }, table: { values: ['dsn'] }, column: { values: ['*'] } };
const to = (users: readonly string[], groups: readonly string[] = [], type = 'select') => ({
  users,
  groups,
  accesses: [{ type }],
});

function rulingOn(policies: readonly object[], tagged: ReadonlyMap<string, readonly string[]> = new Map()) {
  const named = policies.map((policy, id) => ({ id, service: 'hive', resources: all, ...policy }));
  const read = readRangerExport({ policies: named }, 'test').policies;
  const facts = { tagged, apartFrom: new Map(), skipped: new Set<string>(), areRawWritesGranted: false };
  const { rights, withheld } = evaluatePermissions({ policies: read, tables: [table], facts });
  return {
    reads: Object.fromEntries(rights.flatMap(({ principal, select }) => (select ? [[principal, select.columns]] : []))),
    withheld: withheld.map(({ principal, reason }) => `${principal} ${reason.code}`),
  };
}

describe('exceptions of Ranger', () => {
  it('take from an allow whoever may be excepted, whose groups nobody knows', () => {
    const { reads } = rulingOn([{ policyItems: [to(['paul', 'marie'])], allowExceptions: [to(['paul'])] }]);
    expect(reads).toEqual({ 'user:marie': 'all' });
    const doubtful = rulingOn([{ policyItems: [to(['paul'])], allowExceptions: [to([], ['stagiaires'])] }]);
    expect(doubtful.reads, 'paul may be a trainee').toEqual({});
  });

  it('free of a denial only those they name for certain', () => {
    const denied = { denyPolicyItems: [to([], ['public'])], policyItems: [to(['paul', 'marie'])] };
    expect(rulingOn([{ ...denied, denyExceptions: [to(['paul'])] }]).reads).toEqual({ 'user:paul': 'all' });
    expect(rulingOn([{ ...denied, denyExceptions: [to([], ['chefs'])] }]).reads).toEqual({});
  });
});

describe('zones of Ranger', () => {
  it('leave nothing of the policies outside the zone on a table that may be in it', () => {
    const { reads, withheld } = rulingOn([
      { policyItems: [to(['paul'])] },
      { policyItems: [to(['marie'])], zoneName: 'sensible' },
    ]);
    expect(reads).toEqual({ 'user:marie': 'all' });
    expect(withheld).toContain('user:paul SECURITY_ZONE');
  });
});

describe('policies on tags', () => {
  const tag = { serviceType: 'tag', resources: { tag: { values: ['PII'] } } };

  it('count where a person said which tables and columns carry the tag', () => {
    const policies = [{ policyItems: [to(['paul'])] }, { ...tag, denyPolicyItems: [to(['paul'], [], 'hive:select')] }];
    const onColumn = rulingOn(policies, new Map([['PII', ['rh.dsn.nir']]]));
    expect(onColumn.reads).toEqual({ 'user:paul': ['motif'] });
    expect(onColumn.withheld).toContain('user:paul DENIED');
    expect(rulingOn(policies, new Map([['PII', []]])).reads).toEqual({ 'user:paul': 'all' });
  });
});
