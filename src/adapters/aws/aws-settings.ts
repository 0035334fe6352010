/** How to reach one service of AWS, or a server that speaks its protocol. */
export interface AwsSettings {
  readonly region: string;
  /** Only for servers other than AWS's own. */
  readonly endpoint?: string | undefined;
  /** Undefined: the SDK's own chain (environment, profile, container, instance). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** Connections at most; 50 unless said. */
  readonly maxConnections?: number | undefined;
}

/** The SDK's attempts at one call. Few, since a retry wrapper that lasts minutes stands above; not one, for sockets that went stale and clocks that are off. */
export const SDK_ATTEMPTS = 3;

export const CONNECT_TIMEOUT_MS = 10_000;

/** Time-outs and connections of a client. Without these the SDK waits for ever. */
export function requestHandlerSettings(
  { maxConnections = 50 }: AwsSettings,
  timeouts: { readonly answerMs: number; readonly idleMs: number },
): object {
  const agent = { keepAlive: true, maxSockets: maxConnections };
  return {
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: timeouts.answerMs,
    throwOnRequestTimeout: true,
    socketTimeout: timeouts.idleMs,
    // Many requests wait for a connection on purpose; the SDK would warn on stderr.
    socketAcquisitionWarningTimeout: 24 * 3600 * 1000,
    httpAgent: agent,
    httpsAgent: agent,
  };
}

/** Options of one call; `requestTimeout` replaces the client's own. */
export function callOptions(
  abortSignal: AbortSignal | undefined,
  requestTimeoutMs?: number,
): { abortSignal?: AbortSignal; requestTimeout?: number } {
  return {
    ...(abortSignal === undefined ? {} : { abortSignal }),
    ...(requestTimeoutMs === undefined ? {} : { requestTimeout: requestTimeoutMs }),
  };
}
