import type { Reason } from '../plan.ts';
import type { Column } from '../table.ts';
import type { Classification, SerdeRule } from './storage-format.ts';
import { columnsWithDays, columnsWithTimes } from './written-days.ts';

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

/** What a SerDe makes of days and times otherwise than Athena, where columns hold them. */
export function serdeDayNotes(columns: readonly Column[], rule: SerdeRule | undefined): Reason[] {
  const names = rule?.days === undefined ? [] : columnsWithDays(columns);
  if (names.length === 0) return [];
  const hint =
    '"reconcile: { level: content }" compares them, where HiveServer2 has the jar; where they differ, set "storage: convert" with the zone cleaned.';
  return [{ code: 'DAYS_BY_SERDE', text: `${rule!.days!}: ${names.join(', ')}`, hint }];
}
