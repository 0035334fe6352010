import { HADOOP_CODECS } from '../../src/domain/rules/text-codec.ts';
import { PROOF_COLUMNS } from './table-kinds-lake.ts';
import { codecName } from './written-codec.ts';

/** What SequenceFile and RCFile are compressed with: a class of Hadoop by the word before `Codec`, another by its whole name. */
const HADOOP_NAMES = HADOOP_CODECS.map(codecName);

/** The proof rows in codecs that Hive 3 can write (ZSTD: Hive 4): each a partition, named for its codec. */
export interface CodecKind {
  readonly name: string;
  readonly format: 'ORC' | 'PARQUET' | 'AVRO' | 'SEQUENCEFILE' | 'RCFILE';
  /** Of the table; says which codec its files are written with. Without one, the session says it: see {@link CODEC_SESSIONS}. */
  readonly parameter?: string;
  readonly codecs: readonly string[];
}

export const CODEC_KINDS: readonly CodecKind[] = [
  { name: 'codecs_orc', format: 'ORC', parameter: 'orc.compress', codecs: ['NONE', 'ZLIB', 'SNAPPY', 'LZ4'] },
  {
    name: 'codecs_parquet',
    format: 'PARQUET',
    parameter: 'parquet.compression',
    codecs: ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZ4', 'LZO'],
  },
  { name: 'codecs_avro', format: 'AVRO', codecs: ['DEFLATE', 'SNAPPY', 'BZIP2'] },
  { name: 'codecs_sequencefile', format: 'SEQUENCEFILE', codecs: HADOOP_NAMES },
  // Of what Hive itself writes of RCFile in BZIP2 it then reads no row.
  { name: 'codecs_rcfile', format: 'RCFILE', codecs: HADOOP_NAMES.filter((name) => name !== 'BZIP2') },
];

export interface CodecSession {
  /** The codecs that it writes, whatever the format. */
  readonly codecs: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
}

const CODEC_SETTING = 'mapreduce.output.fileoutputformat.compress.codec';
const BLOCKS = { 'hive.exec.compress.output': 'true', 'mapreduce.output.fileoutputformat.compress.type': 'BLOCK' };

/** What Avro calls them, of those that it has; DEFLATE goes with GZIP. */
const IN_AVRO: Readonly<Record<string, string>> = { GZIP: 'deflate', SNAPPY: 'snappy', BZIP2: 'bzip2' };

export const CODEC_SESSIONS: readonly CodecSession[] = HADOOP_CODECS.map((codec) => {
  const name = codecName(codec);
  const inAvro = IN_AVRO[name];
  return {
    codecs: [name, ...(inAvro === undefined ? [] : [inAvro.toUpperCase()])],
    settings: { ...BLOCKS, [CODEC_SETTING]: codec, ...(inAvro === undefined ? {} : { 'avro.output.codec': inAvro }) },
  };
});

export const CODEC_COLUMNS = [...PROOF_COLUMNS, { name: 'codec', type: 'string' }];

/** Tables for an insertion to fill, one a codec, whose folders are the partitions of the tables that count. */
export function codecSeeds(kinds: readonly CodecKind[], { database, seeds }: CodecPlaces): CodecSeed[] {
  const definition = PROOF_COLUMNS.map(({ name, type }) => `${name} ${type}`).join(', ');
  return kinds.flatMap(({ name, format, parameter, codecs }) =>
    codecs.map((codec) => {
      const table = `${seeds}.${name}_${codec.replaceAll('.', '_')}`;
      const folder = `/data/${database}/${name}/codec=${codec}`;
      const properties = parameter === undefined ? '' : `TBLPROPERTIES ('${parameter}'='${codec}')`;
      return {
        table,
        session: parameter === undefined ? CODEC_SESSIONS.find((one) => one.codecs.includes(codec)) : undefined,
        statement: `CREATE EXTERNAL TABLE ${table} (${definition}) STORED AS ${format} LOCATION '${folder}' ${properties}`,
      };
    }),
  );
}

interface CodecPlaces {
  readonly database: string;
  /** Database of the tables that are filled. */
  readonly seeds: string;
}

interface CodecSeed {
  readonly table: string;
  /** In which it must be filled; absent where its own parameter says the codec. */
  readonly session: CodecSession | undefined;
  readonly statement: string;
}

/** What makes the tables that count out of the folders that were filled. */
export function codecTables(kinds: readonly CodecKind[], database: string): string[] {
  const definition = PROOF_COLUMNS.map(({ name, type }) => `${name} ${type}`).join(', ');
  return kinds.flatMap(({ name, format, codecs }) => [
    `CREATE EXTERNAL TABLE ${database}.${name} (${definition}) PARTITIONED BY (codec string) STORED AS ${format} LOCATION '/data/${database}/${name}'`,
    `ALTER TABLE ${database}.${name} ADD ${codecs.map((codec) => `PARTITION (codec='${codec}')`).join(' ')}`,
  ]);
}
