import type { Reason } from '../plan.ts';
import type { Access, AccessPolicy, PrincipalName } from './access-policy.ts';
import type { GovernedTable, TaggedNames } from './governed-table.ts';

/** What a person decided in the review file. */
export interface ReviewedFacts {
  readonly tagged: TaggedNames;
  /** Nobody is both in the key and in one of its values. */
  readonly apartFrom: ReadonlyMap<PrincipalName, ReadonlySet<PrincipalName>>;
  /** Policies that give nothing any more; what they deny, mask or filter holds nevertheless. */
  readonly skipped: ReadonlySet<string>;
  readonly areRawWritesGranted: boolean;
}

/** What is evaluated: the policies in the order of their ids, the tables, and what people said about them. */
export interface PermissionWorld {
  readonly policies: readonly AccessPolicy[];
  readonly tables: readonly GovernedTable[];
  readonly facts: ReviewedFacts;
}

export interface Selection {
  /** `all` also means columns to come. */
  readonly columns: 'all' | readonly string[];
  /** Lake Formation filter expression. */
  readonly filter?: string | undefined;
}

/** What a principal may do to one table. */
export interface TableRights {
  readonly principal: PrincipalName;
  readonly table: GovernedTable;
  readonly select?: Selection | undefined;
  readonly accesses: readonly Access[];
  /** Ids of the policies that allow it. */
  readonly from: readonly string[];
  /** What must not come back through another principal that is given the same target. */
  readonly closed: Closed;
}

export interface Closed {
  readonly accesses: ReadonlySet<Access>;
  readonly columns: ReadonlySet<string>;
}

/** What a principal may do to a database: make tables in it. */
export interface DatabaseRights {
  readonly principal: PrincipalName;
  /** Name at the target. */
  readonly database: string;
  readonly canCreate: boolean;
  readonly isCreateClosed: boolean;
  readonly from: readonly string[];
}

/** What the source gives a principal and the target will not. */
export interface Withheld {
  readonly principal: PrincipalName;
  /** `rh.dsn`, or a database. */
  readonly subject: string;
  readonly accesses: readonly Access[];
  readonly columns?: readonly string[] | undefined;
  readonly policy: string;
  readonly reason: Reason;
}
