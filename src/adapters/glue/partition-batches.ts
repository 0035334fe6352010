import type { ErrorDetail } from '@aws-sdk/client-glue';
import type { TargetPartition } from '../../domain/target-table.ts';
import { isLakeliftError } from '../../errors.ts';
import type { PartitionResult } from '../../ports/target-catalog.ts';
import { batchErrorCode, INVALID, translateGlueError, type GlueWork } from './glue-errors.ts';

/** Most entries of BatchCreatePartition and BatchUpdatePartition. */
const BATCH_SIZE = 100;

/** What became of one entry of a call. */
interface Refusal {
  readonly values: readonly string[];
  readonly detail: ErrorDetail | undefined;
}

type Send = (batch: readonly TargetPartition[]) => Promise<Refusal[]>;

/** The calls answer 200 however many entries they refused: each refusal goes to its own partition. */
export async function inBatches(
  work: GlueWork,
  partitions: readonly TargetPartition[],
  send: Send,
): Promise<PartitionResult[]> {
  const results: PartitionResult[] = [];
  for (let start = 0; start < partitions.length; start += BATCH_SIZE) {
    results.push(...(await inHalves(work, partitions.slice(start, start + BATCH_SIZE), send)));
  }
  return results;
}

/** What breaks a length or a pattern of the API refuses the whole request, before anything of it is done: halves find the one. */
async function inHalves(work: GlueWork, batch: readonly TargetPartition[], send: Send): Promise<PartitionResult[]> {
  let refusals: Refusal[];
  try {
    refusals = await send(batch);
  } catch (thrown) {
    const error = translateGlueError(thrown, work);
    if (!isLakeliftError(error) || error.code !== INVALID) throw error;
    if (batch.length === 1) return [{ values: batch[0]!.values, error: { code: INVALID, message: error.message } }];
    const middle = Math.ceil(batch.length / 2);
    const first = await inHalves(work, batch.slice(0, middle), send);
    return [...first, ...(await inHalves(work, batch.slice(middle), send))];
  }
  const byValues = new Map(refusals.map(({ values, detail }) => [JSON.stringify(values), detail]));
  return batch.map(({ values }) => resultOf(values, byValues));
}

function resultOf(values: readonly string[], refused: ReadonlyMap<string, ErrorDetail | undefined>): PartitionResult {
  const key = JSON.stringify(values);
  if (!refused.has(key)) return { values };
  const detail = refused.get(key);
  return {
    values,
    error: { code: batchErrorCode(detail?.ErrorCode), message: detail?.ErrorMessage ?? 'the catalog gave no reason' },
  };
}
