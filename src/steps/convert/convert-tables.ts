import type { Conversion } from '../../domain/conversion.ts';
import type { RunId, UseCaseId } from '../../domain/names.ts';
import type { TableItem } from '../../domain/plan.ts';
import { isLakeliftError } from '../../errors.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { Progress } from '../../ports/progress.ts';
import type { QueryEngine } from '../../ports/query-engine.ts';
import type { SourceCatalog } from '../../ports/source-catalog.ts';
import type { SourceExporter } from '../../ports/source-exporter.ts';
import type { SourceFileSystem } from '../../ports/source-file-system.ts';
import { dropLeftBehind } from './drop-staged.ts';
import { expandConversions } from './expand-conversions.ts';
import { exportTable } from './export-table.ts';

export interface ConvertRequest {
  readonly ledger: Ledger;
  readonly runId: RunId;
  readonly useCase: UseCaseId;
  readonly source: SourceFileSystem;
  readonly catalog: SourceCatalog;
  /** HiveServer2, to count what was exported; both are there wherever the plan has something to convert. */
  readonly engine: QueryEngine | undefined;
  readonly exporter: SourceExporter | undefined;
  readonly clusterAuthorities: readonly string[];
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Has the cluster export every table that the plan converts, one after the other, and adds what came of it to the plan. A table whose
 * rows are those of its last conversion is not exported again. One that fails is an outcome, and the run goes on.
 */
export async function convertTables(request: ConvertRequest): Promise<void> {
  const { ledger } = request;
  const done = new Set<string>();
  for (const item of [...ledger.listItems({ kind: 'table', verdict: 'convert' })] as TableItem[]) {
    request.signal.throwIfAborted();
    if (await isConverted(request, item)) done.add(item.scope);
  }
  expandConversions(ledger, ledger, ({ scope }) => done.has(scope));
  await ledger.flush();
}

async function isConverted(request: ConvertRequest, item: TableItem): Promise<boolean> {
  const known = request.ledger.findConversion(item.scope);
  if (known !== undefined && isCurrent(item, known)) return true;
  try {
    await dropLeftBehind(request, item);
    await exportTable(request, item);
    if (known !== undefined) request.progress({ kind: 'note', level: 'info', message: former(known) });
    return true;
  } catch (error) {
    request.signal.throwIfAborted();
    if (!isLakeliftError(error) || error.code.startsWith('LEDGER_')) throw error;
    const { code: errorCode, message, hint } = error;
    const outcome = { itemId: item.id, status: 'failed', errorCode, message, hint } as const;
    request.ledger.recordOutcome(request.runId, outcome);
    request.progress({ kind: 'item', outcome });
    return false;
  }
}

function former({ scope, location }: Conversion): string {
  return `${scope}: the objects of its former conversion stay at ${location}, where nothing reads them any more`;
}

/** Of the same rows and columns, and for the same place at the target. */
function isCurrent({ conversion, definition }: TableItem, known: Conversion): boolean {
  return (
    known.state === conversion?.state && known.shape === conversion.shape && isFor(definition?.storage.location, known)
  );
}

export function isFor(place: string | undefined, { id, location }: Conversion): boolean {
  return location === `${place ?? ''}${id}/`;
}
