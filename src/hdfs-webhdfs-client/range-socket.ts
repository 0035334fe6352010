import { connect, type Socket } from 'node:net';
import { ExchangeLimits, type Limits } from './exchange-limits.ts';
import { unreachable } from './http-exchange.ts';
import { cutOff, expectLength } from './range-reader.ts';
import { parseResponseHead } from './response-head.ts';

/** What the kernel is offered per read. Measured from 64 KiB to the whole range: no clear difference, this one varied least. */
const READ_BYTES = 256 * 1024;
const HEAD_BYTES = 16 * 1024;

export type SocketOutcome = 'filled' | 'unusual' | 'chunked';

/**
 * Reads the body of one plain-http GET into `target`, by the kernel itself: `onread` hands the socket slices of `target`, so that
 * neither an HTTP parser nor a stream touches the bytes (a third of the CPU of node:http). It understands only what a DataNode sends:
 * 200, Content-Length, no transfer coding. After anything else (`unusual`, an error for instance, or `chunked`) node:http should ask instead.
 * Rejects like the other way: `unavailable` when the body ends short, `corrupt` when another length is announced.
 */
export function readFromSocket(url: URL, target: Uint8Array, limits: Limits): Promise<SocketOutcome> {
  limits.signal?.throwIfAborted();
  return new RangeSocket(url, target, limits).result;
}

class RangeSocket {
  readonly #url: URL;
  readonly #target: Uint8Array;
  readonly #head = Buffer.allocUnsafe(HEAD_BYTES);
  readonly #outcome = Promise.withResolvers<SocketOutcome>();
  readonly #socket: Socket;
  readonly #limits: ExchangeLimits;
  #headBytes = 0;
  #filled = 0;
  #isInBody = false;

  constructor(url: URL, target: Uint8Array, limits: Limits) {
    this.#url = url;
    this.#target = target;
    this.#limits = new ExchangeLimits(limits, (error) => this.#reject(error));
    this.#socket = connect({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || 80),
      onread: { buffer: () => this.#nextSlice(), callback: (bytes) => this.#onRead(bytes) },
    });
    this.#socket.once('connect', () => this.#ask());
    this.#socket.setTimeout(limits.idleMs, () => this.#limits.silent());
    this.#socket
      .on('error', (cause) => this.#onEnd(cause))
      .on('end', () => this.#onEnd())
      .on('close', () => this.#onEnd());
  }

  get result(): Promise<SocketOutcome> {
    return this.#outcome.promise;
  }

  #ask(): void {
    this.#limits.connected();
    const { pathname, search, host } = this.#url;
    this.#socket.write(
      `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
    );
  }

  #nextSlice(): Uint8Array {
    if (!this.#isInBody) return this.#head.subarray(this.#headBytes);
    return this.#target.subarray(this.#filled, this.#filled + READ_BYTES);
  }

  #onRead(bytes: number): boolean {
    if (this.#isInBody) this.#filled += bytes;
    else this.#onHead(bytes);
    if (this.#isInBody && this.#filled === this.#target.length) this.#resolve('filled');
    return true;
  }

  #onHead(bytes: number): void {
    this.#headBytes += bytes;
    const head = parseResponseHead(this.#head.subarray(0, this.#headBytes));
    if (head === 'incomplete' && this.#headBytes < HEAD_BYTES) return;
    if (head === 'incomplete') return this.#resolve('unusual');
    if (head === 'unusual' || head === 'chunked') return this.#resolve(head);
    try {
      expectLength(head.contentLength, this.#target.length);
    } catch (error) {
      return this.#reject(error as Error);
    }
    const body = this.#head.subarray(head.bodyOffset, this.#headBytes);
    this.#target.set(body.subarray(0, this.#target.length));
    this.#filled = Math.min(body.length, this.#target.length);
    this.#isInBody = true;
  }

  #onEnd(cause?: Error): void {
    if (this.#isInBody) this.#reject(cutOff({ received: this.#filled, expected: this.#target.length }, cause));
    else this.#reject(unreachable(this.#url, cause ?? new Error('it closed the connection')));
  }

  #resolve(outcome: SocketOutcome): void {
    this.#limits.end();
    this.#outcome.resolve(outcome);
    this.#socket.destroy();
  }

  #reject(error: Error): void {
    this.#limits.end();
    this.#outcome.reject(error);
    this.#socket.destroy();
  }
}
