import { formatTableName } from '../names.ts';
import type { Reason } from '../plan.ts';
import { ACCESSES, OWNER, type Access, type PrincipalName } from './access-policy.ts';
import { DENIED, allowanceOf, denies } from './denials.ts';
import { policiesOn, type GovernedTable, type PolicyOnTable } from './governed-table.ts';
import type { Subject } from './principal-match.ts';
import { MASKED, maskedColumns, rowFilterFor } from './restrictions.ts';
import type { Closed, PermissionWorld, Selection, TableRights, Withheld } from './rights.ts';

export interface TableRuling {
  readonly rights: readonly TableRights[];
  readonly withheld: readonly Withheld[];
}

/** Everybody to whom some policy gives something on one of the tables, sorted. Owners are named by table. */
export function principalsOf({ policies, tables }: Pick<PermissionWorld, 'policies' | 'tables'>): PrincipalName[] {
  const listed = policies
    .filter(({ isEnabled }) => isEnabled)
    .flatMap(({ allow }) => allow.flatMap(({ principals }) => principals));
  const owners = listed.includes(OWNER) ? tables.map(({ owner }) => owner).filter((owner) => owner !== undefined) : [];
  return [...new Set([...listed.filter((name) => name !== OWNER), ...owners.map((owner) => `user:${owner}`)])].sort();
}

/** What each principal may do to each table of the use case, and what is withheld from it and why. */
export function evaluatePermissions(world: PermissionWorld): TableRuling {
  const rights: TableRights[] = [];
  const withheld: Withheld[] = [];
  const principals = principalsOf(world);
  for (const table of world.tables) {
    const policies = policiesOn(table, world.policies, world.facts.tagged);
    for (const principal of principals) {
      const ruling = new TableQuestion({ world, table, policies }, principal).answer();
      if (ruling !== undefined) rights.push(ruling.rights);
      withheld.push(...(ruling?.withheld ?? []));
    }
  }
  return { rights, withheld };
}

export function subjectOf(world: PermissionWorld, principal: PrincipalName, owner: string | undefined): Subject {
  return {
    principal,
    owner: owner === undefined ? undefined : `user:${owner}`,
    apartFrom: world.facts.apartFrom.get(principal) ?? new Set(),
  };
}

interface Given {
  readonly columns: Set<string>;
  isWhole: boolean;
  readonly from: Set<string>;
}

interface OneTable {
  readonly world: PermissionWorld;
  readonly table: GovernedTable;
  readonly policies: readonly PolicyOnTable[];
}

/** One principal and one table. */
class TableQuestion {
  readonly #world: PermissionWorld;
  readonly #table: GovernedTable;
  readonly #subject: Subject;
  readonly #policies: readonly PolicyOnTable[];
  readonly #withheld: Withheld[] = [];
  readonly #closedColumns = new Set<string>();
  readonly #closedAccesses = new Set<Access>();

  constructor({ world, table, policies }: OneTable, principal: PrincipalName) {
    this.#world = world;
    this.#table = table;
    this.#subject = subjectOf(world, principal, table.owner);
    this.#policies = policies;
  }

  /** undefined where no policy gives or takes anything. */
  answer(): { readonly rights: TableRights; readonly withheld: readonly Withheld[] } | undefined {
    const from = new Set<string>();
    const accesses: Access[] = [];
    for (const access of ACCESSES.filter((name) => name !== 'select' && name !== 'create')) {
      const given = this.#given(access);
      if (!this.#isDenied(access, given) && given.isWhole && this.#isGrantable(access, given)) {
        accesses.push(access);
        for (const policy of given.from) from.add(policy);
      }
    }
    const select = this.#selection(from);
    const closed: Closed = { accesses: this.#closedAccesses, columns: this.#closedColumns };
    const isSilent = select === undefined && accesses.length === 0 && this.#withheld.length === 0;
    if (isSilent && closed.accesses.size === 0 && closed.columns.size === 0) return undefined;
    const rights = {
      principal: this.#subject.principal,
      table: this.#table,
      select,
      accesses,
      from: [...from].sort(),
      closed,
    };
    return { rights, withheld: this.#withheld };
  }

  #given(access: Access): Given {
    const given: Given = { columns: new Set(), isWhole: false, from: new Set() };
    for (const { policy, sure: reach } of this.#policies) {
      if (reach === undefined || this.#world.facts.skipped.has(policy.id)) continue;
      const { isAllowed, withheld } = allowanceOf(policy, this.#subject, access);
      if (withheld !== undefined) this.#withhold({ access, policy: policy.id, reason: withheld });
      if (!isAllowed) continue;
      if (policy.zone === undefined && this.#isInZone()) {
        this.#withhold({ access, policy: policy.id, reason: ZONE_RULES });
        continue;
      }
      for (const column of reach.columns) given.columns.add(column);
      given.isWhole ||= reach.isWhole && (access !== 'select' || reach.columns.size > 0);
      given.from.add(policy.id);
    }
    return given;
  }

  /** Ranger asks only the policies of a zone about what is in it; which resources are in it is in no export. */
  #isInZone(): boolean {
    return this.#policies.some(({ policy }) => policy.zone !== undefined);
  }

  #isDenied(access: Access, given: Given): boolean {
    const denying = this.#policies.filter(({ policy }) => denies(policy, this.#subject, access));
    if (denying.length === 0) return false;
    this.#closedAccesses.add(access);
    if (given.isWhole) for (const { policy } of denying) this.#withhold({ access, policy: policy.id, reason: DENIED });
    return true;
  }

  #isGrantable(access: Access, given: Given): boolean {
    const { zone, isView } = this.#table;
    const reason =
      isView && access !== 'drop'
        ? VIEW_WRITE
        : zone === 'raw' && !this.#world.facts.areRawWritesGranted
          ? RAW_WRITE
          : undefined;
    if (reason === undefined) return true;
    for (const policy of given.from) this.#withhold({ access, policy, reason });
    return false;
  }

  #selection(from: Set<string>): Selection | undefined {
    const given = this.#given('select');
    this.#closeColumns(given);
    const open = [...given.columns].filter((column) => !this.#closedColumns.has(column));
    if (open.length === 0) return undefined;
    const ruling = rowFilterFor(this.#policies, this.#table, this.#subject);
    if (!ruling.isExpressible) {
      this.#closedAccesses.add('select');
      this.#withhold({ access: 'select', policy: ruling.policy, reason: ruling.reason });
      return undefined;
    }
    for (const policy of given.from) from.add(policy);
    const isAll = given.isWhole && this.#closedColumns.size === 0;
    return { columns: isAll ? 'all' : inTableOrder(this.#table, open), filter: ruling.expression };
  }

  /** Denied and masked columns are taken away, and stay away when another principal gets the same target. */
  #closeColumns(given: Given): void {
    const close = (policy: string, columns: ReadonlySet<string>, reason: Reason): void => {
      const taken = [...columns].filter((column) => given.columns.has(column));
      for (const column of columns) this.#closedColumns.add(column);
      if (taken.length > 0)
        this.#withhold({ access: 'select', policy, reason, columns: inTableOrder(this.#table, taken) });
    };
    for (const { policy, possible } of this.#policies)
      if (denies(policy, this.#subject, 'select')) close(policy.id, possible.columns, DENIED);
    for (const { policy, columns } of maskedColumns(this.#policies, this.#subject)) close(policy, columns, MASKED);
  }

  #withhold(what: { access: Access; policy: string; reason: Reason; columns?: readonly string[] }): void {
    const { access, policy, reason, columns } = what;
    const { principal } = this.#subject;
    this.#withheld.push({
      principal,
      subject: formatTableName(this.#table.name),
      accesses: [access],
      columns,
      policy,
      reason,
    });
  }
}

function inTableOrder(table: GovernedTable, columns: readonly string[]): string[] {
  const wanted = new Set(columns);
  return table.columns.map(({ name }) => name.toLowerCase()).filter((name) => wanted.has(name));
}

const ZONE_RULES: Reason = {
  code: 'SECURITY_ZONE',
  text: 'a security zone has policies on this table, and then only those count',
  hint: 'Skip the policies of the zone if the table is not in it.',
};

const RAW_WRITE: Reason = {
  code: 'RAW_IS_READ_ONLY',
  text: 'the zone "raw" holds unmodified bytes: nobody writes there but the migration',
  hint: 'Set rawWrites: grant where the source is switched off and writing goes on here.',
};

const VIEW_WRITE: Reason = {
  code: 'VIEW_WRITE',
  text: 'Lake Formation grants SELECT, DESCRIBE and DROP on views, nothing else',
};
