import type { ColumnClass } from '../../domain/mapping.ts';
import type { Finding } from '../../domain/reconciliation.ts';
import type { RunId, UseCaseId } from '../../domain/names.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { Progress } from '../../ports/progress.ts';
import type { QueryEngine } from '../../ports/query-engine.ts';
import type { SourceFileSystem } from '../../ports/source-file-system.ts';
import type { TargetCatalog } from '../../ports/target-catalog.ts';
import type { TargetObjectStore } from '../../ports/target-object-store.ts';
import type { ErasedCopies } from './erased-copies.ts';

/** What a run recorded: tells a loss from a source that changed since. Reconciliation works without it. */
export interface RunEvidence {
  readonly runId: RunId;
  readonly ledger: Pick<Ledger, 'findOutcome' | 'findObject' | 'findPlan'>;
}

export interface ReconcileRequest {
  readonly useCase: UseCaseId;
  /** Holds a plan drawn afresh from the live source. */
  readonly fresh: Pick<Ledger, 'listItems' | 'findItem' | 'findPlan' | 'openScratch'>;
  readonly source: Pick<SourceFileSystem, 'findChecksum' | 'findEntry'>;
  readonly store: Pick<TargetObjectStore, 'listObjects' | 'findObject' | 'readObject'>;
  readonly catalog: Pick<TargetCatalog, 'findTable' | 'listPartitions' | 'findStatistics'>;
  /** Both, for row counts; without them that check is declared as not configured. */
  readonly engines?: { readonly source: QueryEngine; readonly target: QueryEngine } | undefined;
  /** Personal-data class of a table's column: what samples may show of its values. `unclassified` unless told. */
  readonly classOf?: ((scope: string, column: string) => ColumnClass) | undefined;
  readonly evidence?: RunEvidence | undefined;
  /** Of the objects of tables, once they are compared: rows that may be missing. */
  readonly erased?: Pick<ErasedCopies, 'rowsOf'> | undefined;
  /** Receives every finding in order; the record itself keeps the first ones only. */
  readonly onFinding?: ((finding: Finding) => Promise<void>) | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly nowMs: number;
  /** Objects and files looked at side by side; 32 unless told. */
  readonly filesAtOnce?: number | undefined;
}
