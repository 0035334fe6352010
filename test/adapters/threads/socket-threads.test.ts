import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SocketThreadHandle } from '../../../src/adapters/threads/socket-thread-handle.ts';
import { SocketThreads, type Load } from '../../../src/adapters/threads/socket-threads.ts';
import { DEFAULT_TIMEOUTS } from '../../../src/hdfs-webhdfs-client/exchange-limits.ts';
import { bytesOf, MIB, openSandboxWorld, type SandboxCopyWorld } from '../../steps/copy/copy-world.ts';
import { locatedBlocks, type LocatedBlock } from '../../../src/hdfs-webhdfs-client/blocks/located-blocks.ts';

const CONTENT = bytesOf(MIB);
/** A thread takes its time to begin on a busy machine. */
const PATIENT = { timeout: 20_000 };

describe('SocketThreads', { timeout: 30_000 }, () => {
  let world: SandboxCopyWorld;
  let block: LocatedBlock;
  let threads: SocketThreads;
  const servers: Server[] = [];
  const run = vi.spyOn(SocketThreadHandle.prototype, 'run');
  const shared = (): Uint8Array => new Uint8Array(new SharedArrayBuffer(MIB));
  const read = (
    target: Uint8Array,
    { address = block.addresses[0]!, signal = undefined as AbortSignal | undefined } = {},
  ) => threads.blockTransfers.read(address, { block, offset: 0, target, limits: { ...DEFAULT_TIMEOUTS, signal } });

  beforeEach(async () => {
    world = await openSandboxWorld({ dataPorts: 1 });
    world.fileSystem.writeFile('/block', CONTENT, { blockSizeBytes: MIB });
    const where = `${world.connections.nameNode}/webhdfs/v1/block?op=GET_BLOCK_LOCATIONS&user.name=hdfs`;
    block = locatedBlocks(await (await fetch(where)).json()).blocks[0]!;
    run.mockClear();
  });
  afterEach(async () => {
    await threads.close();
    for (const server of servers.splice(0)) server.close();
    await world.close();
  });

  it('has another thread fill memory that both see', async () => {
    threads = new SocketThreads({ most: 1, first: 1 });
    const [first, second] = [shared(), shared()];
    const [sums] = await Promise.all([read(first), read(second)]);
    expect(Buffer.from(first).equals(CONTENT)).toBe(true);
    expect(Buffer.from(second).equals(CONTENT)).toBe(true);
    expect(sums).toMatchObject({ crcType: 'CRC32C', bytesPerCrc: 512 });
    // The first by this one, which was as free as the other.
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('moves what lies in memory of its own by itself', async () => {
    threads = new SocketThreads({ most: 1, first: 1 });
    const targets = [new Uint8Array(MIB), new Uint8Array(MIB)];
    await Promise.all(targets.map((target) => read(target)));
    expect(targets.every((target) => Buffer.from(target).equals(CONTENT))).toBe(true);
    expect(run).not.toHaveBeenCalled();
  });

  it('gives the failures of another thread to who asked', async () => {
    threads = new SocketThreads({ most: 1, first: 1 });
    const closed = await listening((socket) => socket.destroy());
    const outcomes = await Promise.allSettled([shared(), shared()].map((target) => read(target, { address: closed })));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('lets go of the memory of what is aborted before it says so', async () => {
    threads = new SocketThreads({ most: 1, first: 1 });
    const sockets: Socket[] = [];
    const silent = await listening((socket) => void sockets.push(socket.on('error', () => undefined).resume()));
    const stop = new AbortController();
    const outcomes = Promise.allSettled(
      [shared(), shared()].map((target) => read(target, { address: silent, signal: stop.signal })),
    );
    await vi.waitFor(() => expect(sockets).toHaveLength(2), PATIENT);
    const closed = Promise.all(sockets.map((socket) => once(socket, 'close')));
    stop.abort(new Error('enough'));
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await closed;
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('does itself what a thread that ends leaves behind', async () => {
    threads = new SocketThreads({ most: 1, first: 1 });
    const port = Number(block.addresses[0]!.split(':')[1]);
    let count = 0;
    const address = await listening((socket) => {
      // The first of each thread hears nothing; whoever asks again is served.
      if (++count > 2) socket.pipe(connect(port, '127.0.0.1')).pipe(socket);
    });
    const stop = new AbortController();
    const here = read(shared(), { address, signal: stop.signal });
    const target = shared();
    const there = read(target, { address });
    await vi.waitFor(() => expect(count).toBe(2), PATIENT);
    await (run.mock.contexts[0] as SocketThreadHandle).close();
    await there;
    expect(Buffer.from(target).equals(CONTENT)).toBe(true);
    stop.abort();
    await expect(here).rejects.toThrow();
  });

  it('takes another thread once that pays, and never more than it may', async () => {
    const loads: Load[] = [];
    threads = new SocketThreads({ most: 1, isWorthwhile: (load) => loads.push(load) > 0 });
    for (const until = performance.now() + 3500; performance.now() < until; await sleep(20)) await read(shared());
    expect(threads.count).toBe(1);
    expect(loads).toHaveLength(1);
    expect(loads[0]!.utilization).toBeGreaterThan(0);
    expect(loads[0]!.utilization).toBeLessThanOrEqual(1);
    expect(loads[0]!.spareCores).toBeGreaterThanOrEqual(0);
  });

  it('takes none where it has little to do', async () => {
    threads = new SocketThreads({ most: 3 });
    for (const until = performance.now() + 2500; performance.now() < until; await sleep(200)) await read(shared());
    expect(threads.count).toBe(0);
  });

  async function listening(onConnection: (socket: Socket) => void): Promise<string> {
    const server = createServer(onConnection).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
});
