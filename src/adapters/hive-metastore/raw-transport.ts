import { connect, type Socket } from 'node:net';
import { messageOf } from '../../errors.ts';
import type { ExchangeOptions, MessageTransport, MetastoreAddress } from './message-transport.ts';
import { formatMetastoreAddress } from './message-transport.ts';
import { saslWanted, unavailable } from './metastore-error.ts';
import { MessageScanner } from './thrift/message-scanner.ts';
import { corruptMessage } from './thrift/wire.ts';

/** Longest reply taken. A million partition names are about 100 MB. */
const MAX_MESSAGE_BYTES = 1024 * 1024 * 1024;
/** Room for a reply is used again for the next: fresh pages for each batch of partitions cost as much as reading it. Larger ones are rare. */
const KEPT_BYTES = 4 * 1024 * 1024;
/** Statuses of a SASL negotiation (BAD, ERROR), the first byte of what a SASL server answers to a plain call. */
const SASL_REFUSALS: ReadonlySet<number> = new Set([3, 4]);

interface Exchange {
  readonly scanner: MessageScanner;
  settle(outcome: Buffer | Error): void;
}

/** Thrift's TSocket: messages follow one another without any frame. */
export class RawTransport implements MessageTransport {
  readonly #socket: Socket;
  readonly #address: string;
  #arrived: Buffer = Buffer.alloc(0);
  #size = 0;
  #exchange: Exchange | undefined;
  #isOpen = true;
  #hasAnswered = false;

  private constructor(socket: Socket, address: string) {
    this.#socket = socket;
    this.#address = address;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) =>
      this.#fail(unavailable('METASTORE_CLOSED', `${address}: ${messageOf(error)}`, error)),
    );
    socket.on('close', () => this.#fail(this.#closed()));
  }

  /** Connects, or throws `unavailable` (also when `timeoutMs` pass), or the signal's reason. */
  static async open(address: MetastoreAddress, { timeoutMs, signal }: ExchangeOptions): Promise<RawTransport> {
    signal?.throwIfAborted();
    const name = formatMetastoreAddress(address);
    const socket = connect({ ...address, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 });
    try {
      await opened(socket, { timeoutMs, signal });
    } catch (error) {
      socket.destroy();
      signal?.throwIfAborted();
      throw unavailable('METASTORE_CONNECT', `${name}: ${messageOf(error)}`, error);
    }
    return new RawTransport(socket, name);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  exchange(message: Buffer, { timeoutMs, signal }: ExchangeOptions): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      if (!this.#isOpen || this.#exchange !== undefined) return reject(this.#closed());
      const giveUp = (): void =>
        this.#fail(unavailable('METASTORE_TIMEOUT', `${this.#address}: no answer in ${timeoutMs} ms`));
      const abort = (): void => this.#fail(signal?.reason as Error);
      const timer = setTimeout(giveUp, timeoutMs);
      signal?.addEventListener('abort', abort, { once: true });
      const settle = (outcome: Buffer | Error): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        this.#exchange = undefined;
        if (Buffer.isBuffer(outcome)) resolve(outcome);
        else reject(outcome);
      };
      this.#exchange = { scanner: new MessageScanner(MAX_MESSAGE_BYTES), settle };
      this.#socket.write(message);
    });
  }

  close(): void {
    this.#fail(this.#closed());
  }

  #receive(chunk: Buffer): void {
    this.#append(chunk);
    const exchange = this.#exchange;
    if (exchange === undefined) return this.#fail(corruptMessage('an answer without a call'));
    if (!this.#hasAnswered && SASL_REFUSALS.has(this.#arrived[0]!)) {
      return this.#fail(saslWanted(this.#address, 'the server answers with a SASL refusal'));
    }
    try {
      const end = exchange.scanner.scan(this.#arrived.subarray(0, this.#size));
      if (end === undefined) return;
      if (end < this.#size) throw corruptMessage('more bytes than the message has');
      const message = this.#arrived.subarray(0, end);
      if (this.#arrived.length > KEPT_BYTES) this.#arrived = Buffer.alloc(0);
      this.#size = 0;
      this.#hasAnswered = true;
      exchange.settle(message);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #append(chunk: Buffer): void {
    const needed = this.#size + chunk.length;
    if (needed > this.#arrived.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, Math.min(this.#arrived.length * 2, MAX_MESSAGE_BYTES)));
      this.#arrived.copy(larger, 0, 0, this.#size);
      this.#arrived = larger;
    }
    chunk.copy(this.#arrived, this.#size);
    this.#size = needed;
  }

  #closed(): Error {
    return unavailable('METASTORE_CLOSED', `${this.#address} closed the connection`);
  }

  #fail(error: Error): void {
    this.#isOpen = false;
    this.#socket.destroy();
    this.#exchange?.settle(error);
  }
}

function opened(socket: Socket, { timeoutMs, signal }: ExchangeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no connection in ${timeoutMs} ms`)), timeoutMs);
    const abort = (): void => reject(signal?.reason as Error);
    signal?.addEventListener('abort', abort, { once: true });
    const done = (settle: () => void) => (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      settle();
    };
    socket.once('connect', done(resolve));
    socket.once('error', (error) => done(() => reject(error))());
    socket.once(
      'close',
      done(() => reject(new Error('closed while connecting'))),
    );
  });
}
