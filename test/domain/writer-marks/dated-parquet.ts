import { parquetWriteBuffer } from 'hyparquet-writer';

const DAY_MS = 86_400_000;

/** A column of FLOAT called `Vu` in the schema of a footer (thrift's compact protocol), and the number of INT96 in place of its type. */
const FLOAT_IN_SCHEMA = Buffer.from([0x15, 0x08, 0x25, 0x02, 0x18, 0x02, ...Buffer.from('Vu')]);
const INT96 = 0x06;

/** A Parquet file of one column `Jour`, of days since 1970; and, if that is wanted, of one `Vu` of INT96, all NULL. */
export function datedParquet(
  days: readonly number[],
  metadata: Readonly<Record<string, string>> = {},
  { hasInt96 = false } = {},
): Uint8Array {
  const written = parquetWriteBuffer({
    schema: [
      { name: 'root', num_children: hasInt96 ? 2 : 1 },
      { name: 'Jour', type: 'INT32', converted_type: 'DATE', repetition_type: 'OPTIONAL' },
      ...(hasInt96 ? [{ name: 'Vu', type: 'FLOAT', repetition_type: 'OPTIONAL' } as const] : []),
    ],
    columnData: [
      { name: 'Jour', data: days.map((day) => new Date(day * DAY_MS)) },
      ...(hasInt96 ? [{ name: 'Vu', data: days.map(() => null) }] : []),
    ],
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  const bytes = Buffer.from(written);
  // The writer knows no INT96.
  if (hasInt96) bytes.writeUInt8(INT96, bytes.lastIndexOf(FLOAT_IN_SCHEMA) + 1);
  return new Uint8Array(bytes);
}
