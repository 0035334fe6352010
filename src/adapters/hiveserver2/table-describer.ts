import type { TableName } from '../../domain/names.ts';
import type { Partition, Table } from '../../domain/table.ts';
import { isLakeliftError } from '../../errors.ts';
import type { Database } from '../../ports/source-catalog.ts';
import { databaseOfJson, partitionOfJson, tableOfJson } from './describe-json.ts';
import { partitionOfFormatted, tableOfFormatted } from './describe-formatted.ts';
import { HiveServer2Client, type Rows } from './hiveserver2-client.ts';
import type { HiveServer2CatalogOptions } from './hiveserver2-catalog.ts';
import { hiveIdentifier, hiveTable } from './hive-sql.ts';

/** Asks for JSON instead of text for people, which the server may refuse. */
const JSON_OUTPUT = 'SET hive.ddl.output.format=json';

export interface PartitionQuestion {
  readonly table: Table;
  readonly values: readonly string[];
  readonly clause: string;
  /** Which of the sessions to use. */
  readonly session: number;
}

/** What Hive puts on a partitioned table only while describing it: the sums over its partitions (DDLTask.describeTable). */
const SUMMED = new Set([
  'COLUMN_STATS_ACCURATE',
  'numFiles',
  'numRows',
  'numPartitions',
  'rawDataSize',
  'totalSize',
  'numFilesErasureCoded',
]);

/** DESCRIBE in JSON, or once that is refused in text. */
export class TableDescriber {
  readonly #text: HiveServer2Client;
  readonly #json: readonly HiveServer2Client[];
  #hasJson: boolean;

  constructor(text: HiveServer2Client, options: HiveServer2CatalogOptions) {
    this.#text = text;
    this.#hasJson = options.describe !== 'formatted';
    this.#json = Array.from({ length: options.sessions ?? 4 }, () => new HiveServer2Client(options, [JSON_OUTPUT]));
  }

  get sessions(): number {
    return this.#json.length;
  }

  async database(name: string, signal?: AbortSignal): Promise<Database> {
    const sql = `DESCRIBE DATABASE EXTENDED ${hiveIdentifier(name)}`;
    const json = await this.#describeInJson(sql, 0, signal);
    return json === undefined ? databaseOfRow(await this.#text.run(sql, signal)) : databaseOfJson(json);
  }

  async table(name: TableName, signal?: AbortSignal): Promise<Table> {
    const json = await this.#describeInJson(`DESCRIBE EXTENDED ${hiveTable(name)}`, 0, signal);
    const table =
      json === undefined
        ? tableOfFormatted(name, await this.#text.run(`DESCRIBE FORMATTED ${hiveTable(name)}`, signal))
        : tableOfJson(json);
    return table.partitionKeys.length === 0 ? table : this.#withoutSums(table, signal);
  }

  async partition({ table, values, clause, session }: PartitionQuestion, signal?: AbortSignal): Promise<Partition> {
    const of = `${hiveTable(table.name)} ${clause}`;
    const json = await this.#describeInJson(`DESCRIBE EXTENDED ${of}`, session, signal);
    if (json !== undefined) return partitionOfJson(json, table);
    return partitionOfFormatted(values, await this.#text.run(`DESCRIBE FORMATTED ${of}`, signal));
  }

  async close(): Promise<void> {
    await Promise.all(this.#json.map((client) => client.close()));
  }

  /** undefined where the server refuses the setting. */
  async #describeInJson(sql: string, session: number, signal?: AbortSignal): Promise<string | undefined> {
    if (!this.#hasJson) return undefined;
    try {
      const rows = await this.#json[session]!.run(sql, signal);
      return rows[0]?.[0] ?? '';
    } catch (error) {
      if (!isLakeliftError(error) || error.subject !== JSON_OUTPUT || error.kind === 'unavailable') throw error;
      this.#hasJson = false;
      return undefined;
    }
  }

  async #withoutSums(table: Table, signal?: AbortSignal): Promise<Table> {
    const rows = await this.#text.run(`SHOW TBLPROPERTIES ${hiveTable(table.name)}`, signal);
    const own = new Map(rows.map(([key, value]) => [key, value]));
    const parameters = Object.entries(table.parameters).flatMap(([key, value]): [string, string][] => {
      if (!SUMMED.has(key)) return [[key, value]];
      const kept = own.get(key);
      return kept === undefined ? [] : [[key, kept]];
    });
    return { ...table, parameters: Object.fromEntries(parameters) };
  }
}

/** Java prints the properties as `{a=b, c=d}`, which cannot be told apart when they hold commas or equals signs. */
function databaseOfRow(rows: Rows): Database {
  const [name = '', comment = '', location, , , properties = ''] = rows[0] ?? [];
  const pairs = properties
    .replace(/^\{|\}$/g, '')
    .split(', ')
    .filter((pair) => pair.includes('='));
  const parameters = Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
  return { name, comment: comment === '' ? undefined : comment, location, parameters };
}
