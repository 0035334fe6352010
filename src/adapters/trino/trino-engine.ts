import { setTimeout as sleep } from 'node:timers/promises';
import { LakeliftError, messageOf } from '../../errors.ts';
import type { QueryEngine } from '../../ports/query-engine.ts';

export interface TrinoSettings {
  readonly url: string;
  readonly user: string;
  readonly catalog: string;
  /** For one exchange with the server; a statement takes many. */
  readonly exchangeTimeoutMs?: number | undefined;
}

interface TrinoAnswer {
  readonly nextUri?: string;
  readonly data?: readonly (readonly unknown[])[];
  readonly error?: { readonly message: string; readonly errorName: string; readonly errorType: string };
}

const PAUSE_WHEN_BUSY_MS = 100;

/** SQL over Trino's REST protocol (https://trino.io/docs/current/develop/client-protocol.html). */
export class TrinoEngine implements QueryEngine {
  readonly name = 'trino';
  readonly #settings: TrinoSettings;

  constructor(settings: TrinoSettings) {
    this.#settings = settings;
  }

  async query(sql: string, signal?: AbortSignal): Promise<(string | undefined)[][]> {
    const rows: (string | undefined)[][] = [];
    let answer = await this.#exchange(
      new URL('/v1/statement', this.#settings.url),
      { method: 'POST', body: sql },
      signal,
    );
    for (;;) {
      if (answer.error !== undefined) throw refusal(answer.error, sql);
      for (const row of answer.data ?? []) rows.push(row.map(asText));
      if (answer.nextUri === undefined) return rows;
      const next = new URL(answer.nextUri);
      if (signal?.aborted === true) await this.#cancel(next);
      signal?.throwIfAborted();
      answer = await this.#exchange(next, { method: 'GET' }, signal);
    }
  }

  quoteTable(database: string, table: string): string {
    return `${this.quoteColumn(database)}.${this.quoteColumn(table)}`;
  }

  quoteColumn(column: string): string {
    return `"${column.replaceAll('"', '""')}"`;
  }

  /** Nothing is held between statements. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  async #exchange(
    url: URL,
    request: { readonly method: string; readonly body?: string },
    signal: AbortSignal | undefined,
  ): Promise<TrinoAnswer> {
    const timeout = AbortSignal.timeout(this.#settings.exchangeTimeoutMs ?? 120_000);
    const { user, catalog } = this.#settings;
    const headers = {
      'X-Trino-User': user,
      'X-Trino-Catalog': catalog,
      'X-Trino-Source': 'lakelift',
      'X-Trino-Time-Zone': 'UTC',
    };
    try {
      const answer = await fetch(url, {
        ...request,
        headers,
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      const text = await answer.text();
      if (answer.ok) return JSON.parse(text, keepNumbers as (key: string, value: unknown) => unknown) as TrinoAnswer;
      if (answer.status !== 502 && answer.status !== 503 && answer.status !== 504)
        throw httpRefusal(answer.status, url.host, text);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof LakeliftError) throw error;
      throw new LakeliftError(`Trino at ${url.host} does not answer: ${messageOf(error)}`, {
        kind: 'unavailable',
        code: 'TRINO_UNAVAILABLE',
        subject: url.host,
        hint: 'Check target.engine.url.',
        cause: error,
      });
    }
    // The protocol asks to repeat after a short pause when the coordinator is busy.
    await sleep(PAUSE_WHEN_BUSY_MS, undefined, { signal });
    return this.#exchange(url, request, signal);
  }

  async #cancel(nextUri: URL): Promise<void> {
    await fetch(nextUri, {
      method: 'DELETE',
      headers: { 'X-Trino-User': this.#settings.user },
      signal: AbortSignal.timeout(5000),
    }).catch(() => undefined);
  }
}

/** Numbers stay as they are written: a bigint or a double is never rounded on its way. */
function keepNumbers(_key: string, value: unknown, context: { source?: string }): unknown {
  return typeof value === 'number' ? (context.source ?? String(value)) : value;
}

function asText(value: unknown): string | undefined {
  if (value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function refusal(error: NonNullable<TrinoAnswer['error']>, sql: string): LakeliftError {
  const { message, errorName, errorType } = error;
  const subject = sql.slice(0, 200);
  if (errorName === 'PERMISSION_DENIED')
    return new LakeliftError(message, {
      kind: 'denied',
      code: 'TRINO_DENIED',
      subject,
      hint: 'Grant SELECT to the user of target.engine.',
    });
  if (errorType === 'USER_ERROR')
    return new LakeliftError(message, {
      kind: 'usage',
      code: `TRINO_${errorName}`,
      subject,
      hint: 'The engine refuses the statement; its message says why.',
    });
  return new LakeliftError(message, {
    kind: 'unavailable',
    code: `TRINO_${errorName}`,
    subject,
    hint: 'Look at the engine’s own log, then run again.',
  });
}

function httpRefusal(status: number, host: string, text: string): LakeliftError {
  const kind = status === 401 || status === 403 ? 'denied' : 'usage';
  return new LakeliftError(`Trino at ${host} answers HTTP ${status}: ${text.slice(0, 200)}`, {
    kind,
    code: 'TRINO_REFUSED',
    subject: host,
    hint: 'Check target.engine in lakelift.yaml.',
  });
}
