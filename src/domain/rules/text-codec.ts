import type { Reason } from '../plan.ts';
import { whichOf, type SampledMarks } from '../writer-marks/sampled-file.ts';
import type { Classification, FileKind } from './storage-format.ts';

/** A codec that Hadoop tells by the end of a file's name; engines do the same with text, and only with text. */
interface TextCodec {
  readonly suffix: string;
  /** Athena's page on compression of Hive tables, engine 3, row "text file". */
  readonly isRead: boolean;
  /** Where one worker need not read a file from its beginning to its end. */
  readonly isSplittable?: true;
  /** What to do with files of it; that of Hadoop's own codecs when absent. */
  readonly hint?: string;
}

const AS_GZIP =
  'with gzip (SET mapreduce.output.fileoutputformat.compress.codec=org.apache.hadoop.io.compress.GzipCodec, then INSERT OVERWRITE)';
const OF_HADOOP = `Write them again on the cluster ${AS_GZIP}, or leave the table out with "skip".`;
/** Which codecs a cluster has is set there (`io.compression.codecs`), where nobody but it can look. */
const OF_CLUSTER = `Where Hive has a codec for them, write them again on the cluster ${AS_GZIP}; without one it reads their bytes as text too, and they are to be unpacked first. Or leave the table out with "skip".`;

export const TEXT_CODECS: readonly TextCodec[] = [
  { suffix: '.gz', isRead: true },
  { suffix: '.bz2', isRead: true, isSplittable: true },
  { suffix: '.snappy', isRead: true },
  { suffix: '.lz4', isRead: true },
  { suffix: '.zst', isRead: true },
  { suffix: '.lzo', isRead: true },
  { suffix: '.lzo_deflate', isRead: true },
  // What Hive writes when it is told to compress and not how: Athena's page gives DEFLATE to Avro alone.
  { suffix: '.deflate', isRead: false },
  // Codecs that clusters were given besides Hadoop's, and archives that somebody put there.
  ...['.xz', '.lzma', '.lz', '.br', '.4mc', '.4mz', '.bgz', '.zstd', '.Z', '.zip', '.7z', '.tgz'].map((suffix) => ({
    suffix,
    isRead: false,
    hint: OF_CLUSTER,
  })),
];

/** Beyond this a file that cannot be split is worth a note. */
const LARGE_BYTES = 512 * 1024 * 1024;

/** Files of one codec below a folder. */
interface CodecCount {
  files: number;
  /** Of more than half a gibibyte. */
  largeFiles: number;
}

/** By suffix. */
export type CodecCounts = Map<string, CodecCount>;

export function countCodec(counts: CodecCounts, name: string, sizeBytes: number): void {
  const codec = TEXT_CODECS.find(({ suffix }) => name.endsWith(suffix));
  if (codec === undefined) return;
  const count = counts.get(codec.suffix) ?? { files: 0, largeFiles: 0 };
  count.files += 1;
  if (sizeBytes > LARGE_BYTES) count.largeFiles += 1;
  counts.set(codec.suffix, count);
}

export function addCodecs(sum: CodecCounts, counts: CodecCounts): void {
  for (const [suffix, { files, largeFiles }] of counts) {
    const before = sum.get(suffix);
    sum.set(suffix, {
      files: (before?.files ?? 0) + files,
      largeFiles: (before?.largeFiles ?? 0) + largeFiles,
    });
  }
}

const TEXT: ReadonlySet<string | undefined> = new Set<Classification>(['csv', 'json', 'grokLog']);

/** Why Athena would read the compressed bytes of text as if they were text. */
export function codecProblem(counts: CodecCounts, kind: FileKind | undefined): Reason | undefined {
  if (kind !== 'text') return undefined;
  for (const { suffix, isRead, hint = OF_HADOOP } of TEXT_CODECS) {
    const count = counts.get(suffix);
    if (isRead || count === undefined) continue;
    const text = `${count.files} of its files end in ${suffix}, a compression that Athena does not read in text`;
    return { code: 'CODEC_UNSUPPORTED', text, hint };
  }
  return undefined;
}

export function codecNotes(counts: CodecCounts, classification: string | undefined): Reason[] {
  if (!TEXT.has(classification)) return [];
  const unsplittable = TEXT_CODECS.filter(({ isRead, isSplittable }) => isRead && isSplittable !== true);
  const large = unsplittable.reduce((sum, { suffix }) => sum + (counts.get(suffix)?.largeFiles ?? 0), 0);
  if (large === 0) return [];
  const text = `${large} compressed files of more than 512 MiB: one worker reads each from its beginning to its end`;
  return [{ code: 'CODEC_NOT_SPLITTABLE', text }];
}

interface FileCodecs {
  /** Of a table, that tells which codec its files are to be written with. */
  readonly parameter?: string;
  readonly read: readonly string[];
  readonly unread: readonly string[];
}

/** Codecs that these formats have, and whether Athena (same page) reads them; of the two LZ4 of Parquet Trino 476 refuses the newer one (`ParquetCompressionUtils`). */
const FILE_CODECS: Readonly<Partial<Record<Classification, FileCodecs>>> = {
  orc: { parameter: 'orc.compress', read: ['NONE', 'ZLIB', 'SNAPPY', 'LZ4', 'ZSTD'], unread: ['LZO', 'BROTLI'] },
  parquet: {
    parameter: 'parquet.compression',
    read: ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZO', 'LZ4', 'ZSTD'],
    unread: ['BROTLI', 'LZ4_RAW'],
  },
  avro: { read: ['NULL', 'DEFLATE', 'SNAPPY', 'BZIP2', 'ZSTANDARD'], unread: ['XZ'] },
};

const WRITE_AGAIN = 'Write the table again on the cluster with SNAPPY, or leave it out with "skip".';

/** Hive 3.1.3 writes such files, and then reads no row of them; Trino reads all. */
const LOST_ON_HIVE: Readonly<Partial<Record<FileKind, string>>> = {
  rcfile: 'org.apache.hadoop.io.compress.BZip2Codec',
};
const READ_ELSEWHERE =
  'Count its rows with another engine on the cluster (Spark, Trino): where Hive counts fewer, write it again with that one, or leave it out with "skip".';

/** Of what files say of themselves: a session, or another engine, may have written them otherwise than the table tells. */
export function writtenCodecProblem(kind: FileKind, files: readonly SampledMarks[]): Reason | undefined {
  const unreadOf = ({ codecs }: SampledMarks): string[] => codecs.filter((codec) => !isReadIn(kind, codec));
  const concerned = files.filter((file) => unreadOf(file).length > 0);
  if (concerned.length === 0) return lostProblem(kind, files);
  const codecs = [...new Set(concerned.flatMap(unreadOf))].join(', ');
  const which = whichOf(concerned, files.length);
  const text = `files of it are compressed with ${codecs}, which Athena does not read in ${kind} (${which})`;
  return { code: 'CODEC_UNSUPPORTED', text, hint: WRITE_AGAIN };
}

function lostProblem(kind: FileKind, files: readonly SampledMarks[]): Reason | undefined {
  const concerned = files.filter(({ codecs }) => codecs.some((codec) => codec === LOST_ON_HIVE[kind]));
  if (concerned.length === 0) return undefined;
  const text = `files of it are compressed with ${LOST_ON_HIVE[kind]!}, and Hive reads no row of its own ${kind} in that, so that nobody could compare (${whichOf(concerned, files.length)})`;
  return { code: 'CODEC_UNSUPPORTED', text, hint: READ_ELSEWHERE };
}

/** One that nobody here knows is none that Athena reads. */
function isReadIn(kind: FileKind, codec: string): boolean {
  if (kind === 'sequence' || kind === 'rcfile') return HADOOP_CODECS.includes(codec);
  return kind === 'text' || FILE_CODECS[kind]!.read.includes(codec);
}

const HADOOP = 'org.apache.hadoop.io.compress';

/**
 * Classes that Trino 476 reads in SequenceFile and RCFile (`CompressionKind`); Athena's page says nothing of these. LzopCodec it knows as well, and
 * refuses in both.
 */
export const HADOOP_CODECS: readonly string[] = [
  ...['Default', 'Gzip', 'BZip2', 'Snappy', 'Lz4', 'ZStandard', 'Lzo'].map((name) => `${HADOOP}.${name}Codec`),
  'com.hadoop.compression.lzo.LzoCodec',
];

export function codecSettingProblems(
  parameters: Readonly<Record<string, string>>,
  classification: Classification | undefined,
): Reason[] {
  const setting = classification === undefined ? undefined : FILE_CODECS[classification];
  const value = setting?.parameter === undefined ? undefined : parameters[setting.parameter];
  if (setting?.unread.includes(value?.toUpperCase() ?? '') !== true) return [];
  const text = `its files are compressed with ${value} (${setting.parameter}), which Athena does not read in ${classification}`;
  return [{ code: 'CODEC_UNSUPPORTED', text, hint: WRITE_AGAIN }];
}
