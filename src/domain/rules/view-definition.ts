import type { TableMapping } from '../mapping.ts';
import { formatTableName, type UseCaseId } from '../names.ts';
import type { Reason } from '../plan.ts';
import type { Table } from '../table.ts';
import { STAMP, type TargetTable } from '../target-table.ts';
import { encodePrestoView, PRESTO_VIEW_EXPANDED_TEXT, PRESTO_VIEW_PARAMETERS } from '../view-sql/presto-view.ts';
import { fitDescription, overLimits } from './glue-limits.ts';
import { keptParameters } from './table-parameters.ts';
import { targetColumns } from './target-columns.ts';

/** Bytes of `ViewOriginalText` (Glue developer guide, TableInput). */
const VIEW_TEXT_LIMIT = 409_600;

interface ViewRuling {
  readonly definition: TargetTable;
  readonly notes: readonly Reason[];
  readonly problems: readonly Reason[];
}

/** What will stand in the target catalog for a view of the source whose query is given in Athena's SQL. */
export function targetView(
  table: Table,
  { useCase, mapping }: { readonly useCase: UseCaseId; readonly mapping: TableMapping },
  sql: string,
): ViewRuling {
  const { columns, notes, problems } = targetColumns(table.storage.columns, mapping.columns, undefined);
  const description = fitDescription(table.parameters['comment'] ?? '');
  const view = { ...viewOf(table, { useCase, mapping }, columns), description: description.text || undefined };
  const allNotes = [...description.notes, ...notes];
  if (problems.length > 0) return { definition: view, notes: allNotes, problems };
  const text = encodePrestoView({ sql, database: mapping.target.database, columns });
  const definition = { ...view, viewOriginalText: text };
  return { definition, notes: allNotes, problems: [...overLimits(definition), ...textOverLimit(text)] };
}

function viewOf(
  table: Table,
  { useCase, mapping }: { readonly useCase: UseCaseId; readonly mapping: TableMapping },
  columns: TargetTable['storage']['columns'],
): TargetTable {
  return {
    database: mapping.target.database,
    name: mapping.target.table,
    type: 'VIRTUAL_VIEW',
    description: undefined,
    owner: table.owner,
    partitionKeys: [],
    storage: {
      columns,
      location: undefined,
      inputFormat: undefined,
      outputFormat: undefined,
      serdeLibrary: undefined,
      serdeParameters: {},
      isCompressed: false,
      bucketCount: 0,
      bucketColumns: [],
      sortColumns: [],
    },
    parameters: {
      ...keptParameters(table.parameters),
      ...PRESTO_VIEW_PARAMETERS,
      [STAMP.useCase]: useCase,
      [STAMP.source]: formatTableName(table.name),
    },
    viewExpandedText: PRESTO_VIEW_EXPANDED_TEXT,
  };
}

function textOverLimit(text: string): Reason[] {
  if (text.length <= VIEW_TEXT_LIMIT) return [];
  const hint = 'Split the view into several that read one another.';
  return [
    { code: 'GLUE_LIMIT', text: `the text of the view has ${text.length} bytes; Glue takes ${VIEW_TEXT_LIMIT}`, hint },
  ];
}
