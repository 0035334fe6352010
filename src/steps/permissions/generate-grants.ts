import { lakeFormationTemplates } from '../../domain/permissions/lake-formation.ts';
import type { PermissionDecisions } from '../../domain/permissions/permission-review.ts';
import type { Withheld } from '../../domain/permissions/rights.ts';
import { grantsByTarget } from '../../domain/permissions/target-grants.ts';
import { LakeliftError } from '../../errors.ts';
import { digestOf, type PermissionReview } from './draw-review.ts';
import { undecided } from './undecided.ts';

/**
 * The reviewed permissions as CloudFormation templates of Lake Formation. Throws `stale-plan` (`PERMISSIONS_UNDECIDED`) while anything is unreviewed,
 * changed or unmapped: then nothing is generated at all.
 */
export function generateGrants(
  useCase: string,
  review: PermissionReview,
  decisions: PermissionDecisions,
): { readonly templates: readonly Readonly<Record<string, unknown>>[]; readonly withheld: readonly Withheld[] } {
  const open = undecided(review, decisions);
  if (open.length > 0) {
    const lines = open.map(({ subject, reason }) => `${subject}: ${reason.text}. ${reason.hint ?? ''}`.trimEnd());
    throw new LakeliftError(`Nothing was generated: ${open.length} decisions are open.\n${lines.join('\n')}`, {
      kind: 'stale-plan',
      code: 'PERMISSIONS_UNDECIDED',
      subject: useCase,
      hint: `Decide them in mappings/permissions/${useCase}.yaml, then run the command again.`,
    });
  }
  const targets = new Map(
    Object.entries(decisions.principals).flatMap(([name, { target, skip }]) =>
      target === undefined || skip !== undefined ? [] : [[name, target] as const],
    ),
  );
  const { grants, withheld } = grantsByTarget(review, targets);
  return { templates: lakeFormationTemplates(useCase, grants, digestOf), withheld };
}
