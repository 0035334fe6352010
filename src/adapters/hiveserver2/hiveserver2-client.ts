import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { isLakeliftError } from '../../errors.ts';
import { HiveServer2Connection, type HiveOperation, type HiveServer2Options } from './hiveserver2-connection.ts';
import { CONNECTION_LOST, isStatusError, refusedStatement } from './hiveserver2-error.ts';
import { rowsOf, type RawRowSet } from './row-set.ts';

/** Rows per fetch: many more make the Thrift runtime slow without SASL, many fewer cost a round trip each. */
const FETCH_ROWS = 2000;
const SHORTEST_POLL_MS = 20;
const LONGEST_POLL_MS = 1000;

export type Rows = (string | undefined)[][];

/** Statements over one session, one after the other; opened at the first statement and again after it was lost. */
export class HiveServer2Client {
  readonly #options: HiveServer2Options;
  readonly #settings: readonly string[];
  readonly #oneAtATime = pLimit(1);
  #connection: HiveServer2Connection | undefined;

  /** `settings` (`SET ...` statements) are made in every session that is opened. */
  constructor(options: HiveServer2Options, settings: readonly string[] = []) {
    this.#options = options;
    this.#settings = settings;
  }

  /**
   * The rows of one statement. An abort cancels it at the server. Throws `usage`, `denied` and `not-found` as the server refuses,
   * `unavailable` when it is gone, or the signal's reason. One that is not repeatable is sent once, whatever becomes of the session.
   */
  run(sql: string, signal?: AbortSignal, { isRepeatable = true } = {}): Promise<Rows> {
    return this.#oneAtATime(async () => {
      signal?.throwIfAborted();
      const isNew = this.#connection?.isOpen !== true;
      try {
        return await this.#runOn(await this.#open(signal), sql, signal);
      } catch (error) {
        if (isNew || !isRepeatable || !isSessionLost(error)) throw error;
        // Sessions end while idle; a statement that was already under way may be a long one, yet doing it twice does no harm.
        return await this.#runOn(await this.#open(signal), sql, signal);
      }
    });
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection === undefined) return;
    if (connection.isOpen) await connection.guard(connection.session.close(), 5000).catch(() => undefined);
    connection.close();
  }

  async #open(signal?: AbortSignal): Promise<HiveServer2Connection> {
    if (this.#connection?.isOpen === true) return this.#connection;
    const connection = await HiveServer2Connection.open(this.#options);
    try {
      for (const setting of this.#settings) await this.#runOn(connection, setting, signal);
    } catch (error) {
      connection.close();
      throw error;
    }
    this.#connection = connection;
    return connection;
  }

  async #runOn(connection: HiveServer2Connection, sql: string, signal?: AbortSignal): Promise<Rows> {
    try {
      const operation = await connection.guard(connection.session.executeStatement(sql, { runAsync: true }));
      try {
        await this.#untilFinished(connection, operation, { sql, signal });
        return await this.#fetchAll(connection, operation, signal);
      } catch (error) {
        if (signal?.aborted === true && connection.isOpen) {
          await connection.guard(operation.cancel(), 5000).catch(() => undefined);
          // Its transaction may be given up later than that, under the statement that comes next.
          await this.close();
        }
        throw error;
      } finally {
        if (connection.isOpen) await connection.guard(operation.close(), 10_000).catch(() => undefined);
      }
    } catch (error) {
      if (!isStatusError(error)) throw error;
      if (/Invalid (Session|Operation)Handle/i.test(error.message)) connection.close();
      throw refusedStatement(sql, { message: error.message, cause: error });
    }
  }

  async #untilFinished(
    connection: HiveServer2Connection,
    operation: HiveOperation,
    { sql, signal }: { readonly sql: string; readonly signal: AbortSignal | undefined },
  ): Promise<void> {
    const { thrift } = await import('hive-driver');
    const states = (thrift.TCLIService_types as { TOperationState: Readonly<Record<string, number>> }).TOperationState;
    for (const startedAtMs = performance.now(); ;) {
      const status = await connection.guard(operation.status(false));
      signal?.throwIfAborted();
      const state = status.operationState;
      if (state === states['FINISHED_STATE']) return;
      const isOver = ['ERROR_STATE', 'CANCELED_STATE', 'CLOSED_STATE', 'TIMEDOUT_STATE'].some(
        (name) => state === states[name],
      );
      if (isOver) {
        throw refusedStatement(sql, {
          message: status.errorMessage ?? 'the statement was ended',
          sqlState: status.sqlState,
        });
      }
      // A tenth of what it took so far is what is lost at most.
      const pauseMs = Math.min(LONGEST_POLL_MS, Math.max(SHORTEST_POLL_MS, (performance.now() - startedAtMs) / 10));
      await sleep(pauseMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  }

  async #fetchAll(connection: HiveServer2Connection, operation: HiveOperation, signal?: AbortSignal): Promise<Rows> {
    const rows: Rows = [];
    operation.setMaxRows(FETCH_ROWS);
    do {
      signal?.throwIfAborted();
      await connection.guard(operation.fetch());
      for (const rowSet of operation.getData() as readonly RawRowSet[]) {
        for (const row of rowsOf(rowSet)) rows.push(row);
      }
      operation.flush();
    } while (operation.hasMoreRows());
    return rows;
  }
}

function isSessionLost(error: unknown): boolean {
  return isLakeliftError(error) && (error.code === CONNECTION_LOST || /Invalid SessionHandle/i.test(error.message));
}
