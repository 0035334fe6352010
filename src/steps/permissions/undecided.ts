import type { PermissionDecisions, Undecided } from '../../domain/permissions/permission-review.ts';
import type { Reason } from '../../domain/plan.ts';
import type { PermissionReview } from './draw-review.ts';

/** Everything a person must still decide before anything may be granted. */
export function undecided(review: PermissionReview, decisions: PermissionDecisions): Undecided[] {
  return [
    ...review.policies.flatMap(({ policy, digest }) => {
      const { reviewed } = decisions.policies[policy.id] ?? {};
      // One that was disabled after its review may have denied or masked something.
      if (reviewed === digest || (reviewed === undefined && !policy.isEnabled)) return [];
      return [
        { subject: `policies.${policy.id}`, reason: reviewed === undefined ? unreviewed(digest) : changed(digest) },
      ];
    }),
    // A mask or a denial of a column that is not among those known would be lost.
    ...review.doubts.map(({ table, reason }) => ({ subject: `tables.${table}`, reason })),
    ...gonePolicies(review, decisions).map((id) => ({ subject: `policies.${id}`, reason: GONE })),
    ...review.tags
      .filter((tag) => decisions.tags[tag]?.on === undefined)
      .map((tag) => ({ subject: `tags.${tag}`, reason: TAG_UNKNOWN })),
    ...review.principals
      .filter(
        (name) => decisions.principals[name]?.target === undefined && decisions.principals[name]?.skip === undefined,
      )
      .map((name) => ({ subject: `principals.${name}`, reason: PRINCIPAL_UNMAPPED })),
  ];
}

/** Policies of the file that the source no longer has: what they denied is open now. */
export function gonePolicies(review: PermissionReview, { policies }: PermissionDecisions): string[] {
  const present = new Set(review.policies.map(({ policy }) => policy.id));
  return Object.keys(policies)
    .filter((id) => !present.has(id))
    .sort();
}

function unreviewed(digest: string): Reason {
  return {
    code: 'POLICY_UNREVIEWED',
    text: 'nobody has reviewed it',
    hint: `Set "reviewed: ${digest}" once you have.`,
  };
}

function changed(digest: string): Reason {
  return {
    code: 'POLICY_CHANGED',
    text: 'it changed, or reaches other tables, since it was reviewed',
    hint: `Look at what changed (git diff), then set "reviewed: ${digest}".`,
  };
}

const GONE: Reason = {
  code: 'POLICY_GONE',
  text: 'the source no longer has it: what it gave is gone, and what it denied or masked is open',
  hint: 'Take its entry out of the file if that is right.',
};

const TAG_UNKNOWN: Reason = {
  code: 'TAG_UNKNOWN',
  text: 'policies hold for whatever carries this tag, and which tables do is in no export of policies',
  hint: 'Set "on" to the tables (db.table) or columns (db.table.column) that carry it; [] when none here does.',
};

const PRINCIPAL_UNMAPPED: Reason = {
  code: 'PRINCIPAL_UNMAPPED',
  text: 'nobody has said who this is in AWS',
  hint: 'Set "target" to the ARN of an IAM role or an Identity Center group, or "skip" to the reason why it gets nothing.',
};
