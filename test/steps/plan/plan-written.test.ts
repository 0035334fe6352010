import { beforeEach, describe, expect, it } from 'vitest';
import type { SourceStatistics } from '../../../src/domain/column-statistics.ts';
import type { Mapping, TableMapping } from '../../../src/domain/mapping.ts';
import { defineMigration } from '../../../src/domain/migration.ts';
import type { TableItem } from '../../../src/domain/plan.ts';
import {
  folderOf,
  ORC,
  PARQUET,
  sketchPartition,
  sketchTable,
  textFormat,
} from '../../../src/sandbox/lake/lake-table.ts';
import type { Partition } from '../../../src/domain/table.ts';
import { LakeliftError } from '../../../src/errors.ts';
import { proposeMapping } from '../../../src/steps/map.ts';
import { planUseCase } from '../../../src/steps/plan/plan-use-case.ts';
import { datedParquet } from '../../domain/writer-marks/dated-parquet.ts';
import { MemoryPlanWriter } from './memory-plan-writer.ts';
import { MemoryCatalog, MemoryFileSystem } from './memory-source.ts';

const DAYS = sketchTable({ database: 'rh', name: 'jours', columns: ['jour date'], format: PARQUET });
const PARTED = sketchTable({
  database: 'rh',
  name: 'mois',
  columns: ['jour date'],
  partitionKeys: ['p string'],
  format: PARQUET,
});
const NUMBERS = sketchTable({ database: 'rh', name: 'nombres', columns: ['n int'], format: ORC });
/** The end of an ORC file whose footer is compressed with LZO: that it is empty says nobody. */
const ORC_IN_LZO = Buffer.from([8, 0, 16, 3, 0x82, 0xf4, 3, 3, ...Buffer.from('ORC'), 11]);
/** The end of an ORC file in which the columns have these names. */
function orcWith(...names: readonly string[]): Buffer {
  const field = (number: number, bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes]);
  const root = Buffer.concat(names.map((name) => field(3, Buffer.from(name))));
  const footer = field(4, root);
  return Buffer.concat([footer, Buffer.from([8, footer.length, 16, 0, 0x82, 0xf4, 3, 3, ...Buffer.from('ORC'), 11])]);
}

const ACCOUNTS = sketchTable({ database: 'rh', name: 'comptes', columns: ['id int', 'iban string'], format: ORC });
const COUNTED = {
  COLUMN_STATS_ACCURATE: '{"BASIC_STATS":"true","COLUMN_STATS":{"jour":"true"}}',
  transient_lastDdlTime: '7',
};
const PARTITIONS = { offPath: 'relocate', missingFolder: 'register-empty' } as const;
const [TODAY, YEAR_ONE] = [20_000, -719_162];

const written = (day: number, isProleptic: 'true' | 'false'): Uint8Array =>
  datedParquet([day], { 'writer.date.proleptic': isProleptic });

describe('planning a table by how its files were written', () => {
  let files: MemoryFileSystem;
  let statistics: Map<string, SourceStatistics[]>;

  beforeEach(() => {
    files = new MemoryFileSystem();
    statistics = new Map();
    partitions = ['1', '2'].map((value) => sketchPartition(PARTED, [value]));
  });

  let partitions: Partition[];

  async function plan(table = DAYS, change: Partial<TableMapping> = {}): Promise<TableItem> {
    const texts = { title: { fr: '', en: '' }, owner: '', purpose: '', legalBasis: '' };
    const source = { tables: ['rh.*'] };
    const migration = defineMigration({ id: 'test', ...texts, wave: 1, source, consumers: [] });
    const catalog = new MemoryCatalog([table], () => partitions);
    catalog.statistics = statistics;
    const { mapping } = await proposeMapping(migration, catalog);
    const [[name, proposed] = []] = Object.entries(mapping.tables);
    const changed: Mapping = { ...mapping, tables: { [name!]: { ...proposed!, ...change } } };
    const writer = new MemoryPlanWriter();
    await planUseCase({
      migration,
      mapping: changed,
      zones: { raw: { bucket: 'acme-raw', prefix: '' } },
      source: files,
      catalog,
      writer,
      clusterAuthorities: ['sandbox'],
      progress: () => undefined,
      signal: new AbortController().signal,
    });
    return writer.items.get(`table:${name!}`) as TableItem;
  }

  const codes = ({ verdict, reason, notes }: TableItem): string =>
    [verdict, reason?.code, ...notes.map(({ code }) => code)].filter((code) => code !== undefined).join(' ');

  it('waits for a decision where days would become others, and goes on once somebody says so', async () => {
    files.addBytes(`${folderOf(DAYS)}/000000_0`, written(YEAR_ONE, 'false'));
    expect(codes(await plan())).toBe('needs-decision DAYS_BEFORE_1582');
    expect(codes(await plan(DAYS, { calendar: 'keep' }))).toBe('copy DAYS_BEFORE_1582');
  });

  it('goes on where the file holds no such day, and says in which calendar it was written', async () => {
    files.addBytes(`${folderOf(DAYS)}/000000_0`, written(TODAY, 'false'));
    expect(codes(await plan())).toBe('copy DAYS_CALENDAR');
    files.addBytes(`${folderOf(DAYS)}/000000_0`, written(YEAR_ONE, 'true'));
    expect(codes(await plan())).toBe('copy');
  });

  it('waits where Hive counted such days in other files', async () => {
    const bytes = written(TODAY, 'false');
    files.addBytes(`${folderOf(DAYS)}/000000_0`, bytes);
    statistics.set('rh.jours', [
      { column: 'jour', values: { kind: 'date', least: YEAR_ONE, greatest: 0, nulls: 0, distinct: 2 } },
    ]);
    const parameters = { ...DAYS.parameters, ...COUNTED, totalSize: String(bytes.length) };
    expect(codes(await plan({ ...DAYS, parameters }))).toBe('needs-decision DAYS_BEFORE_1582');
  });

  it('looks at the files of all partitions, also at those of former years and the first that was written', async () => {
    const [before, in2015, today] = [Date.UTC(2014, 2), Date.UTC(2015, 5), Date.UTC(2024, 5)];
    files.addBytes(`${folderOf(PARTED)}/p=1/000000_0`, written(TODAY, 'true'), today);
    files.addBytes(`${folderOf(PARTED)}/p=2/000000_0`, written(YEAR_ONE, 'false'), today + 1);
    expect(codes(await plan(PARTED))).toBe('needs-decision DAYS_BEFORE_1582');
    files.addBytes(`${folderOf(PARTED)}/p=2/000000_0`, written(TODAY, 'true'), today + 1);
    expect(codes(await plan(PARTED))).toBe('copy');
    for (const writtenAtMs of [before, in2015]) {
      files.addBytes(`${folderOf(PARTED)}/p=2/000001_0`, written(YEAR_ONE, 'false'), writtenAtMs);
      expect(codes(await plan(PARTED))).toBe('needs-decision DAYS_BEFORE_1582');
      files.addBytes(`${folderOf(PARTED)}/p=1/000001_0`, written(TODAY, 'true'), before - 1);
    }
  });

  it('goes on where a file has lost its replicas: that one fails when it is copied', async () => {
    const lost = `${folderOf(DAYS)}/000000_0`;
    files.addBytes(lost, written(YEAR_ONE, 'false'));
    files.fail(lost, new LakeliftError('Could not obtain block', { kind: 'unavailable', code: 'HDFS_UNAVAILABLE' }));
    expect(codes(await plan())).toBe('copy');
    files.addBytes(`${folderOf(DAYS)}/000001_0`, written(YEAR_ONE, 'false'), Date.UTC(2014, 2));
    expect(codes(await plan())).toBe('needs-decision DAYS_BEFORE_1582');
  });

  it('reads no file of a table of text', async () => {
    const text = { ...DAYS, storage: { ...DAYS.storage, ...textFormat({}) } };
    files.addText(`${folderOf(DAYS)}/000000_0`, '0001-01-01');
    expect(codes(await plan(text))).toBe('copy');
    expect(files.read).toEqual([]);
  });

  it('notes days that Hive counted where no file says how they are written, by statistics that hold', async () => {
    const bytes = datedParquet([TODAY]);
    files.addBytes(`${folderOf(DAYS)}/000000_0`, bytes);
    statistics.set('rh.jours', [
      { column: 'jour', values: { kind: 'date', least: YEAR_ONE, greatest: 0, nulls: 0, distinct: 2 } },
    ]);
    const told = async (totalSize: number, more = COUNTED): Promise<string> =>
      codes(await plan({ ...DAYS, parameters: { ...DAYS.parameters, ...more, totalSize: String(totalSize) } }));
    expect(await told(bytes.length)).toBe('copy DAYS_CALENDAR');
    expect(await told(bytes.length + 1)).toBe('copy STATISTICS_STALE');
    expect(await told(bytes.length, { ...COUNTED, COLUMN_STATS_ACCURATE: '{}' })).toBe('copy');
  });

  it('waits for times that Hive counted as for days', async () => {
    const times = { ...DAYS, storage: { ...DAYS.storage, columns: [{ name: 'vu', type: 'timestamp' }] } };
    const bytes = datedParquet([TODAY], { 'org.apache.spark.version': '2.4.8' }, { hasInt96: true });
    files.addBytes(`${folderOf(DAYS)}/000000_0`, bytes);
    const word = '{"COLUMN_STATS":{"vu":"true"}}';
    const parameters = { COLUMN_STATS_ACCURATE: word, transient_lastDdlTime: '7', totalSize: String(bytes.length) };
    const told = async (leastSeconds: number): Promise<string> => {
      const values = { kind: 'long', least: leastSeconds, greatest: 0, nulls: 0, distinct: 2 } as const;
      statistics.set('rh.jours', [{ column: 'vu', values }]);
      return codes(await plan({ ...times, parameters }));
    };
    expect(await told(YEAR_ONE * 86_400)).toMatch(/^needs-decision DAYS_BEFORE_1582/);
    expect(await told(0)).toMatch(/^copy .*DAYS_CALENDAR/);
  });

  it('waits where Hive counted such days in another partition', async () => {
    files.addBytes(`${folderOf(PARTED)}/p=1/000000_0`, written(TODAY, 'false'));
    expect(codes(await plan(PARTED))).toBe('copy DAYS_CALENDAR');
    partitions = partitions.map((partition) => ({ ...partition, parameters: { ...partition.parameters, ...COUNTED } }));
    statistics.set('rh.mois/p=2', [
      { column: 'jour', values: { kind: 'date', least: YEAR_ONE, greatest: 0, nulls: 0, distinct: 2 } },
    ]);
    files.addBytes(`${folderOf(PARTED)}/p=2/000000_0`, written(TODAY, 'true'));
    expect(codes(await plan(PARTED))).toBe('needs-decision DAYS_BEFORE_1582');
  });

  it('waits where Hive counted such days in a partition beyond those whose statistics are carried over', async () => {
    const nameOf = (index: number): string => String(index).padStart(4, '0');
    partitions = Array.from({ length: 1002 }, (_, index) => ({
      ...sketchPartition(PARTED, [nameOf(index)]),
      parameters: COUNTED,
    }));
    const put = (index: number) =>
      files.addBytes(`${folderOf(PARTED)}/p=${nameOf(index)}/000000_0`, written(TODAY, 'false'));
    const count = (index: number, least: number) =>
      statistics.set(`rh.mois/p=${nameOf(index)}`, [
        { column: 'jour', values: { kind: 'date', least, greatest: TODAY, nulls: 0, distinct: 2 } },
      ]);
    for (const index of [0, 1000, 1001]) put(index);
    count(0, TODAY);
    count(1000, TODAY);
    expect(codes(await plan(PARTED))).toMatch(/^copy .*DAYS_CALENDAR.* STATISTICS_MANY/);
    count(1001, YEAR_ONE);
    const { reason } = await plan(PARTED);
    expect(reason?.code).toBe('DAYS_BEFORE_1582');
    expect(reason?.text).toContain('Hive counted such days in the partition "p=1001"');
    expect(codes(await plan(PARTED, { calendar: 'keep' }))).toMatch(/^copy DAYS_BEFORE_1582/);
    const [some, all] = [
      await plan(PARTED, { calendar: 'keep' }),
      await plan(PARTED, { calendar: 'keep', partitions: { ...PARTITIONS, statistics: 'all' } }),
    ];
    expect([some.partitionsWithStatistics, all.partitionsWithStatistics]).toEqual([1, 3]);
    expect(codes(all)).not.toContain('STATISTICS_MANY');
    partitions[1001] = { ...partitions[1001]!, parameters: { ...COUNTED, totalSize: '1' } };
    expect(codes(await plan(PARTED))).toMatch(/^copy .*DAYS_CALENDAR/);
  });

  it('asks nothing where Hive counted such days in files of the calendar of today, whatever the files of another format say', async () => {
    const [one, two] = partitions.map((own) => ({ ...own, parameters: { ...own.parameters, ...COUNTED } }));
    partitions = [one!, { ...two!, storage: { ...two!.storage, ...ORC } }];
    const registered = { partitions: { ...PARTITIONS, otherFormat: 'register' } } as const;
    const orcOfHive4 = Buffer.from([8, 2, 16, 0, 0x82, 0xf4, 3, 3, ...Buffer.from('ORC'), 11]);
    files.addBytes(`${folderOf(PARTED)}/p=1/000000_0`, written(YEAR_ONE, 'true'));
    files.addBytes(`${folderOf(PARTED)}/p=2/000000_0`, Buffer.concat([Buffer.from([11 * 8, 1]), orcOfHive4]));
    const found = {
      column: 'jour',
      values: { kind: 'date', least: YEAR_ONE, greatest: 0, nulls: 0, distinct: 2 },
    } as const;
    statistics.set('rh.mois/p=1', [found]);
    expect(codes(await plan(PARTED, registered))).toMatch(/^copy .*DAYS_CALENDAR/);
    statistics.set('rh.mois/p=2', [found]);
    expect(codes(await plan(PARTED, registered))).toMatch(/^needs-decision DAYS_BEFORE_1582/);
  });

  it('looks at the newest file of each format that partitions have', async () => {
    partitions = partitions.map((one, index) => (index === 0 ? one : { ...one, storage: { ...one.storage, ...ORC } }));
    const registered = { partitions: { ...PARTITIONS, otherFormat: 'register' } } as const;
    files.addBytes(`${folderOf(PARTED)}/p=1/000000_0`, written(YEAR_ONE, 'false'));
    files.addBytes(`${folderOf(PARTED)}/p=2/000000_0`, Buffer.from('no ORC at all'), 1_900_000_000_000);
    expect(codes(await plan(PARTED, registered))).toBe('needs-decision DAYS_BEFORE_1582');
    files.addBytes(`${folderOf(PARTED)}/p=2/000000_0`, ORC_IN_LZO, 1_900_000_000_000);
    expect(codes(await plan(PARTED, registered))).toBe('needs-decision CODEC_UNSUPPORTED');
  });

  it('waits where the file names a codec that Athena does not read, whatever the table tells', async () => {
    files.addBytes(`${folderOf(NUMBERS)}/000000_0`, ORC_IN_LZO);
    const { verdict, reason } = await plan(NUMBERS);
    expect([verdict, reason?.code]).toEqual(['needs-decision', 'CODEC_UNSUPPORTED']);
    expect(reason?.text).toBe(
      `files of it are compressed with LZO, which Athena does not read in orc (1 of 1 files looked at, such as "${folderOf(NUMBERS)}/000000_0")`,
    );
  });

  it('waits where the file holds encrypted columns', async () => {
    files.addBytes(`${folderOf(DAYS)}/000000_0`, Buffer.from('PARE....PARE'));
    const { verdict, reason } = await plan(DAYS);
    expect([verdict, reason?.code]).toEqual(['needs-decision', 'ENCRYPTED_COLUMNS']);
    expect(reason?.text).toContain(`(1 of 1 files looked at, such as "${folderOf(DAYS)}/000000_0")`);
  });

  it.each(['zstandard', 'xz', 'lz4'])('knows the codecs of Avro that Athena reads: %s', async (codec) => {
    const text = (value: string): string => String.fromCharCode(value.length * 2) + value;
    const header = `Obj\u0001\u0002${text('avro.codec')}${text(codec)}\u0000`;
    files.addBytes(`${folderOf(DAYS)}/000000_0`, Buffer.from(header, 'latin1'));
    const serde = { library: 'org.apache.hadoop.hive.serde2.avro.AvroSerDe', parameters: {} };
    const inputFormat = 'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat';
    const found = codes(await plan({ ...DAYS, storage: { ...DAYS.storage, inputFormat, serde } }));
    expect(found.includes('CODEC_UNSUPPORTED')).toBe(codec !== 'zstandard');
  });

  it('names one of the files that a question is about, and their partitions, in questions and notes', async () => {
    for (const [value, isProleptic] of [
      ['1', 'true'],
      ['2', 'false'],
    ] as const)
      files.addBytes(`${folderOf(PARTED)}/p=${value}/000000_0`, written(YEAR_ONE, isProleptic));
    const which = `(1 of 2 files looked at, such as "${folderOf(PARTED)}/p=2/000000_0", of the partition "p=2"): jour`;
    expect((await plan(PARTED)).reason?.text).toContain(which);
    const [note] = (await plan(PARTED, { calendar: 'keep' })).notes;
    expect([note?.code, note?.text.endsWith(which)]).toEqual(['DAYS_BEFORE_1582', true]);
  });

  it('takes days in a partition of RCFile for numbers or text by the SerDe of the partition, not of the table', async () => {
    const inputFormat = 'org.apache.hadoop.hive.ql.io.RCFileInputFormat';
    const storedBy = (name: string) => ({
      ...PARTED.storage,
      inputFormat,
      serde: { library: `org.apache.hadoop.hive.serde2.columnar.${name}`, parameters: {} },
    });
    const [text, numbers] = [storedBy('ColumnarSerDe'), storedBy('LazyBinaryColumnarSerDe')];
    const header = Buffer.from('RCF\u0001\u0000', 'latin1');
    const found = { kind: 'date', least: YEAR_ONE, greatest: 0, nulls: 0, distinct: 2 } as const;
    statistics.set('rh.mois/p=2', [{ column: 'jour', values: found }]);
    for (const value of ['1', '2']) files.addBytes(`${folderOf(PARTED)}/p=${value}/000000_0`, header);
    const told = async (table: typeof text, second: typeof text): Promise<string> => {
      const { location } = partitions[1]!.storage;
      partitions = [
        { ...partitions[0]!, storage: { ...table, location: partitions[0]!.storage.location } },
        { ...partitions[1]!, parameters: COUNTED, storage: { ...second, location } },
      ];
      const registered = { partitions: { ...PARTITIONS, otherFormat: 'register' } } as const;
      return codes(await plan({ ...PARTED, storage: { ...table, location: PARTED.storage.location } }, registered));
    };
    expect(await told(text, numbers)).toBe('copy DAYS_CALENDAR PARTITIONS_OTHER_FORMAT');
    expect(await told(numbers, text)).toBe('copy PARTITIONS_OTHER_FORMAT');
    expect(await told(numbers, numbers)).toBe('copy DAYS_CALENDAR');
  });

  it.each([
    ['org.apache.hadoop.io.compress.SnappyCodec', 'copy'],
    ['com.hadoop.compression.lzo.LzopCodec', 'needs-decision CODEC_UNSUPPORTED'],
    ['com.hadoop.compression.fourmc.FourMcCodec', 'needs-decision CODEC_UNSUPPORTED'],
    ['org.apache.hadoop.io.compress.BZip2Codec', 'needs-decision CODEC_UNSUPPORTED'],
  ])(
    'asks about classes of codecs in RCFile that Athena does not have, or Hive loses rows of: %s',
    async (codec, expected) => {
      const inputFormat = 'org.apache.hadoop.hive.ql.io.RCFileInputFormat';
      const serde = { library: 'org.apache.hadoop.hive.serde2.columnar.ColumnarSerDe', parameters: {} };
      const columns = [{ name: 'jour', type: 'date' }];
      const header = Buffer.from(`RCF\u0001\u0001${String.fromCharCode(codec.length)}${codec}`, 'latin1');
      files.addBytes(`${folderOf(DAYS)}/000000_0`, header);
      expect(codes(await plan({ ...DAYS, storage: { ...DAYS.storage, columns, inputFormat, serde } }))).toBe(expected);
    },
  );

  describe('of ORC, which some Hives read by the names of columns and Athena by their places', () => {
    const put = (...names: readonly string[]) =>
      files.addBytes(`${folderOf(ACCOUNTS)}/with-${names.join('-')}`, orcWith(...names));

    it.each([
      ['in the same places', ['id', 'iban']],
      ['in the same places, with capitals of another engine', ['Id', 'IBAN']],
      ['in the same places, before one was added', ['id']],
      ['in the same places, before the last was dropped', ['id', 'iban', 'note']],
      ['by their number alone', ['_col0', '_col1']],
    ])('asks nothing where files name them %s', async (_what, names) => {
      put(...names);
      expect(codes(await plan(ACCOUNTS))).toBe('copy');
    });

    it.each([
      ['in another order', ['iban', 'id'], 'id, iban'],
      ['with one more before them, which was dropped since', ['note', 'id', 'iban'], 'id, iban'],
      ['by a former name', ['id', 'compte'], 'iban'],
    ])('asks where files name them %s', async (_what, names, concerned) => {
      put('id', 'iban');
      put(...names);
      const { verdict, reason } = await plan(ACCOUNTS);
      expect([verdict, reason?.code]).toEqual(['needs-decision', 'ORC_COLUMNS']);
      expect(reason?.text).toContain(
        `(1 of 2 files looked at, such as "${folderOf(ACCOUNTS)}/with-${names.join('-')}"): ${concerned}`,
      );
      expect(reason?.hint).toMatch(/^Look at these columns in Hive.*orc\.force\.positional\.evolution.*Cloudera/);
    });

    it('tells Athena to find them by name where the mapping says so, and leaves the places where it says that', async () => {
      const own = { ...ORC.serde, parameters: { 'orc.column.index.access': 'false' } };
      put('iban', 'id');
      const byName = await plan(ACCOUNTS, { orc: 'by-name' });
      expect(codes(byName)).toBe('copy COLUMNS_BY_NAME ORC_COLUMNS');
      expect(byName.definition?.storage.serdeParameters).toMatchObject({ 'orc.column.index.access': 'false' });
      const table = { ...ACCOUNTS, storage: { ...ACCOUNTS.storage, serde: own } };
      const byPlace = await plan(table, { orc: 'by-place' });
      expect(codes(byPlace)).toBe('copy ORC_COLUMNS');
      expect(byPlace.definition?.storage.serdeParameters).toEqual({});
    });

    it('waits where the mapping says "by-name" and a file has no names, on which Athena fails', async () => {
      put('iban', 'id');
      put('_col0', '_col1');
      expect((await plan(ACCOUNTS)).reason?.hint).not.toContain('by-name');
      expect(codes(await plan(ACCOUNTS, { orc: 'by-name' }))).toBe('needs-decision ORC_COLUMNS COLUMNS_BY_NAME');
    });
  });

  it('says nothing of files that cannot be read as what they should be', async () => {
    files.addText(`${folderOf(DAYS)}/000000_0`, 'no Parquet at all');
    expect(codes(await plan())).toBe('copy');
  });
});
