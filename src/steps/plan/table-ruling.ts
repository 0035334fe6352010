import { foreignLocation } from '../../domain/cluster.ts';
import { parseLocation, s3Location } from '../../domain/location.ts';
import type { TableMapping } from '../../domain/mapping.ts';
import type { HdfsPath } from '../../domain/names.ts';
import { joinKey } from '../../domain/object-key.ts';
import type { Reason, Verdict } from '../../domain/plan.ts';
import type { AvroSchema } from '../../domain/rules/avro-schema.ts';
import { rulingOnKind } from '../../domain/rules/table-kind.ts';
import { targetTable } from '../../domain/rules/target-definition.ts';
import type { Table } from '../../domain/table.ts';
import type { TargetTable } from '../../domain/target-table.ts';
import type { PlanContext } from './plan-context.ts';

/** What is known of a table before a single file of it is listed. */
type TableRuling =
  | {
      readonly kind: 'stopped';
      readonly verdict: Exclude<Verdict, 'copy'>;
      readonly reason: Reason;
      readonly notes: readonly Reason[];
    }
  | { readonly kind: 'accepted'; readonly accepted: AcceptedTable };

/** A table that will be copied and registered. */
export interface AcceptedTable {
  readonly table: Table;
  readonly scope: string;
  readonly mapping: TableMapping;
  readonly folder: HdfsPath;
  readonly bucket: string;
  /** `<zone prefix>/<database>/<table>`, as the source spells both. */
  readonly prefix: string;
  readonly definition: TargetTable;
  readonly avroSchema: AvroSchema | undefined;
  readonly notes: readonly Reason[];
}

/** Decides on a table from its definition alone, and the schema that belongs to it. */
export function ruleOnTable(
  context: PlanContext,
  table: Table,
  { mapping, avroSchema }: { readonly mapping: TableMapping; readonly avroSchema: AvroSchema | undefined },
): TableRuling {
  const kind = rulingOnKind(table);
  if (kind !== undefined) return stop(kind.verdict, kind.reason);
  if (table.storage.location === undefined) return stop('refuse', NO_LOCATION);
  const location = parseLocation(table.storage.location);
  const foreign = foreignLocation(location, context.clusterAuthorities);
  if (foreign !== undefined) return stop('refuse', foreign);

  const { bucket, prefix: zonePrefix } = context.zones[mapping.target.zone]!;
  const prefix = joinKey(zonePrefix, table.name.database, table.name.table);
  const origin = { useCase: context.migration.id, mapping, location: s3Location(bucket, prefix), avroSchema };
  const { definition, notes, problems } = targetTable(table, origin);
  if (problems.length > 0) return stop('needs-decision', problems[0]!, [...problems.slice(1), ...notes]);
  const scope = `${table.name.database}.${table.name.table}`;
  const allNotes = [...notes, ...mappingNotes(definition, mapping)];
  return {
    kind: 'accepted',
    accepted: { table, scope, mapping, folder: location.path, bucket, prefix, definition, avroSchema, notes: allNotes },
  };
}

const NO_LOCATION: Reason = {
  code: 'LOCATION_MISSING',
  text: 'the metastore names no folder for it',
  hint: 'Leave it out with "skip" and the reason.',
};

function stop(verdict: Exclude<Verdict, 'copy'>, reason: Reason, notes: readonly Reason[] = []): TableRuling {
  return { kind: 'stopped', verdict, reason, notes };
}

/** Differences between the reviewed columns and those the source has now, which of Avro its schema tells and not the metastore. */
export function mappingNotes({ storage, partitionKeys }: TargetTable, mapping: TableMapping): Reason[] {
  const present = [...storage.columns, ...partitionKeys].map(({ name }) => name);
  const added = present.filter((name) => !Object.hasOwn(mapping.columns, name));
  const gone = Object.keys(mapping.columns).filter((name) => !present.includes(name));
  return [
    ...(added.length === 0
      ? []
      : [{ code: 'COLUMNS_NOT_MAPPED', text: `columns without a class in the mapping: ${added.join(', ')}` }]),
    ...(gone.length === 0
      ? []
      : [
          {
            code: 'COLUMNS_VANISHED',
            text: `columns of the mapping that the source no longer has: ${gone.join(', ')}`,
          },
        ]),
  ];
}
