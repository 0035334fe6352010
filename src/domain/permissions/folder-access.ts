import type { Reason } from '../plan.ts';
import { formatTableName, type TableName } from '../names.ts';
import { PUBLIC, type Access, type AccessPolicy, type PolicyItem, type PrincipalName } from './access-policy.ts';

/** Read, write and, on a folder, go through; as HDFS spells them, `r-x`. */
export type Bits = string;

/** Who may do what to one folder of HDFS, its ACL included. */
export interface FolderAccess {
  readonly path: string;
  readonly owner: string;
  readonly ownerBits: Bits;
  /** Named users and groups, and the folder's own group. */
  readonly users: Readonly<Record<string, Bits>>;
  readonly groups: Readonly<Record<string, Bits>>;
  readonly otherBits: Bits;
}

/** A folder, and those above it up to the root: whoever may not go through one of them reaches nothing below. */
export interface TableFolder {
  readonly table: TableName;
  readonly folder: FolderAccess;
  readonly above: readonly FolderAccess[];
}

const ACCESSES: readonly (readonly [letter: string, accesses: readonly Access[]])[] = [
  ['r', ['select']],
  ['w', ['insert', 'delete']],
];

/**
 * What the rights on a table's folder amount to, as up to three policies. HDFS looks for the asker among users first (the owner, then those that
 * the ACL names), then among groups, of which any may allow, then takes the rights of all others, and stops at the first that fits
 * ("HDFS Permissions Guide", "ACLs (Access Control Lists)"): a user or group with less is an exception to those behind it.
 */
export function folderPolicies(place: TableFolder): AccessPolicy[] {
  const { folder } = place;
  const users = { ...folder.users, [folder.owner]: folder.ownerBits };
  const layers: readonly Layer[] = [
    { id: `hdfs:${folder.path}`, who: named('user', users), before: [] },
    { id: `hdfs:${folder.path} (groups)`, who: named('group', folder.groups), before: named('user', users) },
    {
      id: `hdfs:${folder.path} (others)`,
      who: [[PUBLIC, folder.otherBits]],
      before: [...named('user', users), ...named('group', folder.groups)],
    },
  ];
  return layers
    .map((layer) => policyOf(layer, place))
    .filter(({ allow, leftOut }) => allow.length + leftOut.length > 0);
}

type Holder = readonly [principal: PrincipalName, bits: Bits];

interface Layer {
  readonly id: string;
  readonly who: readonly Holder[];
  /** Who is looked for earlier. */
  readonly before: readonly Holder[];
}

function named(kind: 'user' | 'group', bits: Readonly<Record<string, Bits>>): Holder[] {
  return Object.entries(bits)
    .map(([name, own]): Holder => [`${kind}:${name}`, own])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function policyOf({ id, who, before }: Layer, { table, folder, above }: TableFolder): AccessPolicy {
  const allow = ACCESSES.flatMap(([letter, accesses]) =>
    itemOf(
      who.filter(([, bits]) => has(bits, letter)),
      above,
      accesses,
    ),
  );
  const exceptions = ACCESSES.flatMap(([letter, accesses]) =>
    itemOf(
      before.filter(([, bits]) => !has(bits, letter)),
      [],
      accesses,
    ),
  );
  const stopped = who.filter(([, bits]) => has(bits, 'r') || has(bits, 'w')).flatMap(([name]) => stop(name, above));
  return {
    id,
    name: `${formatTableName(table)}: ${folder.path}`,
    isEnabled: true,
    resources: [{ database: one(table.database), table: one(table.table), column: one('*') }],
    tags: [],
    allow,
    allowExceptions: allow.length === 0 ? [] : exceptions,
    deny: [],
    denyExceptions: [],
    isDenyAllElse: false,
    masks: [],
    filters: [],
    leftOut: stopped,
    canonical: JSON.stringify([id, folder, above]),
  };
}

/** A folder is used by whoever may also go through it. */
function has(bits: Bits, letter: string): boolean {
  return bits.includes(letter) && bits.includes('x');
}

function itemOf(who: readonly Holder[], above: readonly FolderAccess[], accesses: readonly Access[]): PolicyItem[] {
  const principals = who.map(([name]) => name).filter((name) => stop(name, above).length === 0);
  return principals.length === 0 ? [] : [{ principals, accesses, isConditional: false }];
}

function one(name: string) {
  return { values: [name], isExcludes: false };
}

/** Why somebody does not get as far as the folder; empty when they do. */
function stop(principal: PrincipalName, above: readonly FolderAccess[]): Reason[] {
  const closed = above.find((folder) => !bitsOf(principal, folder).includes('x'));
  if (closed === undefined) return [];
  const text = `${principal} is not sure to reach it: ${closed.path} does not let them through by name`;
  return [{ code: 'FOLDER_ABOVE', text }];
}

function bitsOf(principal: PrincipalName, { owner, ownerBits, users, groups, otherBits }: FolderAccess): Bits {
  const [kind, name = ''] = splitOnce(principal);
  if (kind === 'user' && name === owner) return ownerBits;
  return (kind === 'user' ? users[name] : groups[name]) ?? otherBits;
}

function splitOnce(principal: PrincipalName): [string, string] {
  const colon = principal.indexOf(':');
  return [principal.slice(0, colon), principal.slice(colon + 1)];
}
