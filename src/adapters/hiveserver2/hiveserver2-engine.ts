import { isLakeliftError, LakeliftError } from '../../errors.ts';
import type { QueryEngine } from '../../ports/query-engine.ts';
import { HiveServer2Client } from './hiveserver2-client.ts';
import type { HiveServer2Options } from './hiveserver2-connection.ts';

/**
 * SQL over the source. Numbers that a double holds come as JavaScript prints them and binary as UTF-8: cast where that matters.
 * BIGINT, DECIMAL, dates and text are exact; arrays, maps and structs come as Hive's JSON.
 */
export class HiveServer2Engine implements QueryEngine {
  readonly name = 'hive';
  readonly #client: HiveServer2Client;

  constructor(options: HiveServer2Options) {
    this.#client = new HiveServer2Client(options);
  }

  async query(sql: string, signal?: AbortSignal): Promise<(string | undefined)[][]> {
    try {
      return await this.#client.run(sql, signal);
    } catch (error) {
      // A name that is not there is a fault of the statement.
      if (!isLakeliftError(error, 'not-found')) throw error;
      const { message, code, subject, hint } = error;
      throw new LakeliftError(message, { kind: 'usage', code, subject, hint, cause: error });
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
