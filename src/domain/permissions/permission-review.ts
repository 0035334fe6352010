import type { Reason } from '../plan.ts';
import type { PrincipalName } from './access-policy.ts';

/** What people decide about a principal of the source. */
export interface PrincipalDecision {
  /** ARN of an IAM role, or of a group of the Identity Center. */
  readonly target?: string | undefined;
  /** Gets nothing, and why. */
  readonly skip?: string | undefined;
  /** Principals with whom it shares nobody. */
  readonly apartFrom: readonly PrincipalName[];
}

export interface PolicyDecision {
  /** The digest that a person has reviewed. */
  readonly reviewed?: string | undefined;
  /** Gives nothing, and why; what it denies, masks and filters holds. */
  readonly skip?: string | undefined;
  /** The digest in the file, kept for policies that the source no longer has. */
  readonly digest?: string | undefined;
  readonly name?: string | undefined;
}

/** The part of `mappings/permissions/<use-case>.yaml` that people write. */
export interface PermissionDecisions {
  readonly rawWrites: 'withhold' | 'grant';
  readonly principals: Readonly<Record<PrincipalName, PrincipalDecision>>;
  readonly policies: Readonly<Record<string, PolicyDecision>>;
  /** Which tables and columns carry a tag; undefined until somebody says. */
  readonly tags: Readonly<Record<string, { readonly on?: readonly string[] | undefined }>>;
}

export const NO_DECISIONS: PermissionDecisions = { rawWrites: 'withhold', principals: {}, policies: {}, tags: {} };

/** What keeps grants from being generated. */
export interface Undecided {
  /** `policies.ranger:cm_hive:3`, `principals.group:rh`, `tags.PII`. */
  readonly subject: string;
  readonly reason: Reason;
}
