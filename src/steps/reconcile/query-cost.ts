import { estimateScan, usdOfScan } from '../../domain/query-cost.ts';
import type { TableItem } from '../../domain/plan.ts';
import type { QueryCost } from '../../domain/reconciliation.ts';
import type { FileCounter } from './collect.ts';
import type { ReconcileRequest } from './reconcile-context.ts';

/**
 * Says what the target's engine will be billed for, before a query is sent; what is returned tells what it was. Both undefined for engines
 * that do not bill by bytes.
 */
export function watchQueryCost(
  { engines, progress }: ReconcileRequest,
  tables: Iterable<TableItem>,
  files: FileCounter,
): () => QueryCost | undefined {
  const engine = engines?.target;
  const before = engine?.scannedBytes;
  if (engine === undefined || before === undefined) return () => undefined;
  let estimatedBytes = 0;
  for (const { definition, kind, scope, reconcileLevel } of tables)
    if (definition !== undefined && kind === 'table')
      estimatedBytes += estimateScan(definition, reconcileLevel, files.of(scope).expectedBytes);
  const estimatedUsd = usdOfScan(estimatedBytes);
  const message = `${engine.name} will scan about ${estimatedBytes} bytes, for ${estimatedUsd.toFixed(2)} USD`;
  progress({ kind: 'note', level: 'info', message });
  return () => {
    const scannedBytes = (engine.scannedBytes ?? before) - before;
    return { estimatedBytes, estimatedUsd, scannedBytes, scannedUsd: usdOfScan(scannedBytes) };
  };
}
