import type { Mapping, Zone } from './domain/mapping.ts';
import type { Migration } from './domain/migration.ts';
import type { PlanSummary } from './domain/plan.ts';
import { conversionGap } from './domain/rules/converted-table.ts';
import type { Ledger } from './ports/ledger.ts';
import type { Platform } from './ports/platform.ts';
import type { Progress } from './ports/progress.ts';
import type { ZoneTarget } from './steps/plan/plan-context.ts';
import { planUseCase } from './steps/plan/plan-use-case.ts';

/** One use case with all it needs; what `plan`, `run` and `reconcile` work on. */
export interface UseCase {
  readonly migration: Migration;
  readonly mapping: Mapping;
  readonly zones: Readonly<Partial<Record<Zone, ZoneTarget>>>;
  readonly clusterAuthorities: readonly string[];
  readonly platform: Platform;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Expands mapping and live inventory into a plan inside `ledger`, replacing the plan there. */
export function drawPlan(
  { migration, mapping, zones, clusterAuthorities, platform, progress, signal }: UseCase,
  ledger: Ledger,
): Promise<PlanSummary> {
  const { source, catalog, sourceEngine, exporter } = platform;
  return planUseCase({
    migration,
    mapping,
    zones,
    source,
    catalog,
    targetCatalog: platform.targetCatalog,
    writer: ledger.writePlan(),
    conversionGap: conversionGap({ hasHiveServer2: sourceEngine !== undefined, hasStaging: exporter !== undefined }),
    exporter,
    clusterAuthorities,
    progress,
    signal,
  });
}
