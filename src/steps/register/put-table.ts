import { diffTable, merged } from '../../domain/catalog-diff.ts';
import type { UseCaseId } from '../../domain/names.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { TargetTable } from '../../domain/target-table.ts';
import { isLakeliftError, LakeliftError } from '../../errors.ts';
import type { CatalogedTable, TargetCatalog } from '../../ports/target-catalog.ts';

export interface TablePlace {
  readonly catalog: TargetCatalog;
  readonly signal: AbortSignal;
}

export type TableResult = Omit<Outcome, 'itemId'>;

export async function makeDatabase(
  { catalog, signal }: TablePlace,
  useCase: UseCaseId,
  database: string,
): Promise<void> {
  if (await catalog.hasDatabase(database, signal)) return;
  try {
    await catalog.createDatabase(database, `Made by lakelift for use case ${useCase}`, signal);
  } catch (error) {
    if (!isLakeliftError(error, 'conflict')) throw error;
  }
}

const ATTEMPTS = 3;

/** Looks, decides, writes; looks again when somebody else wrote in between. What lakelift did not make is `refused`, and never touched. */
export async function putTable(place: TablePlace, wanted: TargetTable): Promise<TableResult> {
  let conflict: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const known = await place.catalog.findTable(wanted, place.signal);
    try {
      return await write(place, wanted, known);
    } catch (error) {
      if (!isLakeliftError(error, 'conflict')) throw error;
      conflict = error;
    }
  }
  throw new LakeliftError(`${wanted.database}.${wanted.name} changes while it is written`, {
    kind: 'conflict',
    code: 'TABLE_KEEPS_CHANGING',
    hint: 'Find out who else writes to this table (a crawler, another job), then run again.',
    cause: conflict,
  });
}

async function write(
  { catalog, signal }: TablePlace,
  wanted: TargetTable,
  known: CatalogedTable | undefined,
): Promise<TableResult> {
  const diff = diffTable(wanted, known?.table);
  switch (diff.kind) {
    case 'create':
      await catalog.createTable(wanted, signal);
      return { status: 'registered' };
    case 'update':
      await catalog.updateTable(merged(wanted, known!.table), known!.version, signal);
      return { status: 'updated', message: diff.changes.map(({ field }) => field).join(', ') };
    case 'unchanged':
      return {
        status: 'unchanged',
        ...(diff.sharedWith === undefined ? {} : { message: `shared with use case ${diff.sharedWith}` }),
      };
    case 'conflict': {
      const { code, text, hint } = diff.reason;
      return { status: 'refused', errorCode: code, message: text, hint };
    }
  }
}
