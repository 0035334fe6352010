import type { Reason } from '../plan.ts';
import type { Column } from '../table.ts';
import type { Classification } from './storage-format.ts';
import { columnsWithTimes } from './written-days.ts';

/** What Athena shows otherwise than Hive in columns that hold timestamps, at whatever depth. */
export function timestampNotes(columns: readonly Column[], classification: Classification | undefined): Reason[] {
  const names = columnsWithTimes(columns);
  if (names.length === 0) return [];
  const precision = {
    code: 'TIMESTAMP_MILLIS',
    text: `timestamps are read to the millisecond, rounded; Hive shows nanoseconds: ${names.join(', ')}`,
  };
  // Hive writes Parquet and Avro timestamps as instants (HIVE-21290, HIVE-25219); Athena has no setting for the zone they were written in.
  const isInstant = classification === 'parquet' || classification === 'avro';
  if (!isInstant) return [precision];
  const zone = {
    code: 'TIMESTAMP_ZONE',
    text: `timestamps that a cluster outside UTC wrote appear as UTC instead of its own wall time: ${names.join(', ')}`,
  };
  return [precision, zone];
}
