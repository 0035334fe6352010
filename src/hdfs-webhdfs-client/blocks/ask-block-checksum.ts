import { connect, type Socket } from 'node:net';
import { ExchangeLimits, type Limits } from '../exchange-limits.ts';
import { WebHdfsError } from '../webhdfs-error.ts';
import { blockChecksumAnswer, blockChecksumRequest, type BlockChecksum } from './block-message.ts';
import type { LocatedBlock } from './located-blocks.ts';
import { decodeVarint } from './protobuf.ts';

const LONGEST_ANSWER_BYTES = 64 * 1024;

/**
 * The MD5 of the CRCs that a DataNode keeps of a block's chunks, over a connection of its own: it closes it behind its answer. Rejects with WebHdfsError,
 * or the signal's reason.
 */
export function askBlockChecksum(address: string, block: LocatedBlock, limits: Limits): Promise<BlockChecksum> {
  const { promise, resolve, reject } = Promise.withResolvers<BlockChecksum>();
  const colon = address.lastIndexOf(':');
  const socket = connect({ host: address.slice(0, colon), port: Number(address.slice(colon + 1)), noDelay: true });
  const exchange = new ExchangeLimits(limits, reject);
  const closed = (): void => reject(refused(address, 'it closed the connection'));
  socket
    .once('connect', () => {
      exchange.connected();
      socket.write(blockChecksumRequest(block));
    })
    .setTimeout(limits.idleMs, () => exchange.silent())
    .on('error', (cause) => reject(refused(address, cause.message, cause)))
    .on('close', closed);
  void takeAnswer(socket, address).then(resolve, reject);
  return promise.finally(() => {
    exchange.end();
    socket.destroy();
  });
}

function takeAnswer(socket: Socket, address: string): Promise<BlockChecksum> {
  const { promise, resolve, reject } = Promise.withResolvers<BlockChecksum>();
  let held: Buffer = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    try {
      const message = wholeMessage(held);
      if (message === undefined) return;
      const answer = blockChecksumAnswer(message);
      if (typeof answer === 'string') reject(refused(address, answer));
      else resolve(answer);
    } catch (cause) {
      const message = `DataNode ${address} sends what is no checksum`;
      reject(new WebHdfsError(message, { failure: 'corrupt', cause }));
    }
  });
  return promise;
}

/** undefined until all of it is there. */
function wholeMessage(held: Uint8Array): Uint8Array | undefined {
  if (held.length > LONGEST_ANSWER_BYTES) throw new RangeError('The answer does not end');
  const length = decodeVarint(held, 0);
  if (length === undefined) return undefined;
  const end = length.end + Number(length.value);
  return held.length < end ? undefined : held.subarray(length.end, end);
}

function refused(address: string, why: string, cause?: Error): WebHdfsError {
  return new WebHdfsError(`DataNode ${address}: ${why}`, { failure: 'unavailable', cause });
}
