export interface ExchangeOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Carries whole Thrift messages, one exchange at a time. After any failure it is closed and of no further use.
 * The unframed one is the only kind so far; SASL would negotiate while opening and then put a length before each message.
 */
export interface MessageTransport {
  readonly isOpen: boolean;
  /** True once a reply has come: a server that speaks something else never gets that far. */
  readonly hasAnswered: boolean;
  /** The reply stands in the bytes given until the next exchange. */
  exchange(message: Buffer, options: ExchangeOptions): Promise<Buffer>;
  close(): void;
}

export interface MetastoreAddress {
  readonly host: string;
  readonly port: number;
}

/** Reads `thrift://host:9083`; the port may be left out. Throws RangeError on anything else. */
export function parseMetastoreAddress(text: string): MetastoreAddress {
  const match = /^thrift:\/\/(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]]+))(?::(\d{1,5}))?\/?$/.exec(text.trim());
  const port = Number(match?.[3] ?? 9083);
  if (match === null || port === 0 || port > 65_535) {
    throw new RangeError(`"${text}" is not of the form thrift://host:9083`);
  }
  return { host: (match[1] ?? match[2])!, port };
}

export function formatMetastoreAddress({ host, port }: MetastoreAddress): string {
  return `thrift://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
