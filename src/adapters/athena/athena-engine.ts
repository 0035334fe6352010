import {
  AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
  type QueryExecution,
} from '@aws-sdk/client-athena';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryEngine } from '../../ports/query-engine.ts';
import { credentialsOf, renewOnRefusal } from '../aws/aws-credentials.ts';
import { callOptions, requestHandlerSettings, SDK_ATTEMPTS, type AwsSettings } from '../aws/aws-settings.ts';
import { failedExecution, translateAthenaError } from './athena-errors.ts';

export interface AthenaSettings extends AwsSettings {
  readonly workgroup: string;
  readonly catalog: string;
  /** Needed unless the workgroup has one. */
  readonly outputLocation?: string | undefined;
}

const FIRST_POLL_MS = 200;
const LAST_POLL_MS = 5000;
const TIMEOUTS = { answerMs: 60_000, idleMs: 60_000 };
const OVER: ReadonlySet<string | undefined> = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED']);

/** SQL over Amazon Athena, which bills by bytes scanned. An abort stops the query there. */
export class AthenaEngine implements QueryEngine {
  readonly name = 'athena';
  readonly #client: AthenaClient;
  readonly #settings: AthenaSettings;
  #scannedBytes = 0;

  constructor(settings: AthenaSettings) {
    const { region, endpoint } = settings;
    this.#settings = settings;
    this.#client = new AthenaClient({
      region,
      maxAttempts: SDK_ATTEMPTS,
      requestHandler: requestHandlerSettings(settings, TIMEOUTS),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...credentialsOf(settings),
    });
    renewOnRefusal(this.#client);
  }

  /** Scanned by all queries of this engine so far, those included that failed or were stopped: they are billed too. */
  get scannedBytes(): number {
    return this.#scannedBytes;
  }

  async query(sql: string, signal?: AbortSignal): Promise<(string | undefined)[][]> {
    try {
      const id = await this.#start(sql, signal);
      const execution = await this.#untilOver(id, signal);
      this.#scannedBytes += execution.Statistics?.DataScannedInBytes ?? 0;
      if (execution.Status?.State !== 'SUCCEEDED') throw failedExecution(execution, sql);
      return await this.#rows(id, execution, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw translateAthenaError(error, sql);
    }
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
    signal?.throwIfAborted();
    // Not abortable: a query whose id never arrived could not be stopped.
    const { QueryExecutionId: id = '' } = await this.#client.send(command);
    return id;
  }

  async #untilOver(id: string, signal: AbortSignal | undefined): Promise<QueryExecution> {
    try {
      for (let pauseMs = FIRST_POLL_MS; ; pauseMs = Math.min(LAST_POLL_MS, pauseMs * 1.5)) {
        const execution = await this.#execution(id, signal);
        if (OVER.has(execution.Status?.State)) return execution;
        await sleep(pauseMs, undefined, { signal });
      }
    } catch (error) {
      // Whoever no longer waits should not pay for the rest either.
      await this.#client.send(new StopQueryExecutionCommand({ QueryExecutionId: id })).catch(() => undefined);
      const stopped = await this.#execution(id, undefined).catch(() => undefined);
      this.#scannedBytes += stopped?.Statistics?.DataScannedInBytes ?? 0;
      throw error;
    }
  }

  async #execution(id: string, signal: AbortSignal | undefined): Promise<QueryExecution> {
    const command = new GetQueryExecutionCommand({ QueryExecutionId: id });
    return (await this.#client.send(command, callOptions(signal))).QueryExecution ?? {};
  }

  async #rows(
    id: string,
    { StatementType: kind }: QueryExecution,
    signal: AbortSignal | undefined,
  ): Promise<(string | undefined)[][]> {
    const rows: (string | undefined)[][] = [];
    const question = { QueryExecutionId: id };
    for await (const page of paginateGetQueryResults({ client: this.#client }, question, callOptions(signal))) {
      for (const { Data = [] } of page.ResultSet?.Rows ?? []) rows.push(Data.map(({ VarCharValue }) => VarCharValue));
    }
    // Queries begin with a row of column names; SHOW and DESCRIBE do not (Amazon Athena, GetQueryResults).
    return kind === 'DML' || kind === undefined ? rows.slice(1) : rows;
  }
}
