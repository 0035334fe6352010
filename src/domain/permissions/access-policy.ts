import type { Reason } from '../plan.ts';

/** What can be done to a table, in the fewest words that Ranger, Sentry, HDFS and Lake Formation share. */
export const ACCESSES = ['select', 'insert', 'delete', 'alter', 'drop', 'create'] as const;
export type Access = (typeof ACCESSES)[number];

/** `user:paul`, `group:rh`, `role:analysts`; `group:public` is everybody, `owner:` whoever owns the table. */
export type PrincipalName = string;
export const PUBLIC: PrincipalName = 'group:public';
export const OWNER: PrincipalName = 'owner:';

export interface NamePattern {
  /** `*` and `?` as Ranger reads them; case does not matter. */
  readonly values: readonly string[];
  /** Everything but these. */
  readonly isExcludes: boolean;
}

/** A level that is absent ends there: a policy on a database alone says nothing of its tables. */
export interface PolicyResource {
  readonly database: NamePattern;
  readonly table?: NamePattern | undefined;
  readonly column?: NamePattern | undefined;
}

export interface PolicyItem {
  readonly principals: readonly PrincipalName[];
  readonly accesses: readonly Access[];
  /** Bound to a condition that Lake Formation cannot check: never allows, always denies. */
  readonly isConditional: boolean;
}

export interface MaskItem extends PolicyItem {
  /** Ranger's mask type; `MASK_NONE` shows the value. */
  readonly mask: string;
}

export interface FilterItem extends PolicyItem {
  /** A Hive expression; empty shows every row. */
  readonly expression: string;
}

/** One policy of the source, in words that do not depend on where it came from. */
export interface AccessPolicy {
  /** Unique and stable: `ranger:cm_hive:42`, `sentry:analyst`, `hdfs:/warehouse/rh.db/dsn`. */
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  readonly resources: readonly PolicyResource[];
  /** A policy on tags: which tables and columns carry them, a person has to say. */
  readonly tags: readonly string[];
  readonly allow: readonly PolicyItem[];
  readonly allowExceptions: readonly PolicyItem[];
  readonly deny: readonly PolicyItem[];
  readonly denyExceptions: readonly PolicyItem[];
  /** Whoever is not allowed here is denied. */
  readonly isDenyAllElse: boolean;
  readonly masks: readonly MaskItem[];
  readonly filters: readonly FilterItem[];
  /** Ranger's security zone. */
  readonly zone?: string | undefined;
  /** What reading it left out, said to whoever reviews it. */
  readonly leftOut: readonly Reason[];
  /** Everything of the policy that decides, in one canonical text: what its digest is made of. */
  readonly canonical: string;
}
