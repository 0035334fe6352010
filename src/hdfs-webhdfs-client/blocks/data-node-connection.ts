import { connect, type Socket } from 'node:net';
import { ExchangeLimits, type Limits } from '../exchange-limits.ts';
import { WebHdfsError } from '../webhdfs-error.ts';
import type { LocatedBlock } from './located-blocks.ts';
import { PacketStream, type BlockSums } from './packet-stream.ts';
import { READ_STATUS, readBlockRequest } from './block-message.ts';

/** One packet of a DataNode and its header fit: small enough to stay in the processor's cache until its bytes are copied on. */
const READ_BYTES = 80 * 1024;

interface Reading {
  readonly packets: PacketStream;
  readonly limits: ExchangeLimits;
  readonly outcome: PromiseWithResolvers<BlockSums>;
}

/** A connection to a DataNode's data port, for one block after the other. */
export class DataNodeConnection {
  readonly address: string;
  readonly #socket: Socket;
  #reading: Reading | undefined;
  #isConnected = false;
  #waiting: Uint8Array | undefined;
  /** The DataNode waits to hear that its last answer arrived. It hears it with the next request: one packet, and one wake of its thread, in place of two. */
  #owesStatus = false;
  /** Good for another block. */
  isOpen = true;

  constructor(address: string) {
    this.address = address;
    const colon = address.lastIndexOf(':');
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    this.#socket = connect({
      host: address.slice(0, colon),
      port: Number(address.slice(colon + 1)),
      noDelay: true,
      onread: { buffer, callback: (bytes) => this.#onRead(buffer.subarray(0, bytes)) },
    });
    this.#socket
      .once('connect', () => this.#onConnect())
      .on('timeout', () => this.#reading?.limits.silent())
      .on('error', (cause) => this.#fail(lost(address, cause)))
      .on('end', () => this.#fail(lost(address)))
      .on('close', () => this.#fail(lost(address)));
  }

  /**
   * Fills `target` with bytes of a block from `offset` on. Rejects with WebHdfsError, or the signal's reason; the connection is of no use then.
   * Only one at a time.
   */
  read(block: LocatedBlock, offset: number, target: Uint8Array, limits: Limits): Promise<BlockSums> {
    const outcome = Promise.withResolvers<BlockSums>();
    const packets = new PacketStream({ offset, length: target.length, blockBytes: block.sizeBytes }, target);
    this.#reading = { packets, outcome, limits: new ExchangeLimits(limits, (error) => this.#fail(error)) };
    this.#socket.ref();
    this.#socket.setTimeout(limits.idleMs);
    const request = readBlockRequest(block, offset, target.length);
    this.#waiting = this.#owesStatus ? Buffer.concat([READ_STATUS, request]) : request;
    this.#owesStatus = false;
    if (this.#isConnected) this.#ask();
    return outcome.promise;
  }

  close(): void {
    if (this.isOpen && this.#owesStatus) this.#socket.end(READ_STATUS);
    else this.#socket.destroy();
    this.isOpen = false;
  }

  #onConnect(): void {
    this.#isConnected = true;
    this.#ask();
  }

  #ask(): void {
    this.#reading?.limits.connected();
    this.#socket.write(this.#waiting!);
  }

  #onRead(bytes: Uint8Array): boolean {
    if (this.#reading === undefined) {
      this.#fail(lost(this.address));
      return false;
    }
    try {
      this.#reading.packets.take(bytes);
    } catch (error) {
      this.#fail(error instanceof RangeError ? unreadable(error) : (error as Error));
      return false;
    }
    if (this.#reading.packets.isDone) this.#end(this.#reading);
    return true;
  }

  #end({ packets, limits, outcome }: Reading): void {
    this.#reading = undefined;
    limits.end();
    this.#owesStatus = true;
    this.#socket.setTimeout(0);
    // A connection that waits must not keep the process alive.
    this.#socket.unref();
    outcome.resolve(packets.sums);
  }

  #fail(error: Error): void {
    this.isOpen = false;
    const reading = this.#reading;
    this.#reading = undefined;
    reading?.limits.end();
    reading?.outcome.reject(error);
    this.#socket.destroy();
  }
}

function lost(address: string, cause?: Error): WebHdfsError {
  const why = cause === undefined ? 'it closed the connection' : cause.message;
  return new WebHdfsError(`DataNode ${address}: ${why}`, { failure: 'unavailable', cause });
}

function unreadable(cause: RangeError): WebHdfsError {
  return new WebHdfsError('The DataNode sends what is no answer to a read', { failure: 'corrupt', cause });
}
