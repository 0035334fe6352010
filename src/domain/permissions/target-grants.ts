import { formatTableName } from '../names.ts';
import type { Reason } from '../plan.ts';
import type { Access, PrincipalName } from './access-policy.ts';
import type { GovernedTable } from './governed-table.ts';
import type { DatabaseRights, Selection, TableRights, Withheld } from './rights.ts';

export interface TableGrant {
  readonly table: GovernedTable;
  readonly select?: Selection | undefined;
  readonly accesses: readonly Access[];
  readonly principals: readonly PrincipalName[];
  readonly from: readonly string[];
}

export interface DatabaseGrant {
  readonly database: string;
  readonly canCreate: boolean;
  readonly principals: readonly PrincipalName[];
  readonly from: readonly string[];
}

/** Everything one principal of AWS is granted. */
export interface TargetGrants {
  /** ARN. */
  readonly target: string;
  readonly databases: readonly DatabaseGrant[];
  readonly tables: readonly TableGrant[];
}

/**
 * Joins the rights of principals that people map to one target: it gets what any of them has, but nothing that is closed to one of them, and rows only
 * where all who may read the table see the same ones.
 */
export function grantsByTarget(
  rights: { readonly tables: readonly TableRights[]; readonly databases: readonly DatabaseRights[] },
  targets: ReadonlyMap<PrincipalName, string>,
): { readonly grants: readonly TargetGrants[]; readonly withheld: readonly Withheld[] } {
  const withheld: Withheld[] = [];
  const grants = [...new Set(targets.values())].sort().flatMap((target) => {
    const isOurs = ({ principal }: { principal: PrincipalName }): boolean => targets.get(principal) === target;
    const tables = [...groupBy(rights.tables.filter(isOurs), ({ table }) => formatTableName(table.name)).values()]
      .map((members) => tableGrant(members, withheld))
      .filter((grant) => grant !== undefined);
    const databases = databaseGrants(rights.databases.filter(isOurs), tables);
    return tables.length + databases.length === 0 ? [] : [{ target, databases, tables }];
  });
  return { grants, withheld };
}

function tableGrant(members: readonly TableRights[], withheld: Withheld[]): TableGrant | undefined {
  const { table } = members[0]!;
  const closed = new Set(members.flatMap((member) => [...member.closed.accesses]));
  const accesses = [...new Set(members.flatMap((member) => member.accesses))].filter((access) => !closed.has(access));
  const select = closed.has('select') ? undefined : joinedSelection(members, withheld);
  if (select === undefined && accesses.length === 0) return undefined;
  const giving = members.filter((member) => member.from.length > 0);
  return {
    table,
    select,
    accesses,
    principals: giving.map(({ principal }) => principal).sort(),
    from: [...new Set(giving.flatMap(({ from }) => from))].sort(),
  };
}

function joinedSelection(members: readonly TableRights[], withheld: Withheld[]): Selection | undefined {
  const reading = members.filter((member) => member.select !== undefined);
  const first = reading[0];
  if (first === undefined) return undefined;
  if (reading.some(({ select }) => select!.filter !== first.select!.filter)) {
    withheld.push(...reading.map(differentRows));
    return undefined;
  }
  const { filter } = first.select!;
  const closed = new Set(members.flatMap((member) => [...member.closed.columns]));
  const isAll = closed.size === 0 && reading.some(({ select }) => select!.columns === 'all');
  if (isAll) return { columns: 'all', filter };
  const names = first.table.columns.map(({ name }) => name.toLowerCase());
  const open = names.filter((name) => !closed.has(name) && reading.some(({ select }) => reads(select!, name)));
  return open.length === 0 ? undefined : { columns: open, filter };
}

function reads({ columns }: Selection, name: string): boolean {
  return columns === 'all' || columns.includes(name);
}

function differentRows({ principal, table, from }: TableRights): Withheld {
  const subject = formatTableName(table.name);
  return { principal, subject, accesses: ['select'], policy: from.join(', '), reason: DIFFERENT_ROWS };
}

const DIFFERENT_ROWS: Reason = {
  code: 'SHARED_TARGET',
  text: 'principals that have the same target see different rows of this table',
  hint: 'Give each a target of its own.',
};

/** Whoever has a right on a table must be able to see its database, as `use` does in Hive. */
function databaseGrants(rights: readonly DatabaseRights[], tables: readonly TableGrant[]): DatabaseGrant[] {
  const names = new Set([
    ...tables.map(({ table }) => table.target.database),
    ...rights.filter(({ canCreate }) => canCreate).map(({ database }) => database),
  ]);
  return [...names].sort().map((database) => {
    const members = rights.filter((right) => right.database === database);
    const canCreate = members.some((member) => member.canCreate) && !members.some((member) => member.isCreateClosed);
    const within = tables.filter(({ table }) => table.target.database === database);
    const creating = canCreate ? members.filter((member) => member.canCreate) : [];
    return {
      database,
      canCreate,
      principals: unique([...within.flatMap(({ principals }) => principals), ...creating.map((one) => one.principal)]),
      from: unique([...within.flatMap(({ from }) => from), ...creating.flatMap(({ from }) => from)]),
    };
  });
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

function groupBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return groups;
}
