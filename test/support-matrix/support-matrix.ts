import type { UseCaseId } from '../../src/domain/names.ts';
import type { Reason } from '../../src/domain/plan.ts';
import { withAvroColumns, type AvroSchema } from '../../src/domain/rules/avro-schema.ts';
import type { FileKind } from '../../src/domain/rules/storage-format.ts';
import { toGlueType } from '../../src/domain/rules/glue-type.ts';
import { partitionKeyNotes, partitionKeyProblems } from '../../src/domain/rules/partition-value.ts';
import { convertedTable } from '../../src/domain/rules/converted-table.ts';
import { stagingProblems } from '../../src/domain/rules/staged-columns.ts';
import { rulingOnConversion, rulingOnKind } from '../../src/domain/rules/table-kind.ts';
import { targetTable } from '../../src/domain/rules/target-definition.ts';
import {
  codecProblem,
  countCodec,
  TEXT_CODECS,
  writtenCodecProblem,
  type CodecCounts,
} from '../../src/domain/rules/text-codec.ts';
import type { Column, Table } from '../../src/domain/table.ts';
import { findAvroSchema } from '../../src/steps/plan/find-avro-schema.ts';
import type { PlanContext } from '../../src/steps/plan/plan-context.ts';
import { MemoryFileSystem } from '../steps/plan/memory-source.ts';
import { CONVERTED_KINDS, HIVE_4_TEXT_CODECS } from '../e2e/converted-tables-lake.ts';
import { PROOF_KINDS } from '../e2e/table-kinds.ts';
import { ODD_KINDS } from '../e2e/table-kinds-odd.ts';
import { CODEC_KINDS } from '../e2e/table-kinds-codecs.ts';
import { OLD_KINDS, OPENX_KINDS } from '../e2e/table-kinds-old.ts';
import { ASKED_KINDS } from '../e2e/table-kinds-storage.ts';
import {
  CODEC_SAMPLES,
  KIND_SAMPLES,
  SCHEMA,
  SCHEMA_URL,
  SERDE_SAMPLES,
  TEXT_SAMPLES,
  TYPE_SAMPLES,
} from './sample-tables.ts';

/** The text of docs/support-matrix.md: samples of every kind, put before the rules that the plan itself asks. */
export function supportMatrix(): string {
  return `# What is taken over, and how

Made by \`npm run support-matrix\` from the rules that decide the plan; a test fails when it is out of date. "Asks" means that the plan stops at the
table until a person has decided, before a byte moves; codes are explained in [mapping.md](mapping.md).

"Convert" is what \`storage: convert\` makes of it: HiveServer2 exports the rows, and what it wrote is taken over ([mapping.md](mapping.md#converting)). Every SerDe that
the cluster itself reads can be converted, whether Athena knows it or not.

## SerDes and files

${rows(['SerDe', 'Files', 'Outcome'], serdeRows())}

## Kinds of table

${rows(
  ['Kind', 'Outcome', 'Convert'],
  KIND_SAMPLES.map(({ name, table }) => [name, outcomeOf(table), conversionOf(table)]),
)}


## What text says of itself

${rows(
  ['Text with', 'Outcome'],
  TEXT_SAMPLES.map(({ name, table }) => [name, outcomeOf(table)]),
)}

## Compressed text

${rows(['Name ends in', 'Outcome', 'Can be split'], codecRows())}

## Compressed files of other formats

Names tell the codec of text only. The other formats name theirs inside, SequenceFile and RCFile by its class, which the plan reads in some files of each table, whatever
the parameters of the table say (above). About a codec that is not among these it asks like about the last. All these formats compress in blocks, so that their files can be split
whatever the codec.

${rows(['Files', 'Codec', 'Outcome'], writtenCodecRows())}

## Types

${rows(['Hive', 'Glue', 'As partition key'], TYPE_SAMPLES.map(typeRow))}

## Seen on real servers

Each of these tables is made by Hive 3.1.3, taken over by a whole run, and compared value by value between HiveServer2 and Trino through Glue
(\`test/e2e/table-kinds.stack.test.ts\`). Those of the first line hold every type above that Glue can name, but for other spellings,
other lengths and digits, other nesting, and \`void\`, which is a table of its own.

${PROOF_KINDS.map(({ name }) => `\`${name}\``).join(', ')}

${ODD_KINDS.map(({ name }) => `\`${name}\``).join(', ')}

Of these, Trino shows other values, as the plan notes: ${ODD_KINDS.flatMap(({ name, differing }) => (differing === undefined ? [] : [`\`${name}\` (\`${differing.code}\`)`])).join(', ')}.

Compression, each codec in a partition of its own: ${CODEC_KINDS.map(({ format, codecs }) => `${codecs.join(', ')} of ${format}`).join('; ')}; by Hive 4.0.1, ZSTD of ORC and
PARQUET, ZSTANDARD of AVRO, and text in ${Object.keys(HIVE_4_TEXT_CODECS).join(', ')} (\`test/e2e/hive4.stack.test.ts\`); text in .gz, .bz2, .snappy and .lz4 is \`text_compressed\` above.
LZO in any format, ZSTANDARD of SEQUENCEFILE and RCFILE, and text in .zst are written by aircompressor, whose makers' library Trino reads them with: Hadoop's own classes need a library of the machine,
or are in no registry, and wrote no file here. LZ4_RAW of PARQUET was written by Hive 4.0.1 too, and is asked about.
Not compared: BZIP2 of RCFILE, of which Hive 3.1.3 here reads no row, though it writes them and Trino reads them.
JSON of Hive 4.0.1's own class, every type but bytes, which are base64 there (\`JSON_BINARY\`), and decimals of more digits than a double holds, which Hive 4 itself reads as NULL.

With jars that Hive 3.1.3 does not bring: ${[...OLD_KINDS, ...OPENX_KINDS].map(({ name }) => `\`${name}\``).join(', ')}. Of openx every type but days and timestamps, which the plan notes (\`DAYS_BY_SERDE\`): its newest jar is made for Hive
before 3, which has other classes for them. The names \`org.apache.hcatalog.data.JsonSerDe\` and \`DeprecatedLzoTextInputFormat\` (Hive 4.0.1) are those of stand-ins that
extend the class of today: the first one's own class needs an interface that Hive 3 no longer has, the other's is in no registry.

Asked about or refused when Hive 3.1.3 has made them: ${ASKED_KINDS.map(({ name, code }) => `\`${name}\` (\`${code}\`)`).join(', ')}

Converted on the way, from what the cluster alone can read to the format in brackets (\`test/e2e/converted-tables.stack.test.ts\`):
${CONVERTED_KINDS.map(({ name, format }) => `\`${name}\` (${format})`).join(', ')}
`;
}

function serdeRows(): string[][] {
  return SERDE_SAMPLES.map(({ serde, files, table }) => [`\`${serde}\``, files, outcomeOf(table)]);
}

function codecRows(): string[][] {
  const others = TEXT_CODECS.filter(({ hint }) => hint !== undefined);
  const ofHadoop = TEXT_CODECS.filter(({ hint }) => hint === undefined);
  return [...ofHadoop.map((codec) => [codec]), others].map(([codec, ...like]) => {
    const { suffix, isSplittable } = codec!;
    const counts: CodecCounts = new Map();
    countCodec(counts, `a${suffix}`, 1);
    const problem = codecProblem(counts, 'text');
    const names = [codec!, ...like].map((one) => `\`${one.suffix}\``).join(', ');
    if (problem !== undefined) return [names, asks(problem, []), ''];
    return [names, 'taken over', isSplittable === true ? 'yes' : 'no'];
  });
}

function writtenCodecRows(): string[][] {
  return Object.entries(CODEC_SAMPLES).flatMap(([files, codecs]) =>
    codecs.map((codec) => {
      const problem = writtenCodecProblem(files as FileKind, [{ path: '/t/f', oldColumns: [], codecs: [codec] }]);
      return [files, `\`${codec}\``, problem === undefined ? 'taken over' : asks(problem, [])];
    }),
  );
}

function typeRow(type: string): string[] {
  const ruling = toGlueType(type);
  if (!ruling.isSupported) return [`\`${type}\``, asks(ruling.reason, []), ''];
  const notes = ruling.notes.map(({ text }) => `; ${text}`).join('');
  const isNested = ruling.type.includes('<');
  return [`\`${type}\``, `\`${ruling.type}\`${notes}`, isNested ? '' : asKey({ name: 'k', type: ruling.type })];
}

function asKey(key: Column): string {
  const [problem] = partitionKeyProblems([key]);
  if (problem !== undefined) return asks(problem, []);
  return partitionKeyNotes([key]).length === 0 ? 'yes' : 'yes, not filtered by Glue';
}

/** Of each sample that keeps its schema outside its columns, as the plan finds it. */
const SCHEMAS = new Map(
  await Promise.all(KIND_SAMPLES.map(async ({ table }) => [table, await schemaOf(table)] as const)),
);

function schemaOf(table: Table): Promise<AvroSchema | undefined> {
  const source = new MemoryFileSystem();
  source.addText(new URL(SCHEMA_URL).pathname, SCHEMA);
  const context: Pick<PlanContext, 'source' | 'clusterAuthorities'> = { source, clusterAuthorities: ['cluster'] };
  return findAvroSchema(context, table);
}

const ORIGIN = {
  useCase: 'x' as UseCaseId,
  location: 's3://b/t/',
  mapping: {
    target: { zone: 'raw', database: 'd', table: 't' },
    storage: 'keep',
    partitions: { offPath: 'relocate', missingFolder: 'register-empty' },
    columns: {},
    reconcile: { level: 'rows' },
  },
} as const;

function outcomeOf(table: Table): string {
  const kind = rulingOnKind(table);
  if (kind !== undefined) return kind.verdict === 'refuse' ? `refused: ${told(kind.reason)}` : asks(kind.reason, []);
  const { definition, notes, problems } = targetTable(table, { ...ORIGIN, avroSchema: SCHEMAS.get(table) });
  if (problems.length > 0) return asks(problems[0]!, problems.slice(1));
  const target = definition.storage.serdeLibrary;
  const renamed = target === table.storage.serde.library ? '' : ` as \`${target}\``;
  return `taken over${renamed}${notes.map(({ text }) => `; ${text}`).join('')}`;
}

function conversionOf(table: Table): string {
  const kind = rulingOnConversion(table);
  if (kind !== undefined) return 'no';
  const schema = SCHEMAS.get(table);
  const exported = withAvroColumns(table, schema);
  const problems = [
    ...(schema?.problems ?? []),
    ...stagingProblems(exported, 'parquet'),
    ...targetTable(convertedTable(exported, 'parquet'), ORIGIN).problems,
  ];
  return problems.length === 0 ? 'exported' : asks(problems[0]!, problems.slice(1));
}

function asks(first: Reason, others: readonly Reason[]): string {
  return [first, ...others].map((reason) => `asks: ${told(reason)}`).join(' ');
}

function told({ code, text, hint }: Reason): string {
  return `${text} (\`${code}\`). ${hint ?? ''}`.trim();
}

function rows(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}
