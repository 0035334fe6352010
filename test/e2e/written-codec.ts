import { avroMarks } from '../../src/domain/writer-marks/avro-marks.ts';
import { hadoopMarks } from '../../src/domain/writer-marks/hadoop-marks.ts';
import { orcMarks } from '../../src/domain/writer-marks/orc-marks.ts';
import { parquetMarks } from '../../src/domain/writer-marks/parquet-marks.ts';
import type { MarksReading, WriterMarks } from '../../src/domain/writer-marks/writer-marks.ts';

const HEADER_BYTES = 4096;

/** What a file of ORC, Parquet or Avro says of itself, and a SequenceFile or RCFile of its codec alone. */
export function writtenMarks(file: Uint8Array): WriterMarks | undefined {
  const header = Buffer.from(file).toString('latin1', 0, HEADER_BYTES);
  const reading = readingOf(file, header.slice(0, 3));
  if (reading === undefined || 'neededBytes' in reading) return undefined;
  return { ...reading, codecs: reading.codecs.map(codecName) };
}

/** Hadoop's codecs are classes. */
export function codecName(codec: string): string {
  return /^org\.apache\.hadoop\.io\.compress\.(\w+)Codec$/.exec(codec)?.[1]?.toUpperCase() ?? codec;
}

function readingOf(file: Uint8Array, magic: string): MarksReading {
  if (magic === 'ORC') return orcMarks(file);
  if (magic === 'SEQ' || magic === 'RCF') return hadoopMarks(file);
  return magic === 'Obj' ? avroMarks(file) : parquetMarks(file);
}
