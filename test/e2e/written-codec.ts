import { parquetMetadata } from 'hyparquet';
import { protobufFields } from '../../src/domain/writer-marks/protobuf.ts';

/** By ORC's numbers. */
const ORC_CODECS = ['NONE', 'ZLIB', 'SNAPPY', 'LZO', 'LZ4', 'ZSTD'];

/** What an ORC or Parquet file says that it is compressed with. */
export function writtenCodec(file: Uint8Array): string | undefined {
  const bytes = Buffer.from(file);
  if (bytes.toString('latin1', 0, 4) === 'PAR1')
    return parquetMetadata(file).row_groups[0]?.columns[0]?.meta_data?.codec;
  const postscript = bytes.subarray(-1 - bytes.at(-1)!, -1);
  const compression = [...protobufFields(postscript)].find(({ field }) => field === 2);
  return ORC_CODECS[Number(compression?.value ?? 0)];
}
