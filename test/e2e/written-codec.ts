import { avroMarks } from '../../src/domain/writer-marks/avro-marks.ts';
import { orcMarks } from '../../src/domain/writer-marks/orc-marks.ts';
import { parquetMarks } from '../../src/domain/writer-marks/parquet-marks.ts';
import type { MarksReading, WriterMarks } from '../../src/domain/writer-marks/writer-marks.ts';

const HEADER_BYTES = 4096;

/** What a file of ORC, Parquet or Avro says of itself, and a SequenceFile or RCFile of its codec alone. */
export function writtenMarks(file: Uint8Array): WriterMarks | undefined {
  const header = Buffer.from(file).toString('latin1', 0, HEADER_BYTES);
  const ofHadoop = /^(?:SEQ|RCF).*?hadoop\.io\.compress\.(\w+)Codec/s.exec(header)?.[1];
  if (ofHadoop !== undefined) return { codecs: [ofHadoop.toUpperCase()], oldColumns: [] };
  const reading = readingOf(file, header.slice(0, 3));
  return reading === undefined || 'neededBytes' in reading ? undefined : reading;
}

function readingOf(file: Uint8Array, magic: string): MarksReading {
  if (magic === 'ORC') return orcMarks(file);
  return magic === 'Obj' ? avroMarks(file) : parquetMarks(file);
}
