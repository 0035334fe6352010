import type { ConversionFormat } from '../../domain/conversion.ts';
import type { TableName } from '../../domain/names.ts';
import type { Column } from '../../domain/table.ts';
import { isLakeliftError } from '../../errors.ts';
import type { ExportRequest, SourceExporter } from '../../ports/source-exporter.ts';
import { HiveServer2Client } from './hiveserver2-client.ts';
import type { HiveServer2Options } from './hiveserver2-connection.ts';
import { hiveIdentifier, hiveLiteral, hiveTable } from './hive-sql.ts';

/** Hive 4, and distributions that took it over: "timestamps will be time zone agnostic (NEVER converted to a different time zone)". */
const WALL_TIME = 'hive.parquet.write.int64.timestamp';
const KEEP_WALL_TIME = `SET ${WALL_TIME}=true`;

/** Makes files of a good size and takes any number of partitions. Clusters forbid some of these; the export goes without them. */
const SETTINGS = [
  'SET hive.exec.dynamic.partition=true',
  'SET hive.exec.dynamic.partition.mode=nonstrict',
  'SET hive.exec.max.dynamic.partitions=1000000',
  'SET hive.exec.max.dynamic.partitions.pernode=1000000',
  'SET hive.exec.max.created.files=10000000',
  // Rows come sorted by partition, so that one file is open at a time.
  'SET hive.optimize.sort.dynamic.partition=true',
  'SET hive.optimize.sort.dynamic.partition.threshold=0',
  'SET hive.merge.mapfiles=true',
  'SET hive.merge.mapredfiles=true',
  'SET hive.merge.tezfiles=true',
  'SET hive.merge.smallfiles.avgsize=67108864',
  'SET hive.merge.size.per.task=268435456',
  // Hive 4 writes days before 15 October 1582 in the calendar of that time unless told, which other engines read as other days.
  'SET hive.parquet.date.proleptic.gregorian=true',
  'SET hive.avro.proleptic.gregorian=true',
  'SET orc.proleptic.gregorian=true',
  // Wall time as it is, whatever zone the cluster is in; without it, instants. To the microsecond.
  KEEP_WALL_TIME,
  'SET hive.parquet.timestamp.time.unit=micros',
];

/** 1970, a winter and a summer: zones that are on UTC in one of them need not be in the others. */
const UTC_MIDNIGHTS = [0, 1_705_276_800, 1_721_001_600];

const STORED_AS: Readonly<Record<ConversionFormat, string>> = { parquet: 'PARQUET', orc: 'ORC', avro: 'AVRO' };

/** Exports tables through HiveServer2 into external tables of the staging database. */
export class HiveServer2Exporter implements SourceExporter {
  readonly staging: SourceExporter['staging'];
  readonly #client: HiveServer2Client;

  constructor(options: HiveServer2Options, staging: SourceExporter['staging']) {
    this.staging = staging;
    this.#client = new HiveServer2Client(options);
  }

  /** ORC has wall times in every version, Avro but for the hour that a zone skips in spring, Parquet where {@link WALL_TIME} is known. */
  async keepsWallTime(format: ConversionFormat, signal?: AbortSignal): Promise<boolean> {
    return format !== 'parquet' || (await this.#knowsWallTime(signal)) || (await this.#isOnUtc(signal));
  }

  /** A server that does not check what is set takes anything, so that it is asked first. */
  async #knowsWallTime(signal?: AbortSignal): Promise<boolean> {
    return (await this.#tryTo(`SHOW CONF '${WALL_TIME}'`, signal)) && this.#tryTo(KEEP_WALL_TIME, signal);
  }

  async #isOnUtc(signal?: AbortSignal): Promise<boolean> {
    const columns = UTC_MIDNIGHTS.map((seconds) => {
      const wallTime = new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
      return `unix_timestamp(${hiveLiteral(wallTime)})`;
    });
    const [found] = await this.#client.run(`SELECT ${columns.join(', ')}`, signal);
    return UTC_MIDNIGHTS.every((seconds, index) => found?.[index] === String(seconds));
  }

  async export(request: ExportRequest, signal?: AbortSignal): Promise<void> {
    const { database, folder } = this.staging;
    for (const setting of SETTINGS) await this.#tryTo(setting, signal);
    const location = hiveLiteral(folder);
    await this.#client.run(`CREATE DATABASE IF NOT EXISTS ${hiveIdentifier(database)} LOCATION ${location}`, signal);
    await this.#client.run(creation(request), signal);
    await this.#client.run(insertion(request), signal, { isRepeatable: false });
  }

  async drop(table: TableName, signal?: AbortSignal): Promise<void> {
    // Before Hive 4 only the files of managed tables go with them; Hive 4 refuses this, and purges external ones that say so.
    await this.#tryTo(`ALTER TABLE ${hiveTable(table)} SET TBLPROPERTIES ('EXTERNAL'='FALSE')`, signal);
    await this.#client.run(`DROP TABLE IF EXISTS ${hiveTable(table)} PURGE`, signal);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** Whether the cluster took it. */
  async #tryTo(statement: string, signal?: AbortSignal): Promise<boolean> {
    try {
      await this.#client.run(statement, signal);
      return true;
    } catch (error) {
      signal?.throwIfAborted();
      const isOfTheSession = isLakeliftError(error) && error.code.startsWith('HIVESERVER2_');
      if (!isLakeliftError(error) || isOfTheSession) throw error;
      return false;
    }
  }
}

function creation({ columns, partitionKeys, format, to, stamp }: ExportRequest): string {
  const parameters = { ...stamp, 'external.table.purge': 'true' };
  const properties = Object.entries(parameters).map(([name, value]) => `${hiveLiteral(name)}=${hiveLiteral(value)}`);
  return [
    `CREATE EXTERNAL TABLE ${hiveTable(to.name)} (${columns.map(declaration).join(', ')})`,
    ...(partitionKeys.length === 0 ? [] : [`PARTITIONED BY (${partitionKeys.map(declaration).join(', ')})`]),
    `STORED AS ${STORED_AS[format]}`,
    `LOCATION ${hiveLiteral(to.folder)}`,
    `TBLPROPERTIES (${properties.join(', ')})`,
  ].join(' ');
}

function declaration({ name, type }: Column): string {
  return `${hiveIdentifier(name)} ${type}`;
}

function insertion({ from, columns, partitionKeys, to }: ExportRequest): string {
  const keys = partitionKeys.map(({ name }) => hiveIdentifier(name));
  const partition = keys.length === 0 ? '' : ` PARTITION (${keys.join(', ')})`;
  const selected = [...columns.map(({ name }) => hiveIdentifier(name)), ...keys];
  return `INSERT OVERWRITE TABLE ${hiveTable(to.name)}${partition} SELECT ${selected.join(', ')} FROM ${hiveTable(from)}`;
}
