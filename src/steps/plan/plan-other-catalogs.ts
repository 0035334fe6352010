import type { Reason } from '../../domain/plan.ts';
import { reasonOf, type PlanContext } from './plan-context.ts';

/**
 * Names the tables that other catalogs of the metastore (Spark's, say) hold in databases of the same names as those of the use case: whoever
 * writes `rh.*` may well mean them too, and no statement of Hive reaches them.
 */
export async function planOtherCatalogs(context: PlanContext, databases: ReadonlySet<string>): Promise<void> {
  const { catalog, writer, signal } = context;
  for (const database of [...databases].sort()) {
    const add = (scope: string, reason: Reason): void => {
      const dot = scope.lastIndexOf('.');
      const source = { database: scope.slice(0, dot), table: scope.slice(dot + 1) };
      const item = { kind: 'table', id: `table:${scope}`, scope, source, reconcileLevel: 'files', notes: [] } as const;
      writer.add({ ...item, verdict: 'skip', reason });
    };
    try {
      for (const scope of await catalog.listTablesElsewhere(database, signal)) add(scope, OTHER_CATALOG);
    } catch (error) {
      const reason = reasonOf(error, 'CANNOT_LIST_CATALOGS');
      if (reason === undefined) throw error;
      add(`@*#${database}.*`, reason);
    }
  }
}

const OTHER_CATALOG: Reason = {
  code: 'OTHER_CATALOG',
  text: 'it stands in another catalog of the metastore than Hive, whose tables other engines keep to themselves',
  hint: 'Have the engine that owns it write it as a table of Hive, or map its folder under "paths".',
};
