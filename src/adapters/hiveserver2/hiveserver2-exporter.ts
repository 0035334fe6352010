import type { ConversionFormat } from '../../domain/conversion.ts';
import type { TableName } from '../../domain/names.ts';
import type { Column } from '../../domain/table.ts';
import { isLakeliftError } from '../../errors.ts';
import type { ExportRequest, SourceExporter } from '../../ports/source-exporter.ts';
import { HiveServer2Client } from './hiveserver2-client.ts';
import type { HiveServer2Options } from './hiveserver2-connection.ts';
import { hiveIdentifier, hiveLiteral, hiveTable } from './hive-sql.ts';

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
];

const STORED_AS: Readonly<Record<ConversionFormat, string>> = { parquet: 'PARQUET', orc: 'ORC', avro: 'AVRO' };

/** Exports tables through HiveServer2 into external tables of the staging database. */
export class HiveServer2Exporter implements SourceExporter {
  readonly staging: SourceExporter['staging'];
  readonly #client: HiveServer2Client;

  constructor(options: HiveServer2Options, staging: SourceExporter['staging']) {
    this.staging = staging;
    this.#client = new HiveServer2Client(options);
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

  async #tryTo(statement: string, signal?: AbortSignal): Promise<void> {
    try {
      await this.#client.run(statement, signal);
    } catch (error) {
      signal?.throwIfAborted();
      const isOfTheSession = isLakeliftError(error) && error.code.startsWith('HIVESERVER2_');
      if (!isLakeliftError(error) || isOfTheSession) throw error;
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
