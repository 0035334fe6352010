import { describe, expect, it } from 'vitest';
import { readSentryExport } from '../../../src/adapters/sentry/sentry-policies.ts';
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

const FILE = `# written by sentry --command config-tool
[users]
marie = lecteurs
[groups]
paie=lecteurs, gestion
audit=nir_seul
[roles]
lecteurs=server=server1->db=RH->table=dsn->action=select
gestion=server=server1->db=rh->action=all->grantoption=true
nir_seul=server=server1->db=rh->table=dsn->column=nir->action=select,server=server1->uri=hdfs://nn/data
vide=
`;

function rightsOf(text: string) {
  const facts = { tagged: new Map(), apartFrom: new Map(), skipped: new Set<string>(), areRawWritesGranted: false };
  const { rights } = evaluatePermissions({ policies: readSentryExport(text, 'sentry.ini'), tables: [table], facts });
  return rights.map(({ principal, select, accesses }) => [principal, select?.columns, [...accesses].sort()]);
}

describe('policies of Sentry', () => {
  it('give to groups and users what their roles may do, down to single columns', () => {
    expect(rightsOf(FILE)).toEqual([
      ['group:audit', ['nir'], []],
      ['group:paie', 'all', ['alter', 'delete', 'drop', 'insert']],
      ['user:marie', 'all', []],
    ]);
  });

  it('read the same from its Thrift maps as JSON', () => {
    const privilege = (columnName: string, action: string) => ({
      serverName: 'server1',
      dbName: 'rh',
      tableName: 'dsn',
      columnName,
      URI: '',
      action,
      grantOption: 0,
    });
    const json = JSON.stringify({
      groupRolesMap: { audit: ['nir_seul'] },
      userRolesMap: { marie: ['lecteurs'] },
      rolePrivilegesMap: { nir_seul: [privilege('nir', 'select')], lecteurs: [privilege('', 'select')] },
    });
    expect(rightsOf(json)).toEqual([
      ['group:audit', ['nir'], []],
      ['user:marie', 'all', []],
    ]);
  });

  it('say what is left out: folders and the right to grant further', () => {
    const leftOut = readSentryExport(FILE, 'sentry.ini').flatMap((policy) => policy.leftOut.map(({ code }) => code));
    expect(leftOut.sort()).toEqual(['DELEGATE_ADMIN', 'RESOURCE_KIND']);
  });

  it.each([
    ['no export at all', 'hello'],
    ['JSON of something else', '{"policies":[]}'],
    ['a line outside any section', 'a=b\n[roles]\n'],
  ])('refuse %s', (_what, text) => {
    expect(() => readSentryExport(text, 'x.ini')).toThrow(expect.objectContaining({ kind: 'usage' }) as Error);
  });
});
