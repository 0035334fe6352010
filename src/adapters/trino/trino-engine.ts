import { setTimeout as sleep } from 'node:timers/promises';
import { LakeliftError } from '../../errors.ts';
import type { QueryEngine } from '../../ports/query-engine.ts';
import { refusedExchange, refusedStatement, unreachable, type TrinoFailure } from './trino-errors.ts';
import { parseAnswer, textOf } from './trino-value.ts';

export interface TrinoSettings {
  readonly url: string;
  readonly user: string;
  /** Sent as HTTP Basic; Trino takes it over https only. */
  readonly password?: string | undefined;
  readonly catalog: string;
  readonly schema?: string | undefined;
  /** For one exchange with the server; a statement takes many. */
  readonly exchangeTimeoutMs?: number | undefined;
  /** How long a coordinator may say that it is busy. */
  readonly busyTimeoutMs?: number | undefined;
}

interface TrinoAnswer {
  readonly nextUri?: string;
  readonly data?: readonly (readonly unknown[])[];
  readonly error?: TrinoFailure;
}

type Exchange = { readonly method: 'POST'; readonly body: string } | { readonly method: 'GET' };

/** Answers after which the protocol asks to repeat the same exchange. */
const BUSY: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const BUSY_PAUSE_MS = 100;

/** SQL over Trino's REST protocol (https://trino.io/docs/current/develop/client-protocol.html). Timestamps come in UTC with all their digits. */
export class TrinoEngine implements QueryEngine {
  readonly name = 'trino';
  readonly #settings: TrinoSettings;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(settings: TrinoSettings) {
    this.#settings = settings;
    this.#headers = headersOf(settings);
  }

  async query(sql: string, signal?: AbortSignal): Promise<(string | undefined)[][]> {
    signal?.throwIfAborted();
    const rows: (string | undefined)[][] = [];
    let next: URL | undefined;
    try {
      let answer = await this.#exchange(
        new URL('/v1/statement', this.#settings.url),
        { method: 'POST', body: sql },
        signal,
      );
      for (;;) {
        if (answer.error !== undefined) throw refusedStatement(answer.error, sql);
        for (const row of answer.data ?? []) rows.push(row.map(textOf));
        if (answer.nextUri === undefined) return rows;
        next = new URL(answer.nextUri);
        answer = await this.#exchange(next, { method: 'GET' }, signal);
      }
    } catch (error) {
      // Without this an abandoned statement goes on for minutes at the server.
      if (next !== undefined && !isOver(error)) await this.#cancel(next);
      signal?.throwIfAborted();
      throw error;
    }
  }

  /** Nothing is held between statements. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  /** One exchange, repeated while the coordinator is busy. */
  async #exchange(url: URL, exchange: Exchange, signal: AbortSignal | undefined): Promise<TrinoAnswer> {
    const giveUpAt = Date.now() + (this.#settings.busyTimeoutMs ?? 120_000);
    for (;;) {
      const { status, text } = await this.#send(url, exchange, signal);
      if (status === 200) return parseAnswer(text) as TrinoAnswer;
      if (!BUSY.has(status) || Date.now() > giveUpAt) throw refusedExchange(status, url.host, text);
      await sleep(BUSY_PAUSE_MS, undefined, { signal });
    }
  }

  async #send(url: URL, exchange: Exchange, signal?: AbortSignal): Promise<{ status: number; text: string }> {
    const timeout = AbortSignal.timeout(this.#settings.exchangeTimeoutMs ?? 120_000);
    try {
      const answer = await fetch(url, {
        ...exchange,
        headers: this.#headers,
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      return { status: answer.status, text: await answer.text() };
    } catch (error) {
      throw unreachable(url.host, error);
    }
  }

  async #cancel(nextUri: URL): Promise<void> {
    const signal = AbortSignal.timeout(5000);
    await fetch(nextUri, { method: 'DELETE', headers: this.#headers, signal }).catch(() => undefined);
  }
}

/** The server itself ended the statement. */
function isOver(error: unknown): boolean {
  return error instanceof LakeliftError && error.code.startsWith('TRINO_') && !CONNECTION.has(error.code);
}
const CONNECTION: ReadonlySet<string> = new Set(['TRINO_UNAVAILABLE', 'TRINO_REFUSED', 'TRINO_ANSWER']);

function headersOf({ user, password, catalog, schema }: TrinoSettings): Record<string, string> {
  const basic = `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}`;
  return {
    'X-Trino-User': user,
    'X-Trino-Catalog': catalog,
    'X-Trino-Source': 'lakelift',
    'X-Trino-Time-Zone': 'UTC',
    // Otherwise timestamps are rounded to milliseconds.
    'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
    ...(schema === undefined ? {} : { 'X-Trino-Schema': schema }),
    ...(password === undefined ? {} : { Authorization: basic }),
  };
}
