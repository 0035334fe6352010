import { isIP, type Socket } from 'node:net';
import type { HiveClient } from 'hive-driver';
import { messageOf } from '../../errors.ts';
import { CONNECTION_LOST, translateConnectFailure, unavailable } from './hiveserver2-error.ts';

export interface HiveServer2Options {
  readonly host: string;
  readonly port: number;
  /** `plain` is SASL PLAIN, which Hive's NONE and LDAP both take; `nosasl` only where the server says NOSASL. */
  readonly authentication?: 'plain' | 'nosasl' | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** undefined: no TLS. The certificate is always checked, against `ca` when given. */
  readonly tls?: { readonly ca?: string | undefined } | undefined;
  readonly connectTimeoutMs?: number | undefined;
  /** For one call to the server; statements take many. */
  readonly callTimeoutMs?: number | undefined;
}

type ClientConnection = Parameters<HiveClient['connect']>[2];
type Transport = Parameters<NonNullable<ClientConnection>['authenticate']>[0];
export type HiveSession = Awaited<ReturnType<HiveClient['openSession']>>;
export type HiveOperation = Awaited<ReturnType<HiveSession['executeStatement']>>;

/**
 * One session of HiveServer2 through hive-driver, which by itself waits for ever when the server goes away: here every call has its
 * deadline, and all that is pending fails when the connection does. The driver is loaded with the first: its hundred modules are a tenth of every command's start.
 */
export class HiveServer2Connection {
  readonly #lost: Promise<never>;
  readonly #callTimeoutMs: number;
  readonly #address: string;
  #lose: (error: Error) => void = () => undefined;
  #socket: Socket | undefined;
  #session: HiveSession | undefined;
  #isOpen = true;

  private constructor(options: HiveServer2Options) {
    this.#address = `${options.host}:${options.port}`;
    this.#callTimeoutMs = options.callTimeoutMs ?? 120_000;
    this.#lost = new Promise((_, reject) => {
      this.#lose = (error) => {
        this.#isOpen = false;
        this.#socket?.destroy();
        reject(error);
      };
    });
    this.#lost.catch(() => undefined);
  }

  static async open(options: HiveServer2Options): Promise<HiveServer2Connection> {
    // Loading it is none of the server's time.
    await import('hive-driver');
    const connection = new HiveServer2Connection(options);
    try {
      const opening = connection.#openSession(options);
      connection.#session = await connection.guard(opening, options.connectTimeoutMs ?? 30_000);
    } catch (error) {
      connection.close();
      throw translateConnectFailure(error, connection.#address);
    }
    return connection;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get session(): HiveSession {
    if (this.#session === undefined) throw unavailable(CONNECTION_LOST, `${this.#address} has no session`);
    return this.#session;
  }

  /** The result of a call, or the failure of the connection, or `unavailable` after the deadline; then the connection is given up. */
  async guard<T>(call: Promise<T>, timeoutMs = this.#callTimeoutMs): Promise<T> {
    const timer = setTimeout(() => {
      this.#lose(unavailable('HIVESERVER2_TIMEOUT', `${this.#address}: no answer in ${timeoutMs} ms`));
    }, timeoutMs);
    call.catch(() => undefined);
    try {
      return await Promise.race([call, this.#lost]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Leaves at once. */
  close(): void {
    this.#lose(unavailable(CONNECTION_LOST, `the session with ${this.#address} is closed`));
  }

  async #openSession(options: HiveServer2Options): Promise<HiveSession> {
    const { connections, HiveClient, thrift } = await import('hive-driver');
    const service = thrift.TCLIService as object;
    const client = new HiveClient(service, thrift.TCLIService_types as ConstructorParameters<typeof HiveClient>[1]);
    // An unheard 'error' event would end the process.
    client.on('error', (error: unknown) => this.#loseTo(messageOf(error), error));
    client.on('close', () => this.#loseTo('the server closed the connection'));
    const authentication = { authenticate: (transport: Transport) => this.#authenticate(transport, options) };
    const { host, port } = options;
    await client.connect({ host, port, options: tlsOptions(options) }, new connections.TcpConnection(), authentication);
    const types = thrift.TCLIService_types as { TProtocolVersion: Readonly<Record<string, number>> };
    // V8 exists since Hive 1.2; older servers answer with what they have. Later versions bring nothing that is used here.
    const protocol = types.TProtocolVersion['HIVE_CLI_SERVICE_PROTOCOL_V8'] ?? 7;
    return client.openSession({
      client_protocol: protocol,
      ...(options.user === undefined ? {} : { username: options.user }),
    });
  }

  /** hive-driver's own authentication, on a socket that is watched from the start. */
  async #authenticate(
    transport: Transport,
    { authentication, user, password }: HiveServer2Options,
  ): Promise<Transport> {
    const { auth } = await import('hive-driver');
    const credentials = { username: user ?? 'anonymous', password: password ?? 'anonymous' };
    const plain = new auth.PlainTcpAuthentication(credentials);
    const way = authentication === 'nosasl' ? new auth.NoSaslAuthentication() : plain;
    const done = way.authenticate(transport);
    const socket = transport.getTransport() as Socket;
    this.#socket = socket;
    socket.on('error', (error) => this.#loseTo(error.message, error));
    socket.on('close', () => this.#loseTo('the server closed the connection'));
    if (!this.#isOpen) socket.destroy();
    return done;
  }

  #loseTo(message: string, cause?: unknown): void {
    this.#lose(unavailable(CONNECTION_LOST, `${this.#address}: ${message}`, cause));
  }
}

/** hive-driver's own choices are an old protocol method and no check of the certificate. */
function tlsOptions({ host, tls }: HiveServer2Options): Record<string, unknown> {
  if (tls === undefined) return {};
  const checked = { secureProtocol: undefined, minVersion: 'TLSv1.2', rejectUnauthorized: true };
  // A certificate is asked for by name; IP addresses are not names (RFC 6066).
  const named = isIP(host) === 0 ? { servername: host } : {};
  return { ssl: true, ...named, ...checked, ...(tls.ca === undefined ? {} : { ca: tls.ca }) };
}
