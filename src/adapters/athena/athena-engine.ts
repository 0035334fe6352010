import {
  AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
  type QueryExecution,
} from '@aws-sdk/client-athena';
import { setTimeout as sleep } from 'node:timers/promises';
import { LakeliftError, messageOf } from '../../errors.ts';
import type { QueryEngine } from '../../ports/query-engine.ts';
import { requestHandlerSettings, SDK_ATTEMPTS, type AwsSettings } from '../aws/aws-settings.ts';

export interface AthenaSettings extends AwsSettings {
  readonly workgroup: string;
  readonly catalog: string;
  /** Needed unless the workgroup has one. */
  readonly outputLocation?: string | undefined;
}

const FIRST_POLL_MS = 200;
const LAST_POLL_MS = 5000;
const TIMEOUTS = { answerMs: 60_000, idleMs: 60_000 };

/** SQL over Amazon Athena. Athena bills by bytes scanned: `scannedBytes` adds them up. */
export class AthenaEngine implements QueryEngine {
  readonly name = 'athena';
  readonly #client: AthenaClient;
  readonly #settings: AthenaSettings;
  scannedBytes = 0;

  constructor(settings: AthenaSettings) {
    const { region, endpoint, credentials } = settings;
    this.#settings = settings;
    this.#client = new AthenaClient({
      region,
      maxAttempts: SDK_ATTEMPTS,
      requestHandler: requestHandlerSettings(settings, TIMEOUTS),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
    });
  }

  async query(sql: string, signal?: AbortSignal): Promise<(string | undefined)[][]> {
    try {
      const id = await this.#start(sql, signal);
      await this.#wait(id, sql, signal);
      return await this.#rows(id, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw translate(error, sql);
    }
  }

  quoteTable(database: string, table: string): string {
    return `${this.quoteColumn(database)}.${this.quoteColumn(table)}`;
  }

  quoteColumn(column: string): string {
    return `"${column.replaceAll('"', '""')}"`;
  }

  close(): Promise<void> {
    this.#client.destroy();
    return Promise.resolve();
  }

  async #start(sql: string, signal: AbortSignal | undefined): Promise<string> {
    const { workgroup, catalog, outputLocation } = this.#settings;
    const command = new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: workgroup,
      QueryExecutionContext: { Catalog: catalog },
      ...(outputLocation === undefined ? {} : { ResultConfiguration: { OutputLocation: outputLocation } }),
    });
    return (await this.#client.send(command, abortable(signal))).QueryExecutionId!;
  }

  async #wait(id: string, sql: string, signal: AbortSignal | undefined): Promise<void> {
    for (let pauseMs = FIRST_POLL_MS; ; pauseMs = Math.min(LAST_POLL_MS, pauseMs * 1.5)) {
      const { QueryExecution: execution } = await this.#client.send(
        new GetQueryExecutionCommand({ QueryExecutionId: id }),
        abortable(signal),
      );
      const state = execution?.Status?.State;
      if (state === 'SUCCEEDED') return void (this.scannedBytes += execution?.Statistics?.DataScannedInBytes ?? 0);
      if (state === 'FAILED' || state === 'CANCELLED') throw failure(execution, sql);
      try {
        await sleep(pauseMs, undefined, { signal });
      } catch (error) {
        await this.#client.send(new StopQueryExecutionCommand({ QueryExecutionId: id })).catch(() => undefined);
        throw error;
      }
    }
  }

  async #rows(id: string, signal: AbortSignal | undefined): Promise<(string | undefined)[][]> {
    const rows: (string | undefined)[][] = [];
    for await (const page of paginateGetQueryResults(
      { client: this.#client },
      { QueryExecutionId: id },
      abortable(signal),
    )) {
      for (const { Data = [] } of page.ResultSet?.Rows ?? []) rows.push(Data.map(({ VarCharValue }) => VarCharValue));
    }
    // The first row of a SELECT holds the column names (Amazon Athena, GetQueryResults).
    return rows.slice(1);
  }
}

function abortable(abortSignal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return abortSignal === undefined ? {} : { abortSignal };
}

function failure(execution: QueryExecution | undefined, sql: string): LakeliftError {
  const { ErrorMessage, ErrorCategory, Retryable } = execution?.Status?.AthenaError ?? {};
  const message = ErrorMessage ?? execution?.Status?.StateChangeReason ?? 'the query failed without a reason';
  const isUsage = ErrorCategory === 2 && Retryable !== true;
  return new LakeliftError(`Athena: ${message}`, {
    kind: isUsage ? 'usage' : 'unavailable',
    code: 'ATHENA_FAILED',
    subject: sql.slice(0, 200),
    hint: 'The message is Athena’s own.',
  });
}

function translate(error: unknown, sql: string): unknown {
  if (error instanceof LakeliftError) return error;
  const name = error instanceof Error ? error.name : '';
  const kind = /AccessDenied|Credential|Token|Signature/.test(name)
    ? 'denied'
    : /Throttl|TooManyRequests/.test(name)
      ? 'throttled'
      : name === 'InvalidRequestException'
        ? 'usage'
        : 'unavailable';
  const hint =
    kind === 'denied'
      ? 'Grant athena:StartQueryExecution, GetQueryExecution and GetQueryResults on the workgroup.'
      : 'Check target.engine in lakelift.yaml.';
  return new LakeliftError(`Athena: ${messageOf(error)}`, {
    kind,
    code: 'ATHENA_REFUSED',
    subject: sql.slice(0, 200),
    hint,
    cause: error,
  });
}
