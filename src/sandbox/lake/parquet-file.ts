import { parquetWriteBuffer } from 'hyparquet-writer';
import { LAKE_TIME_MS, type LakeFile } from './lake-table.ts';

interface ParquetColumn {
  readonly name: string;
  readonly type: 'STRING' | 'INT32' | 'INT64' | 'DOUBLE' | 'BOOLEAN';
  readonly data: (string | number | bigint | boolean | null)[];
}

/** A Parquet file, Snappy-compressed. */
export function parquetFile(path: string, columns: readonly ParquetColumn[]): LakeFile {
  const content = new Uint8Array(parquetWriteBuffer({ columnData: [...columns] }));
  return { path, content, modifiedAtMs: LAKE_TIME_MS };
}
