import {
  formatMetastoreAddress,
  type ExchangeOptions,
  type MessageTransport,
  type MetastoreAddress,
} from './message-transport.ts';
import { isRefusal, MetastoreRefusal, saslWanted } from './metastore-error.ts';
import { METHODS, replyOf, type MetastoreMethod } from './metastore-methods.ts';
import { isLakeliftError } from '../../errors.ts';
import { RawTransport } from './raw-transport.ts';
import { APPLICATION_FAILURE, applicationException, MESSAGE, readHeader, writeMessage } from './thrift/message.ts';
import { corruptMessage } from './thrift/wire.ts';

export interface ConnectionOptions {
  readonly user: string;
  readonly connectTimeoutMs: number;
  readonly callTimeoutMs: number;
}

/** One metastore session: a transport, and what was learnt of the server behind it. */
export class MetastoreConnection {
  readonly #transport: MessageTransport;
  readonly #callTimeoutMs: number;
  readonly #unknownMethods = new Set<string>();
  #sequence = 0;

  private constructor(transport: MessageTransport, callTimeoutMs: number) {
    this.#transport = transport;
    this.#callTimeoutMs = callTimeoutMs;
  }

  /** Connects and says who is asking, which is all the authentication that an unsecured metastore has. */
  static async open(
    address: MetastoreAddress,
    options: ConnectionOptions,
    signal?: AbortSignal,
  ): Promise<MetastoreConnection> {
    const limits: ExchangeOptions = { timeoutMs: options.connectTimeoutMs, signal };
    const transport = await RawTransport.open(address, limits);
    const connection = new MetastoreConnection(transport, options.callTimeoutMs);
    try {
      await connection.call(METHODS.setUgi, { user_name: options.user, group_names: [] }, signal);
    } catch (error) {
      if (error instanceof MetastoreRefusal) return connection;
      transport.close();
      if (isLakeliftError(error) && error.code === 'METASTORE_CLOSED' && !transport.hasAnswered) {
        throw saslWanted(formatMetastoreAddress(address), 'the server closes the connection instead of answering');
      }
      throw error;
    }
    return connection;
  }

  get isOpen(): boolean {
    return this.#transport.isOpen;
  }

  /** Throws {@link MetastoreRefusal} for the server's own exceptions, else `unavailable`, `corrupt` or the signal's reason. */
  async call<A, R>(method: MetastoreMethod<A, R>, args: A, signal?: AbortSignal): Promise<R> {
    this.#sequence += 1;
    const call = { type: MESSAGE.call, method: method.name, sequence: this.#sequence };
    const limits: ExchangeOptions = { timeoutMs: this.#callTimeoutMs, signal };
    const bytes = await this.#transport.exchange(writeMessage(call, method.args, args), limits);
    try {
      return this.#read(method, bytes);
    } catch (error) {
      if (!(error instanceof MetastoreRefusal)) this.close();
      throw error;
    }
  }

  /** Tries the methods in order until the server knows one; it is not asked twice for one that it does not know. */
  async callKnown<R>(attempts: readonly [name: string, call: () => Promise<R>][]): Promise<R> {
    for (const [name, call] of attempts) {
      if (this.#unknownMethods.has(name)) continue;
      try {
        return await call();
      } catch (error) {
        if (!isRefusal(error, 'UnknownMethod')) throw error;
        this.#unknownMethods.add(name);
      }
    }
    const names = attempts.map(([name]) => name).join(', ');
    throw new MetastoreRefusal(names, 'UnknownMethod', `the metastore knows none of: ${names}`);
  }

  close(): void {
    this.#transport.close();
  }

  #read<A, R>(method: MetastoreMethod<A, R>, bytes: Buffer): R {
    const { type, sequence, reader } = readHeader(bytes);
    if (sequence !== this.#sequence) throw corruptMessage(`an answer to call ${sequence} instead of ${this.#sequence}`);
    if (type === MESSAGE.exception) {
      const { message = 'no message', type: code } = applicationException.read(reader);
      const isUnknown = code === APPLICATION_FAILURE.unknownMethod;
      throw new MetastoreRefusal(method.name, isUnknown ? 'UnknownMethod' : 'ApplicationError', message);
    }
    if (type !== MESSAGE.reply) throw corruptMessage(`a message of type ${type} instead of a reply`);
    const reply = replyOf(method.result).read(reader);
    if (reply.success !== undefined) return reply.success;
    const failures = [reply.failure1, reply.failure2, reply.failure3];
    const index = failures.findIndex((one) => one !== undefined);
    if (index < 0) throw corruptMessage(`an empty answer to ${method.name}`);
    throw new MetastoreRefusal(
      method.name,
      method.failures[index + 1] ?? 'MetaException',
      failures[index]?.message ?? 'no message',
    );
  }
}
