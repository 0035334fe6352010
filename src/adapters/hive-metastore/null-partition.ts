import { DEFAULT_PARTITION } from '../../domain/partition-name.ts';
import type { Partition } from '../../domain/table.ts';

/** The setting with which a cluster may choose another stand-in for NULL than Hive's own. */
export const NULL_NAME_SETTING = 'hive.exec.default.partition.name';

/** The partition's name with Hive's own stand-in where the cluster's stands. */
export function withDefaultName(name: string, nullName: string): string {
  if (nullName === DEFAULT_PARTITION) return name;
  const own = `=${nullName}`;
  const renamed = (segment: string): string =>
    segment.endsWith(own) ? `${segment.slice(0, -own.length)}=${DEFAULT_PARTITION}` : segment;
  return name.split('/').map(renamed).join('/');
}

/** The partition with Hive's own stand-in among its values. */
export function withDefaultValues(partition: Partition, nullName: string): Partition {
  if (!partition.values.includes(nullName)) return partition;
  return { ...partition, values: partition.values.map((value) => (value === nullName ? DEFAULT_PARTITION : value)) };
}
