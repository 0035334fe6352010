import { describe, expect, it } from 'vitest';
import type { TableMapping } from '../../../src/domain/mapping.ts';
import type { UseCaseId } from '../../../src/domain/names.ts';
import { targetTable } from '../../../src/domain/rules/target-definition.ts';
import type { Column, StorageDescriptor, Table } from '../../../src/domain/table.ts';
import {
  CSV,
  JSON_LINES,
  ORC,
  PARQUET,
  sketchTable,
  textFormat,
  type Format,
} from '../../../src/sandbox/lake/lake-table.ts';

const mapping: TableMapping = {
  target: { zone: 'raw', database: 'raw_rh', table: 't' },
  storage: 'keep',
  partitions: { offPath: 'relocate', missingFolder: 'register-empty' },
  columns: {},
  reconcile: { level: 'rows' },
};

function table(format: Format, columns: readonly string[] = ['a string'], changes: Partial<Table> = {}): Table {
  return { ...sketchTable({ database: 'rh', name: 't', columns, format }), ...changes };
}

function ruleOn(source: Table, columns: TableMapping['columns'] = {}) {
  const origin = { useCase: 'absences' as UseCaseId, mapping: { ...mapping, columns }, location: 's3://raw/rh/t/' };
  return targetTable(source, origin);
}

function withStorage(source: Table, storage: Partial<StorageDescriptor>): Table {
  return { ...source, storage: { ...source.storage, ...storage } };
}

function serdeFormat(library: string, parameters: Record<string, string> = {}, inputFormat = CSV.inputFormat): Format {
  return { ...CSV, inputFormat, serde: { library, parameters } };
}

const codes = (reasons: readonly { readonly code: string }[]) => reasons.map(({ code }) => code);

describe('the target definition of a table', () => {
  it('takes numbers and addresses of people out of comments, of the table, of columns and of keys', () => {
    const nir = '185057800608491';
    const source = table(PARQUET, [`a string -- par exemple ${nir}`, 'b string -- en majuscules'], {
      parameters: { comment: `Demander à anne.martin@example.org (${nir})` },
      partitionKeys: [{ name: 'p', type: 'string', comment: 'comme 06 12 34 56 78' }],
    });
    const { definition, notes, problems } = ruleOn(source);
    expect(problems).toEqual([]);
    expect(definition.description).toBe('Demander à *** (***)');
    expect(definition.storage.columns.map(({ comment }) => comment)).toEqual(['par exemple ***', 'en majuscules']);
    expect(definition.partitionKeys.map(({ comment }) => comment)).toEqual(['comme ***']);
    expect(codes(notes).filter((code) => code === 'COMMENT_PERSONAL')).toHaveLength(3);
    expect(JSON.stringify({ definition, notes })).not.toContain(nir);
  });

  it('carries its origin and loses what is true of the source only', () => {
    const source = table(PARQUET, ['a string'], {
      parameters: {
        EXTERNAL: 'TRUE',
        comment: 'Arrêts',
        numRows: '3',
        transient_lastDdlTime: '1',
        COLUMN_STATS_ACCURATE: '{}',
        'skip.header.line.count': '1',
        'orc.compress': 'ZLIB',
        'impala.lastComputeStatsTime': '1',
      },
    });
    const { definition, problems } = ruleOn(source);
    expect(problems).toEqual([]);
    expect(definition.description).toBe('Arrêts');
    expect(definition.parameters).toEqual({
      EXTERNAL: 'TRUE',
      classification: 'parquet',
      'skip.header.line.count': '1',
      'orc.compress': 'ZLIB',
      'lakelift.use-case': 'absences',
      'lakelift.source': 'rh.t',
      'lakelift.source-location': 'hdfs://sandbox/warehouse/tablespace/external/hive/rh.db/t',
    });
  });

  it('keeps delimiters as the characters they are, the one of collections under both of its names', () => {
    const { definition } = ruleOn(
      table(textFormat({ 'field.delim': '\u0001', 'colelction.delim': '\u0002', 'serialization.null.format': '' })),
    );
    expect(definition.storage.serdeParameters).toEqual({
      'field.delim': '\u0001',
      'colelction.delim': '\u0002',
      'collection.delim': '\u0002',
      'serialization.null.format': '',
    });
  });

  it.each(['collection.delim', 'colelction.delim'])(
    'writes both names of the collection delimiter for %s alone',
    (name) => {
      const { serdeParameters } = ruleOn(table(textFormat({ [name]: ',' }))).definition.storage;
      expect(serdeParameters).toEqual({ 'collection.delim': ',', 'colelction.delim': ',' });
    },
  );

  it.each([
    ['field.delim', '||', ['DELIMITER_LONG']],
    ['field.delim', '\\u0001', ['DELIMITER_LONG']],
    ['field.delim', '9', []],
    ['field.delim', '-2', []],
    ['field.delim', '€', []],
  ])('notes that of %s "%s" one character counts: %j', (name, value, expected) => {
    expect(codes(ruleOn(table(textFormat({ [name]: value }))).notes)).toEqual(expected);
  });

  it.each([
    ['ISO-8859-1', ['ENCODING']],
    ['windows-1252', ['ENCODING']],
    ['UTF-8', []],
  ])('a text table in %s has problems %j', (encoding, expected) => {
    expect(codes(ruleOn(table(textFormat({ 'serialization.encoding': encoding }))).problems)).toEqual(expected);
  });

  it.each([
    ['org.apache.hadoop.hive.serde2.JsonSerDe', 'org.apache.hive.hcatalog.data.JsonSerDe'],
    ['org.apache.hadoop.hive.contrib.serde2.RegexSerDe', 'org.apache.hadoop.hive.serde2.RegexSerDe'],
    ['parquet.hive.serde.ParquetHiveSerDe', PARQUET.serde.library],
  ])('%s is rewritten, with a note', (from, to) => {
    const input = from.includes('parquet') ? PARQUET.inputFormat : CSV.inputFormat;
    const { definition, notes, problems } = ruleOn(table(serdeFormat(from, {}, input)));
    expect(definition.storage.serdeLibrary).toBe(to);
    expect(codes(notes)).toContain('SERDE_REWRITTEN');
    expect(problems).toEqual([]);
  });

  describe.each([
    'org.apache.hadoop.hive.serde2.JsonSerDe',
    'org.apache.hcatalog.data.JsonSerDe',
    'org.apache.hive.hcatalog.data.JsonSerDe',
  ])('%s', (library) => {
    const json = (type: string, parameters: Record<string, string> = {}): Table =>
      withStorage(table(serdeFormat(library, parameters)), { columns: [{ name: 'b', type }] });

    it.each(['binary', 'array<binary>', 'struct<x:map<string,binary>>'])('asks about %s, base64 to Hive 4', (type) => {
      const { problems } = ruleOn(json(type));
      expect(problems).toMatchObject([{ code: 'JSON_BINARY', text: expect.stringMatching(/: b$/) as string }]);
      expect(codes(ruleOn(json(type, { 'json.binary.format': 'base64' })).problems)).toEqual(['JSON_BINARY']);
      expect(ruleOn(json(type, { 'json.binary.format': 'RAWSTRING' })).problems).toEqual([]);
    });

    it('asks about no other type, nor where the mapping gives one', () => {
      expect(ruleOn(json('struct<binary:string>')).problems).toEqual([]);
      for (const type of ['binary', 'string'])
        expect(ruleOn(json('binary'), { b: { class: 'technical', type } }).problems).toEqual([]);
    });

    it('asks about empty lines that are rows', () => {
      const named = (value: string) => codes(ruleOn(json('int', { 'text.null.empty.line': value })).problems);
      expect([named('true'), named('false')]).toEqual([['JSON_EMPTY_LINES'], []]);
    });
  });

  it.each([
    ['org.apache.hadoop.hive.contrib.serde2.MultiDelimitSerDe', 'SERDE_UNSUPPORTED'],
    ['org.apache.hadoop.hive.serde2.MultiDelimitSerDe', 'SERDE_UNSUPPORTED'],
    ['com.example.hive.CobolSerDe', 'SERDE_UNSUPPORTED'],
  ])('%s needs a decision, with what to do', (library, code) => {
    const [problem] = ruleOn(table(serdeFormat(library))).problems;
    expect(problem).toMatchObject({ code, hint: expect.stringContaining('storage: convert') as string });
  });

  it('refuses an Avro schema kept in a file, and lists of links', () => {
    const avro = 'org.apache.hadoop.hive.serde2.avro.AvroSerDe';
    const input = 'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat';
    expect(codes(ruleOn(table(serdeFormat(avro, { 'avro.schema.url': 'hdfs:///s.avsc' }, input))).problems)).toEqual([
      'AVRO_SCHEMA_URL',
    ]);
    expect(codes(ruleOn(table(serdeFormat(avro, { 'avro.schema.literal': '{}' }, input))).problems)).toEqual([]);
    const symlinks = withStorage(table(textFormat({})), {
      inputFormat: 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat',
    });
    expect(codes(ruleOn(symlinks).problems)).toEqual(['INPUT_FORMAT_UNSUPPORTED']);
  });

  it('gives every column of an OpenCSV table as text, as Hive does', () => {
    const { definition } = ruleOn(table(CSV, ['a int', 'b date']));
    expect(definition.storage.columns.map(({ type }) => type)).toEqual(['string', 'string']);
  });

  it('reads small integers over Avro as int', () => {
    const format = serdeFormat(
      'org.apache.hadoop.hive.serde2.avro.AvroSerDe',
      {},
      'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat',
    );
    expect(ruleOn(table(format, ['a tinyint'])).definition.storage.columns[0]?.type).toBe('int');
  });

  it('drops skew but does not forget it', () => {
    const plain = table(ORC, ['a string', 'b int']);
    const { definition, notes } = ruleOn({ ...plain, storage: { ...plain.storage, skewedColumns: ['a', 'b'] } });
    expect(codes(notes)).toEqual(['SKEW_DROPPED']);
    expect(definition.parameters['lakelift.source-skew']).toBe('a,b');
  });

  it('tells Athena to go by place through Parquet where Hive is told so', () => {
    const plain = table(PARQUET, ['a string']);
    const { definition, notes } = ruleOn({ ...plain, parameters: { 'parquet.column.index.access': 'TRUE' } });
    expect(codes(notes)).toEqual(['COLUMNS_BY_PLACE']);
    expect(definition.storage.serdeParameters['parquet.column.index.access']).toBe('true');
  });

  it('drops bucketing but does not forget it', () => {
    const source = withStorage(table(ORC), {
      bucketCount: 8,
      bucketColumns: ['a'],
      sortColumns: [{ column: 'a', order: 'asc' }],
    });
    const { definition, notes } = ruleOn(source);
    expect(definition.storage).toMatchObject({ bucketCount: -1, bucketColumns: [], sortColumns: [] });
    expect(definition.parameters['lakelift.source-bucketing']).toBe('8 by a sorted a asc');
    expect(codes(notes)).toEqual(['BUCKETING_DROPPED']);
  });

  it('keeps constraints in a parameter and says that nothing enforces them', () => {
    const constraints = ['PRIMARY KEY (a)', 'a NOT NULL'];
    const { definition, notes } = ruleOn(table(PARQUET, ['a string'], { constraints }));
    expect(definition.parameters['lakelift.source-constraints']).toBe('PRIMARY KEY (a); a NOT NULL');
    expect(notes.map(({ code }) => code)).toEqual(['CONSTRAINTS']);
  });

  it('keeps comments in any script and the control characters of SerDe parameters', () => {
    const source = table(textFormat({ 'field.delim': '\u0001', 'escape.delim': '\u0007', 'line.delim': '\n' }), [
      'a string -- Numéro 日本語 😀 العربية',
    ]);
    const { definition, problems } = ruleOn({ ...source, parameters: { comment: 'Столбец\nдва' } });
    expect(problems).toEqual([]);
    expect(definition.description).toBe('Столбец\nдва');
    expect(definition.storage.columns[0]?.comment).toBe('Numéro 日本語 😀 العربية');
    expect(definition.storage.serdeParameters).toMatchObject({ 'field.delim': '\u0001', 'escape.delim': '\u0007' });
  });

  it.each([
    [textFormat({}), 'type: string'],
    [JSON_LINES, 'type: string'],
    [serdeFormat('org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe'), 'type: timestamp'],
    [PARQUET, 'type: timestamp'],
    [ORC, 'cast to timestamp'],
  ])('of a timestamp with local time zone, says what reads it in the format of the table: %#', (format, hint) => {
    const source = withStorage(table(format), { columns: [{ name: 'at', type: 'timestamp with local time zone' }] });
    expect(ruleOn(source).problems.at(-1)).toMatchObject({
      code: 'TYPE_LOCAL_TIMESTAMP',
      hint: expect.stringContaining(hint) as string,
    });
  });

  it('finds a partition index over keys that Glue cannot index', () => {
    const source = {
      ...table(ORC, ['a string']),
      partitionKeys: [
        { name: 'annee', type: 'int' },
        { name: 'jour', type: 'date' },
      ],
    };
    const problemsOf = (index: readonly string[]) =>
      targetTable(source, {
        useCase: 'absences' as UseCaseId,
        mapping: { ...mapping, partitions: { ...mapping.partitions, index } },
        location: 's3://raw/rh/t/',
      }).problems;
    expect(problemsOf(['annee'])).toEqual([]);
    expect(codes(problemsOf(['annee', 'jour']))).toEqual(['PARTITION_INDEX']);
    expect(codes(problemsOf(['a']))).toEqual(['PARTITION_INDEX']);
  });

  it('takes the type a person set in the mapping', () => {
    const source = table(ORC, ['a timestamp with local time zone']);
    expect(codes(ruleOn(source).problems)).toEqual(['TYPE_LOCAL_TIMESTAMP']);
    const decided = ruleOn(source, { a: { class: 'technical', type: 'timestamp' } });
    expect(decided.problems).toEqual([]);
    expect(decided.definition.storage.columns[0]?.type).toBe('timestamp');
  });

  it('finds columns that are one once case is folded, partition keys included', () => {
    const column = (name: string): Column => ({ name, type: 'string' });
    const source = withStorage(table(JSON_LINES), { columns: [column('Date'), column('a'), column('A')] });
    const { problems } = ruleOn({ ...source, partitionKeys: [column('date')] });
    expect(problems.map(({ text }) => text)).toEqual([
      expect.stringContaining('"a"') as string,
      expect.stringContaining('"date"') as string,
    ]);
  });

  it('cuts comments at 255 bytes without breaking a character, and puts them on one line', () => {
    const comment = `l'été\n${'é'.repeat(200)}`;
    const source = withStorage(table(ORC), { columns: [{ name: 'a', type: 'int', comment }] });
    const { definition, notes } = ruleOn(source);
    const cut = definition.storage.columns[0]?.comment ?? '';
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(255);
    expect(Buffer.byteLength(cut)).toBeGreaterThan(252);
    expect(cut.startsWith("l'été éé")).toBe(true);
    expect(cut).not.toContain('\uFFFD');
    expect(codes(notes)).toEqual(['COMMENT_CUT']);
  });

  it.each<[string, Partial<StorageDescriptor>, Partial<Table>]>([
    ['a column name of 256 bytes', { columns: [{ name: 'é'.repeat(128), type: 'int' }] }, {}],
    [
      'a column type of more than 131072 bytes',
      {
        columns: [
          { name: 'a', type: `struct<${Array.from({ length: 14_000 }, (_, index) => `field${index}:int`).join(',')}>` },
        ],
      },
      {},
    ],
    ['a parameter of more than 512000 bytes', {}, { parameters: { x: 'x'.repeat(512_001) } }],
    ['an owner of more than 255 bytes', {}, { owner: 'o'.repeat(256) }],
  ])('finds %s, which Glue would refuse', (_, storage, changes) => {
    const source = { ...withStorage(table(ORC), storage), ...changes };
    expect(codes(ruleOn(source).problems)).toEqual(['GLUE_LIMIT']);
  });

  it.each<[string, Partial<StorageDescriptor>, Partial<Table>]>([
    ['a column name', { columns: [{ name: 'a\u0001b', type: 'int' }] }, {}],
    ['a column name with a line break', { columns: [{ name: 'a\nb', type: 'int' }] }, {}],
    ['a column name with half a character', { columns: [{ name: 'a\ud800', type: 'int' }] }, {}],
    ['no column name', { columns: [{ name: '', type: 'int' }] }, {}],
    ['the name of a parameter', {}, { parameters: { 'a\u0000': 'x' } }],
    ['the owner', {}, { owner: 'o\u0007' }],
  ])('finds what the pattern of Glue refuses: %s', (_, storage, changes) => {
    const source = { ...withStorage(table(ORC), storage), ...changes };
    expect(codes(ruleOn(source).problems)).toEqual(['GLUE_NAME']);
  });

  it('frees comments of control characters, keeps line ends in that of the table, and says so', () => {
    const source = table(ORC, ['a int'], { parameters: { comment: `un\ndeux\u0001${'é'.repeat(2000)}` } });
    const { definition, notes } = ruleOn(
      withStorage(source, { columns: [{ name: 'a', type: 'int', comment: 'tab\t et \u0000\u001f' }] }),
    );
    expect(definition.description?.startsWith('un\ndeux éé')).toBe(true);
    expect(Buffer.byteLength(definition.description ?? '')).toBeLessThanOrEqual(2048);
    expect(definition.storage.columns[0]?.comment).toBe('tab\t et   ');
    expect(codes(notes)).toEqual(['COMMENT_CUT', 'COMMENT_CUT']);
  });

  it.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    ['an encoding among the parameters of the table', {}, { 'serialization.encoding': 'windows-1252' }, ['ENCODING']],
    ['escaped line ends', { 'serialization.escape.crlf': 'TRUE' }, {}, ['ESCAPED_LINE_ENDS']],
    ['lines that end otherwise', { 'line.delim': '\u001e' }, {}, ['LINE_DELIMITER']],
  ])('a text table with %s needs a decision', (_, serde, parameters, expected) => {
    expect(codes(ruleOn(table(textFormat(serde), ['a string'], { parameters })).problems)).toEqual(expected);
  });

  it('an escape character is noted, for what stands behind it may read otherwise', () => {
    expect(codes(ruleOn(table(textFormat({ 'escape.delim': '\\' }))).notes)).toEqual(['ESCAPED_LETTERS']);
  });

  it.each<[string, Record<string, string>, string, string[]]>([
    ['escaped items', { 'escape.delim': '\\' }, 'map<string,int>', ['ESCAPED_LETTERS', 'ESCAPED_ITEMS']],
    ['escaped members', { 'escape.delim': '\\' }, 'struct<a:string>', ['ESCAPED_LETTERS']],
    ['the old name', { 'colelction.delim': ';' }, 'array<string>', ['COLLECTION_DELIMITER_OLD']],
    ['the old name, without items', { 'colelction.delim': ';' }, 'string', []],
    ['both names', { 'colelction.delim': ';', 'collection.delim': '|' }, 'array<string>', []],
  ])(
    'what delimits items of text is noted where Hive and Athena may read it otherwise: %s',
    (_, serde, type, expected) => {
      expect(codes(ruleOn(table(textFormat(serde), [`a ${type}`])).notes)).toEqual(expected);
    },
  );

  it('booleans of RegexSerDe are noted, for a group that took no part is false to Hive', () => {
    const regex = serdeFormat('org.apache.hadoop.hive.serde2.RegexSerDe');
    expect(codes(ruleOn(table(regex, ['a boolean', 'b int'])).notes)).toEqual(['REGEX_BOOLEAN']);
    expect(ruleOn(table(regex, ['b int'])).notes).toEqual([]);
  });

  it('a partition key of bytes needs a decision, and text is one', () => {
    const source = table(ORC, ['a string'], { partitionKeys: [{ name: 'p', type: 'binary', comment: undefined }] });
    expect(codes(ruleOn(source).problems)).toEqual(['PARTITION_KEY_BINARY']);
    expect(ruleOn(source, { p: { class: 'unclassified', type: 'string' } }).problems).toEqual([]);
  });

  it.each<[Format, Record<string, string>, string[]]>([
    [ORC, { 'orc.compress': 'lzo' }, ['CODEC_UNSUPPORTED']],
    [ORC, { 'orc.compress': 'ZSTD' }, []],
    [PARQUET, { 'parquet.compression': 'BROTLI' }, ['CODEC_UNSUPPORTED']],
    [PARQUET, { 'orc.compress': 'LZO' }, []],
    [ORC, { 'orc.encrypt': 'pii:nir' }, ['ENCRYPTED_COLUMNS']],
    [PARQUET, { 'parquet.encryption.column.keys': 'pii:nir' }, ['ENCRYPTED_COLUMNS']],
    [PARQUET, { 'orc.encrypt': 'pii:nir' }, []],
  ])(
    'files that are written with a codec which Athena does not read, or encrypted, need a decision (%#)',
    (format, parameters, expected) => {
      expect(codes(ruleOn(table(format, ['a string'], { parameters })).problems)).toEqual(expected);
    },
  );

  it('an encoding means nothing to Parquet', () => {
    const source = table(PARQUET, ['a string'], { parameters: { 'serialization.encoding': 'windows-1252' } });
    expect(ruleOn(source).problems).toEqual([]);
  });

  it('a SerDe over files of another kind needs a decision; LZO text is text', () => {
    const json = withStorage(table(JSON_LINES), { inputFormat: 'org.apache.hadoop.mapred.SequenceFileInputFormat' });
    expect(codes(ruleOn(json).problems)).toEqual(['FORMAT_PAIR_UNSUPPORTED']);
    const lzo = withStorage(table(textFormat({})), { inputFormat: 'com.hadoop.mapred.DeprecatedLzoTextInputFormat' });
    expect(ruleOn(lzo)).toMatchObject({ problems: [], definition: { storage: { inputFormat: CSV.inputFormat } } });
  });

  it('tells what Athena shows otherwise in timestamps, nested ones too', () => {
    expect(codes(ruleOn(table(ORC, ['a int', 'b array<timestamp>'])).notes)).toEqual(['TIMESTAMP_MILLIS']);
    expect(codes(ruleOn(table(PARQUET, ['b timestamp'])).notes)).toEqual(['TIMESTAMP_MILLIS', 'TIMESTAMP_ZONE']);
    expect(ruleOn(table(PARQUET, ['b struct<timestamp:string>'])).notes).toEqual([]);
    expect(codes(ruleOn(table(PARQUET, ['b array<timestamp'])).notes)).toEqual([]);
    expect(ruleOn(table(PARQUET, ['timestamps int'])).notes).toEqual([]);
  });

  it('notes days and times in JSON of openx, which its SerDe reads otherwise, and those of no other JSON', () => {
    const by = (library: string, columns: string[]) =>
      codes(ruleOn(withStorage(table(textFormat({}), columns), { serde: { library, parameters: {} } })).notes);
    const openx = 'org.openx.data.jsonserde.JsonSerDe';
    expect(by(openx, ['a string', 'b map<string,date>'])).toEqual(['DAYS_BY_SERDE']);
    expect(by(openx, ['b timestamp'])).toEqual(['TIMESTAMP_MILLIS', 'DAYS_BY_SERDE']);
    expect(by(openx, ['a string'])).toEqual([]);
    expect(by('org.apache.hive.hcatalog.data.JsonSerDe', ['a date'])).toEqual([]);
  });

  it('moves the second location that Spark keeps', () => {
    const source = withStorage(table(PARQUET), {
      serde: { library: PARQUET.serde.library, parameters: { path: 'hdfs://old/t' } },
    });
    expect(ruleOn(source).definition.storage.serdeParameters).toEqual({ path: 's3://raw/rh/t/' });
  });
});
