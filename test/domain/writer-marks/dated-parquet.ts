import { parquetWriteBuffer } from 'hyparquet-writer';

const DAY_MS = 86_400_000;

/** A Parquet file of one column `Jour`, of days since 1970. */
export function datedParquet(days: readonly number[], metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const written = parquetWriteBuffer({
    schema: [
      { name: 'root', num_children: 1 },
      { name: 'Jour', type: 'INT32', converted_type: 'DATE', repetition_type: 'OPTIONAL' },
    ],
    columnData: [{ name: 'Jour', data: days.map((day) => new Date(day * DAY_MS)) }],
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  return new Uint8Array(written);
}
