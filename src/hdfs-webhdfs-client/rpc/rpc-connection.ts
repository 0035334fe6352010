import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { BlockToken } from '../blocks/block-token.ts';
import { abortError } from '../exchange-limits.ts';
import { WebHdfsError } from '../webhdfs-error.ts';
import { DigestLogin } from './digest-login.ts';
import {
  callRequest,
  connectionContext,
  frameBytes,
  greeting,
  readAnswer,
  SASL_CALL,
  saslRequest,
  type RpcAnswer,
} from './rpc-message.ts';

/** Who asks: by name where security is off, by a delegation token elsewhere. */
export type RpcIdentity = { readonly user: string } | { readonly token: BlockToken };

/** Calls made while others are under way wait so long for each other: a write costs both ends as much as all else in a call. */
const TOGETHER_MS = 3;
const LONGEST_ANSWER_BYTES = 64 * 1024 * 1024;

type Waiting = PromiseWithResolvers<Uint8Array> & { readonly signal: AbortSignal | undefined };

/** The server's exception in answer to a call; the connection is still good. */
export class RpcRefusal extends Error {}

/** A connection to a NameNode's RPC port, many calls at a time. */
export class RpcConnection {
  readonly #socket: Socket;
  readonly #clientId = randomBytes(16);
  readonly #waiting = new Map<number, Waiting>();
  readonly #watched = new Set<AbortSignal>();
  readonly #login: DigestLogin | undefined;
  #unsent: Buffer[] = [];
  #isLetIn: boolean;
  #held: Buffer = Buffer.alloc(0);
  #lastId = 0;
  #sentAtMs = -Infinity;
  isOpen = true;

  constructor(address: string, identity: RpcIdentity, { connectMs, idleMs }: { connectMs: number; idleMs: number }) {
    const colon = address.lastIndexOf(':');
    this.#socket = connect({ host: address.slice(0, colon), port: Number(address.slice(colon + 1)), noDelay: true });
    const patience = setTimeout(() => this.#fail(new Error(`no connection within ${connectMs} ms`)), connectMs);
    this.#socket
      .once('connect', () => clearTimeout(patience))
      .once('close', () => clearTimeout(patience))
      .on('data', (bytes) => this.#take(bytes))
      .on('timeout', () => this.#waiting.size > 0 && this.#fail(new Error(`silent for ${idleMs} ms`)))
      .on('error', (error) => this.#fail(error))
      .on('end', () => this.#fail(new Error('it closed the connection')))
      .setTimeout(idleMs);
    this.#isLetIn = 'user' in identity;
    if ('token' in identity) {
      this.#login = new DigestLogin(identity.token);
      this.#socket.write(Buffer.concat([greeting(true), saslRequest(this.#clientId, DigestLogin.negotiate())]));
    } else this.#socket.write(Buffer.concat([greeting(false), connectionContext(this.#clientId, identity.user)]));
  }

  /** The answer of a method of ClientProtocol. Rejects with {@link RpcRefusal}, the signal's reason, or an `unavailable` WebHdfsError. */
  call(method: string, message: Uint8Array, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const waiting: Waiting = { ...Promise.withResolvers<Uint8Array>(), signal };
    const id = ++this.#lastId;
    this.#waiting.set(id, waiting);
    this.#watch(signal);
    this.#socket.ref();
    const request = callRequest({ id, clientId: this.#clientId, method, message });
    this.#unsent.push(request);
    if (this.#isLetIn && this.#unsent.length === 1) this.#sendSoon();
    return waiting.promise;
  }

  /** Who makes one call after the other never waits; of many, no more than one write in some milliseconds. */
  #sendSoon(): void {
    const waitMs = this.#sentAtMs + TOGETHER_MS - performance.now();
    if (this.#waiting.size === 1 || waitMs <= 0) setImmediate(() => this.#send());
    else setTimeout(() => this.#send(), waitMs);
  }

  #send(): void {
    this.#sentAtMs = performance.now();
    const requests = Buffer.concat(this.#unsent);
    this.#unsent = [];
    if (this.isOpen) this.#socket.write(requests);
  }

  close(): void {
    this.#fail(new Error('closed'));
  }

  /** One listener for all calls under the same signal: a million of them would cost more than the calls. */
  #watch(signal: AbortSignal | undefined): void {
    if (signal === undefined || this.#watched.has(signal)) return;
    this.#watched.add(signal);
    signal.addEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => {
    for (const [id, { signal, reject }] of this.#waiting)
      if (signal?.aborted === true) {
        this.#waiting.delete(id);
        reject(abortError(signal));
      }
  };

  #take(bytes: Buffer): void {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    try {
      for (let length = frameBytes(this.#held); length !== undefined; length = frameBytes(this.#held)) {
        if (length < 0 || length > LONGEST_ANSWER_BYTES) throw new RangeError(`an answer of ${length} bytes`);
        if (this.#held.length < length) return;
        const answer = readAnswer(this.#held.subarray(0, length));
        this.#held = this.#held.subarray(length);
        this.#settle(answer);
      }
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #settle({ callId, refusal, message }: RpcAnswer): void {
    if (callId === SASL_CALL && refusal === undefined) return this.#goOn(message);
    const waiting = this.#waiting.get(callId);
    this.#waiting.delete(callId);
    if (refusal === undefined) waiting?.resolve(message);
    // Not about one call: the server does not take this connection.
    else if (callId < 0) throw new RangeError(refusal);
    else waiting?.reject(new RpcRefusal(refusal));
    // A connection that waits must not keep the process alive.
    if (this.#waiting.size === 0) this.#socket.unref();
  }

  #goOn(message: Uint8Array): void {
    const next = this.#login?.next(message);
    if (next !== undefined) return void this.#socket.write(saslRequest(this.#clientId, next));
    this.#isLetIn = true;
    this.#unsent.unshift(connectionContext(this.#clientId, undefined));
    this.#send();
  }

  #fail(cause: Error): void {
    this.isOpen = false;
    for (const signal of this.#watched) signal.removeEventListener('abort', this.#onAbort);
    this.#watched.clear();
    const error = new WebHdfsError(`The NameNode's RPC port: ${cause.message}`, { failure: 'unavailable', cause });
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#socket.destroy();
  }
}
