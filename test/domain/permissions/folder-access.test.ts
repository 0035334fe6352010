import { describe, expect, it } from 'vitest';
import { evaluatePermissions } from '../../../src/domain/permissions/evaluate-permissions.ts';
import { folderPolicies, type FolderAccess } from '../../../src/domain/permissions/folder-access.ts';
import type { GovernedTable } from '../../../src/domain/permissions/governed-table.ts';

const table: GovernedTable = {
  name: { database: 'rh', table: 'dsn' },
  owner: 'hive',
  isView: false,
  columns: [{ name: 'nir', type: 'string' }],
  partitionKeys: new Set(),
  zone: 'cleaned',
  target: { database: 'cleaned_rh', table: 'dsn' },
};
const folder = (changes: Partial<FolderAccess> = {}): FolderAccess => ({
  path: '/w/dsn',
  owner: 'hive',
  ownerBits: 'rwx',
  users: {},
  groups: { hive: 'rwx' },
  otherBits: '---',
  ...changes,
});
const OPEN_ABOVE = [folder({ path: '/', otherBits: 'r-x', ownerBits: 'rwx', groups: {} })];

function rightsOn(access: FolderAccess, above: readonly FolderAccess[] = OPEN_ABOVE) {
  const policies = folderPolicies({ table: table.name, folder: access, above });
  const facts = { tagged: new Map(), apartFrom: new Map(), skipped: new Set<string>(), areRawWritesGranted: true };
  const { rights, withheld } = evaluatePermissions({ policies, tables: [table], facts });
  const told = rights.flatMap(({ principal, select, accesses }) => {
    const all = [...(select === undefined ? [] : ['select']), ...accesses];
    return all.length === 0 ? [] : [`${principal} ${all.join(' ')}`];
  });
  return {
    told,
    withheld: withheld.map(({ principal, accesses, reason }) => `${principal} ${accesses.join()} ${reason.code}`),
  };
}

describe('rights on a folder of HDFS', () => {
  it('are those of its owner and its group, and of everybody where everybody has them', () => {
    expect(rightsOn(folder({ otherBits: 'r-x' })).told).toEqual([
      'group:hive select insert delete',
      'group:public select',
      'user:hive select insert delete',
    ]);
    expect(rightsOn(folder({ groups: { hive: 'r--' } })).told, 'nobody lists what they may not enter').toEqual([
      'user:hive select insert delete',
    ]);
  });

  it('go by the entry that names a user, whatever the groups of that user may', () => {
    const { told, withheld } = rightsOn(folder({ users: { paul: '---', anna: 'r-x' }, groups: { rh: 'r-x' } }));
    expect(told).toEqual(['user:anna select', 'user:hive select insert delete']);
    expect(withheld, 'Paul may be in the group').toContain('group:rh select ALLOW_EXCEPTION');
  });

  it('are not those of all others for whom a group is named', () => {
    const { told, withheld } = rightsOn(folder({ groups: { stage: '---' }, otherBits: 'r-x' }));
    expect(told).not.toContain('group:public select');
    expect(withheld).toContain('group:public select ALLOW_EXCEPTION');
  });

  it('end at a folder above that lets nobody through, which is said', () => {
    const above = [folder({ path: '/w', users: { anna: '--x' }, groups: {}, otherBits: '---' })];
    const access = folder({ users: { anna: 'r-x' }, groups: { rh: 'r-x' } });
    expect(rightsOn(access, above).told).toEqual(['user:anna select', 'user:hive select insert delete']);
    const [, groups] = folderPolicies({ table: table.name, folder: access, above });
    expect(groups).toMatchObject({ allow: [], leftOut: [{ code: 'FOLDER_ABOVE' }] });
  });

  it('make another policy as soon as they change anywhere on the way', () => {
    const canonical = (above: readonly FolderAccess[]) =>
      folderPolicies({ table: table.name, folder: folder(), above }).map((policy) => policy.canonical);
    expect(canonical(OPEN_ABOVE)).not.toEqual(canonical([{ ...OPEN_ABOVE[0]!, otherBits: '--x' }]));
  });
});
