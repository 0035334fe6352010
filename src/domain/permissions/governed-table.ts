import type { Zone } from '../mapping.ts';
import { formatTableName, type TableName } from '../names.ts';
import type { Reason } from '../plan.ts';
import type { Column } from '../table.ts';
import type { AccessPolicy, PolicyResource } from './access-policy.ts';
import { matchName, reachesEverything, type Match } from './name-pattern.ts';

/** A table of the use case that grants may be given on, at its source and at its target. */
export interface GovernedTable {
  readonly name: TableName;
  readonly owner: string | undefined;
  readonly isView: boolean;
  /** Data columns and partition keys, as the source has them. */
  readonly columns: readonly Column[];
  /** Why these may not be the columns that Hive shows. */
  readonly columnsDoubt?: Reason | undefined;
  readonly partitionKeys: ReadonlySet<string>;
  readonly zone: Zone;
  readonly target: { readonly database: string; readonly table: string };
}

export interface Reach {
  /** Lower-case names of the columns it speaks of. */
  readonly columns: ReadonlySet<string>;
  /** It speaks of the table as a whole: every column, also those to come. */
  readonly isWhole: boolean;
}

/** Which tables and columns carry a tag: `db.table` or `db.table.column`. */
export type TaggedNames = ReadonlyMap<string, readonly string[]>;

/** What a policy surely says about a table; undefined when nothing. Names that Ranger completes at run time are not sure. */
function sureReach(policy: AccessPolicy, table: GovernedTable, tagged: TaggedNames): Reach | undefined {
  return reachOf(policy, table, { tagged, accept: (match) => match === 'yes' });
}

/** What a policy may say about a table at some request. */
function possibleReach(policy: AccessPolicy, table: GovernedTable, tagged: TaggedNames): Reach | undefined {
  return reachOf(policy, table, { tagged, accept: (match) => match !== 'no' });
}

interface Question {
  readonly tagged: TaggedNames;
  readonly accept: (match: Match) => boolean;
}

function reachOf(policy: AccessPolicy, table: GovernedTable, question: Question): Reach | undefined {
  const parts = [
    ...policy.resources.map((resource) => reachOfResource(resource, table, question.accept)),
    ...policy.tags.flatMap((tag) => (question.tagged.get(tag) ?? []).map((name) => reachOfName(name, table))),
  ].filter((reach) => reach !== undefined);
  if (parts.length === 0) return undefined;
  return {
    columns: new Set(parts.flatMap(({ columns }) => [...columns])),
    isWhole: parts.some(({ isWhole }) => isWhole),
  };
}

const EVERY_COLUMN = { values: ['*'], isExcludes: false };

function reachOfResource(
  { database, table: pattern, column: listed }: PolicyResource,
  { name, columns }: GovernedTable,
  accept: Question['accept'],
): Reach | undefined {
  if (pattern === undefined) return undefined;
  if (!accept(matchName(database, name.database)) || !accept(matchName(pattern, name.table))) return undefined;
  // Ranger lets nobody read columns by a policy that ends at the table; what such a policy takes away or filters counts for all of them.
  if (listed === undefined && !accept('maybe')) return { columns: new Set(), isWhole: true };
  const column = listed ?? EVERY_COLUMN;
  const matched = columns.filter((known) => accept(matchName(column, known.name)));
  if (matched.length === 0) return undefined;
  return { columns: lowerNames(matched), isWhole: reachesEverything(column) };
}

function reachOfName(name: string, table: GovernedTable): Reach | undefined {
  const own = formatTableName(table.name);
  const all = lowerNames(table.columns);
  if (name === own) return { columns: all, isWhole: true };
  const column = name.startsWith(`${own}.`) ? name.slice(own.length + 1) : undefined;
  if (column === undefined || !all.has(column)) return undefined;
  return { columns: new Set([column]), isWhole: false };
}

function lowerNames(columns: readonly Column[]): ReadonlySet<string> {
  return new Set(columns.map(({ name }) => name.toLowerCase()));
}

/** A policy together with what it says about one table. */
export interface PolicyOnTable {
  readonly policy: AccessPolicy;
  readonly sure: Reach | undefined;
  readonly possible: Reach;
}

/** The enabled policies that may speak of a table. */
export function policiesOn(
  table: GovernedTable,
  policies: readonly AccessPolicy[],
  tagged: TaggedNames,
): readonly PolicyOnTable[] {
  return policies.flatMap((policy) => {
    const possible = policy.isEnabled ? possibleReach(policy, table, tagged) : undefined;
    return possible === undefined ? [] : [{ policy, possible, sure: sureReach(policy, table, tagged) }];
  });
}
