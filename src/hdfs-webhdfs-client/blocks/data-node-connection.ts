import { connect, type Socket } from 'node:net';
import { ExchangeLimits, type Limits } from '../exchange-limits.ts';
import { WebHdfsError } from '../webhdfs-error.ts';
import type { LocatedBlock } from './located-blocks.ts';
import { PacketStream, type BlockSums } from './packet-stream.ts';
import { READ_STATUS, readBlockRequest } from './block-message.ts';

/** Four packets of a DataNode at once, and still in the processor's cache when they are copied on. */
const READ_BYTES = 256 * 1024;
const readBuffer = Buffer.allocUnsafeSlow(READ_BYTES);
/** Of all connections of this thread: what is read is copied on before anything else is read. Windows, which is given the memory in advance, needs one for each. */
const newReadBuffer = (): Buffer => (process.platform === 'win32' ? Buffer.allocUnsafeSlow(READ_BYTES) : readBuffer);

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
    const buffer = newReadBuffer();
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
