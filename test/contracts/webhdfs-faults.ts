import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  WebHdfsClient,
  WebHdfsError,
  WebHdfsWriter,
  type Authentication,
  type WebHdfsOptions,
} from '../../src/hdfs-webhdfs-client/index.ts';
import { startFaultyGateway, type FaultyGateway, type GatewayFault } from './faulty-gateway.ts';

const MIB = 1024 * 1024;
const STANDBY = JSON.stringify({
  RemoteException: {
    exception: 'StandbyException',
    javaClassName: 'org.apache.hadoop.ipc.StandbyException',
    message: 'Operation category READ is not supported in state standby. Visit https://s.apache.org/sbnn-error',
  },
});
const SECRET = 'c2VjcmV0LXRva2Vu';

export interface ServerToSpoil {
  /** A NameNode or an HttpFS server. */
  readonly url: string;
  close(): Promise<void>;
}

/** What the library does when servers and networks fail; `hasDataNodes` is false for HttpFS, which sends the bytes itself. */
export function describeWebHdfsFaults(open: () => Promise<ServerToSpoil>, hasDataNodes: boolean): void {
  const describeOfDataNodes = hasDataNodes ? describe : (): void => undefined;
  let world: ServerToSpoil;
  let gateway: FaultyGateway;
  let writer: WebHdfsWriter;
  const body = randomBytes(8 * MIB);
  const home = `/faults-${randomUUID()}`;
  const path = `${home}/file`;
  const clients: WebHdfsClient[] = [];
  const user: Authentication = { kind: 'user', user: 'hdfs' };
  /** Which side sends the bytes. */
  const sender = hasDataNodes ? 'datanode' : 'namenode';

  beforeAll(async () => {
    world = await open();
    writer = new WebHdfsWriter({ nameNodes: [world.url], authentication: user });
    await writer.create(path, body, { blockSizeBytes: MIB });
  });
  afterAll(async () => {
    await writer.delete(home, { recursive: true });
    writer.close();
    await world.close();
  });
  beforeEach(async () => {
    gateway = await startFaultyGateway(world.url);
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await gateway.close();
  });

  const connect = (changes: Partial<WebHdfsOptions> = {}): WebHdfsClient => {
    const client = new WebHdfsClient({ nameNodes: [gateway.url], authentication: user, ...changes });
    clients.push(client);
    return client;
  };
  const spoil = (fault: GatewayFault, op = 'OPEN'): void => {
    gateway.fault = (request) => (request.op === op && request.node === sender ? fault : undefined);
  };
  const errorOf = async (work: Promise<unknown>): Promise<WebHdfsError> => {
    const error = await work.then(
      () => new Error('it succeeded'),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof WebHdfsError)) throw error;
    return error;
  };
  /** The two ways to the bytes, which must fail alike. */
  const ways = [
    [
      'readRangeInto',
      (client: WebHdfsClient, signal?: AbortSignal) => {
        return client.readRangeInto(path, { offset: 0, length: body.length }, Buffer.alloc(body.length), signal);
      },
    ],
    [
      'open',
      async (client: WebHdfsClient, signal?: AbortSignal) => {
        await buffer(await client.open(path, { offset: 0, length: body.length }, signal));
      },
    ],
  ] as const;

  describe.each(ways)('%s', (_name, read) => {
    it('rejects when the body ends early, and says how far it came', async () => {
      for (const afterBytes of [0, 1, 100_000, body.length - 1]) {
        spoil({ kind: 'cut', afterBytes });
        const error = await errorOf(read(connect()));
        expect([error.failure, error.message]).toEqual([
          'unavailable',
          `The body ended after ${afterBytes} of ${body.length} bytes`,
        ]);
      }
    });

    it('rejects when a body of no stated length ends early in good order', async () => {
      spoil({ kind: 'chunked', endAfterBytes: 4_000_000 });
      expect(await errorOf(read(connect()))).toMatchObject({
        failure: 'unavailable',
        message: `The body ended after 4000000 of ${body.length} bytes`,
      });
    });

    it('rejects when the connection is reset in the middle of the body', async () => {
      spoil({ kind: 'cut', afterBytes: 3_000_000, isReset: true });
      const error = await errorOf(read(connect()));
      expect(error).toMatchObject({ failure: 'unavailable' });
      expect(error.message).toMatch(/^The body ended after \d+ of \d+ bytes$/);
    });

    it('rejects when the connection is reset before any answer', async () => {
      spoil({ kind: 'reset' });
      const error = await errorOf(read(connect()));
      expect(error.failure).toBe('unavailable');
      expect(error.message).toMatch(/^127\.0\.0\.1:\d+ does not answer: /);
    });

    it('rejects after the longest silence allowed, before and within the body', async () => {
      for (const fault of [{ kind: 'hang' }, { kind: 'stall', afterBytes: 200_000 }] as const) {
        spoil(fault);
        const error = await errorOf(read(connect({ timeouts: { idleMs: 200 } })));
        expect([error.failure, error.message]).toEqual(['unavailable', 'silent for 200 ms']);
      }
    });

    it('rejects with the reason of an abort, before and within the body, and closes the connection', async () => {
      spoil({ kind: 'stall', afterBytes: 200_000 });
      const reason = new Error('enough');
      await expect(read(connect(), AbortSignal.abort(reason))).rejects.toBe(reason);
      expect(gateway.requests).toEqual([]);
      const controller = new AbortController();
      const reading = read(connect(), controller.signal);
      const done = expect(reading).rejects.toBe(reason);
      await until(() => gateway.passedBytes >= 200_000);
      controller.abort(reason);
      await done;
      await until(() => !hasDataNodes || gateway.openConnections() === 0);
    });

    it('shows the refusal of a sender as it stands', async () => {
      const message = 'Permission denied: user=hdfs, access=READ';
      spoil({
        kind: 'answer',
        status: 403,
        body: JSON.stringify({ RemoteException: { exception: 'AccessControlException', message } }),
      });
      expect(await errorOf(read(connect()))).toMatchObject({
        failure: 'denied',
        exception: 'AccessControlException',
        status: 403,
        message,
      });
    });

    it('rejects as unavailable what servers say about each other', async () => {
      for (const [exception, message] of [
        ['BlockMissingException', 'Could not obtain block: BP-1:blk_2 file=/x'],
        ['SocketTimeoutException', '60000 millis timeout'],
        ['IOException', 'Failed to find datanode, suggest to check cluster health. excludeDatanodes=null'],
      ]) {
        spoil({ kind: 'answer', status: 403, body: JSON.stringify({ RemoteException: { exception, message } }) });
        expect(await errorOf(read(connect()))).toMatchObject({ failure: 'unavailable', exception });
      }
    });

    it('never tells a token, a redirect or a password', async () => {
      const secrets: Authentication[] = [
        { kind: 'delegation-token', token: () => SECRET },
        { kind: 'basic', user: 'me', password: () => SECRET },
        { kind: 'header', authorization: () => Promise.resolve(`Negotiate ${SECRET}`) },
      ];
      const faults: GatewayFault[] = [
        { kind: 'reset' },
        { kind: 'hang' },
        { kind: 'cut', afterBytes: 5 },
        { kind: 'answer', status: 500, body: '<html>' },
      ];
      for (const authentication of secrets)
        for (const fault of faults) {
          gateway.fault = () => fault;
          const error = await errorOf(read(connect({ authentication, timeouts: { idleMs: 100 } })));
          const told = inspect(error, { depth: 10, showHidden: true });
          expect(told).not.toContain(SECRET);
          expect(told).not.toContain(Buffer.from(`me:${SECRET}`).toString('base64'));
          expect(told).not.toMatch(/namenoderpcaddress|delegation=|op=OPEN/);
        }
    });
  });

  describeOfDataNodes('the short way to a DataNode', () => {
    const whole = async (client: WebHdfsClient): Promise<Buffer> => {
      const target = Buffer.alloc(body.length);
      await client.readRangeInto(path, { offset: 0, length: body.length }, target);
      return target;
    };
    const asked = (): number => gateway.requests.filter(({ node }) => node === 'datanode').length;

    it('asks once', async () => {
      expect((await whole(connect())).equals(body)).toBe(true);
      expect(asked()).toBe(1);
    });

    it.each([
      ['an interim answer', (head: string) => `HTTP/1.1 100 Continue\r\n\r\n${head}`],
      [
        'a head of unusual size',
        (head: string) => head.replace('\r\n\r\n', `\r\nx-long: ${'x'.repeat(15_000)}\r\n\r\n`),
      ],
      [
        'a second, equal length',
        (head: string) => head.replace('\r\n\r\n', `\r\nContent-Length: ${body.length}\r\n\r\n`),
      ],
    ])('reads on past %s, or leaves it to an HTTP client', async (_what, head) => {
      spoil({ kind: 'head', head });
      const target = whole(connect());
      // Node refuses a repeated length as a smuggling attempt: then it is an error, never wrong bytes.
      const outcome = await target.catch((error: unknown) => error);
      if (outcome instanceof Buffer) expect(outcome.equals(body)).toBe(true);
      else expect(outcome).toMatchObject({ failure: 'unavailable' });
      expect(outcome instanceof Buffer || head('\r\n\r\n').includes('Content-Length')).toBe(true);
    });

    it('leaves chunks to an HTTP client, and remembers which server sends them', async () => {
      spoil({ kind: 'chunked' });
      const client = connect();
      expect((await whole(client)).equals(body)).toBe(true);
      expect(asked()).toBe(2);
      expect((await whole(client)).equals(body)).toBe(true);
      expect(asked()).toBe(3);
    });

    it('rejects a length other than asked for, before any byte', async () => {
      spoil({ kind: 'head', head: (head) => head.replace(/content-length: \d+/i, 'content-length: 17') });
      expect((await errorOf(whole(connect()))).failure).toBe('corrupt');
    });
  });

  describe('time', () => {
    it('rejects when the whole takes too long though it never goes silent', async () => {
      gateway.fault = () => ({ kind: 'hang' });
      const error = await errorOf(connect({ timeouts: { totalMs: 150 } }).getStatus(path));
      expect([error.failure, error.message]).toEqual(['unavailable', 'no complete answer within 150 ms']);
    });

    it('lets checksums take longer', async () => {
      gateway.fault = ({ op }) => (op === 'GETFILECHECKSUM' ? { kind: 'hang' } : undefined);
      const timeouts = { idleMs: 50, totalMs: 100, checksumMs: 400 };
      const began = performance.now();
      expect((await errorOf(connect({ timeouts }).findChecksum(path))).message).toMatch(/400 ms/);
      expect(performance.now() - began).toBeGreaterThan(390);
    });

    it('rejects when no connection comes to stand', async () => {
      // Accepts TCP and never says a word of TLS.
      const mute = createServer(() => undefined);
      await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
      const nameNodes = [`https://127.0.0.1:${(mute.address() as AddressInfo).port}`];
      const error = await errorOf(connect({ nameNodes, timeouts: { connectMs: 150 } }).getStatus(path));
      expect([error.failure, error.message]).toEqual(['unavailable', 'no connection within 150 ms']);
      mute.close();
    });

    it('does not take a slow consumer for a silent server, nor a long stream for a slow one', async () => {
      const client = connect({ timeouts: { idleMs: 150, totalMs: 300 } });
      const chunks: Buffer[] = [];
      const stream = await client.open(path);
      await sleep(500);
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        chunks.push(chunk);
        if (chunks.length === 3) await sleep(500);
      }
      expect(Buffer.concat(chunks).equals(body)).toBe(true);
    });

    it('holds the server back while its consumer does not read, and lets it go when the consumer leaves', async () => {
      // Several times what the socket buffers of the kernel take in on the way.
      const large = { path: `${home}/large`, sizeBytes: 48 * MIB };
      const create = () => writer.create(large.path, Buffer.alloc(large.sizeBytes), { blockSizeBytes: 64 * MIB });
      // A server may close a kept connection just as a PUT, which is not repeated by itself, sets out on it.
      await create().catch(create);
      gateway.passedBytes = 0;
      const stream = await connect().open(large.path);
      const held = await settled(() => gateway.passedBytes);
      stream.destroy();
      await until(() => !hasDataNodes || gateway.openConnections() === 0);
      await writer.delete(large.path);
      expect(held).toBeGreaterThan(0);
      expect(held).toBeLessThan(large.sizeBytes);
      expect(gateway.passedBytes).toBeLessThan(large.sizeBytes);
    });
  });

  describe('several NameNodes', () => {
    let other: FaultyGateway;
    beforeEach(async () => {
      other = await startFaultyGateway(world.url);
    });
    afterEach(() => other.close());
    const both = (): WebHdfsClient => connect({ nameNodes: [other.url, gateway.url] });

    it.each([
      ['is in standby', { kind: 'answer', status: 403, body: STANDBY }],
      [
        'asks to try again',
        { kind: 'answer', status: 403, body: STANDBY.replaceAll('StandbyException', 'RetriableException') },
      ],
      ['resets connections', { kind: 'reset' }],
    ] as const)('asks the next one when one %s, and stays there', async (_what, fault) => {
      other.fault = () => fault;
      const client = both();
      expect((await client.getStatus(path)).sizeBytes).toBe(body.length);
      const target = Buffer.alloc(1000);
      await client.readRangeInto(path, { offset: MIB - 500, length: 1000 }, target);
      expect(target.equals(body.subarray(MIB - 500, MIB + 500))).toBe(true);
      expect(other.requests.length).toBe(1);
    });

    it('comes back when the active one changes again', async () => {
      other.fault = () => ({ kind: 'answer', status: 403, body: STANDBY });
      const client = both();
      await client.getStatus(path);
      [gateway.fault, other.fault] = [other.fault, gateway.fault];
      expect((await client.getStatus(path)).sizeBytes).toBe(body.length);
      await client.getStatus(path);
      expect(other.requests.length).toBe(3);
    });

    it('asks the next one when nobody listens', async () => {
      await other.close();
      expect((await both().getStatus(path)).sizeBytes).toBe(body.length);
    });

    it('does not ask another one for what the active one refuses', async () => {
      expect((await errorOf(both().getStatus(`${home}/absent`))).failure).toBe('not-found');
      expect(gateway.requests).toEqual([]);
    });

    it('waits for an active one, and gives up after its rounds', async () => {
      other.fault = gateway.fault = () => ({ kind: 'answer', status: 403, body: STANDBY });
      const client = connect({ nameNodes: [other.url, gateway.url], rounds: 2 });
      expect(await errorOf(client.getStatus(path))).toMatchObject({
        failure: 'unavailable',
        exception: 'StandbyException',
        status: 403,
      });
      expect([other.requests.length, gateway.requests.length]).toEqual([2, 2]);
      setTimeout(() => (gateway.fault = () => undefined), 200);
      expect((await connect({ nameNodes: [other.url, gateway.url] }).getStatus(path)).sizeBytes).toBe(body.length);
    });

    it('stops waiting when it is aborted', async () => {
      other.fault = gateway.fault = () => ({ kind: 'answer', status: 403, body: STANDBY });
      const reason = new Error('enough');
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason), 100);
      await expect(both().getStatus(path, controller.signal)).rejects.toBe(reason);
    });
  });

  describe('servers that lack an operation', () => {
    // The server is asked for an operation that it really does not know, so that its own refusal is what the client sees.
    const lack = (missing: string): void => {
      gateway.fault = ({ op }) => (op === missing ? { kind: 'ask', op: 'NOSUCHOPERATION' } : undefined);
    };

    it('lists without pages where batches are unknown, and does not try them again', async () => {
      lack('LISTSTATUS_BATCH');
      const client = connect();
      for (let i = 0; i < 2; i++)
        expect((await Array.fromAsync(client.list(home))).map((entry) => entry.path)).toEqual([path]);
      expect(gateway.requests.map(({ op }) => op)).toEqual(['LISTSTATUS_BATCH', 'LISTSTATUS', 'LISTSTATUS']);
    });

    it('finds blocks by the private operation where the public one is unknown', async () => {
      lack('GETFILEBLOCKLOCATIONS');
      const blocks = await connect().getBlockLocations(path);
      expect(blocks.map(({ offset, sizeBytes }) => [offset, sizeBytes])).toEqual(
        Array.from({ length: 8 }, (_, index) => [index * MIB, MIB]),
      );
      for (const { hosts } of blocks) expect(hosts[0]).toBeTruthy();
    });
  });

  describeOfDataNodes('credentials', () => {
    const kinds: [string, Authentication, string][] = [
      ['basic', { kind: 'basic', user: 'me', password: () => 'pass' }, `Basic ${btoa('me:pass')}`],
      ['header', { kind: 'header', authorization: () => Promise.resolve('Negotiate YII') }, 'Negotiate YII'],
    ];

    it.each(kinds)('shows a %s to the NameNode and not to the DataNode', async (_kind, authentication, expected) => {
      await connect({ authentication }).readRangeInto(path, { offset: 0, length: 10 }, Buffer.alloc(10));
      await buffer(await connect({ authentication }).open(path, { offset: 0, length: 10 }));
      await connect({ authentication }).findChecksum(path);
      expect(gateway.requests.map(({ node, headers }) => [node, headers.authorization])).toEqual(
        Array.from({ length: 3 }, () => [
          ['namenode', expected],
          ['datanode', undefined],
        ]).flat(),
      );
    });

    it('shows them again to a gateway that redirects to itself, as Knox does', async () => {
      const knox = await startFaultyGateway(world.url, { isSingleOrigin: true });
      const [, authentication, expected] = kinds[0]!;
      const target = Buffer.alloc(10);
      await connect({ nameNodes: [knox.url], authentication }).readRangeInto(path, { offset: 5, length: 10 }, target);
      expect(target.equals(body.subarray(5, 15))).toBe(true);
      expect(knox.requests.map(({ headers }) => headers.authorization)).toEqual([expected, expected]);
      await knox.close();
    });

    it('asks once more when the token was replaced while it was on its way', async () => {
      let token = 'expired';
      gateway.fault = ({ query }) => {
        if (query.get('delegation') !== 'expired') return { kind: 'answer', status: 404, body: '' };
        token = 'replaced';
        return { kind: 'answer', status: 403, body: STANDBY.replaceAll('StandbyException', 'InvalidToken') };
      };
      const client = connect({ authentication: { kind: 'delegation-token', token: () => token } });
      expect((await errorOf(client.getStatus(path))).failure).toBe('not-found');
      expect(gateway.requests.map(({ query }) => query.get('delegation'))).toEqual(['expired', 'replaced']);
    });

    it('asks a token provider before each request, so that a renewed token is used', async () => {
      let asked = 0;
      const client = connect({ authentication: { kind: 'delegation-token', token: () => `token-${++asked}` } });
      gateway.fault = () => ({ kind: 'answer', status: 404, body: '' });
      for (let i = 0; i < 3; i++) await errorOf(client.getStatus(path));
      expect(gateway.requests.map(({ query }) => query.get('delegation'))).toEqual(['token-1', 'token-2', 'token-3']);
    });
  });
}

/** A count once it has begun and then stood still for a second: however slow the machine, one that nobody holds back ends at the whole. */
async function settled(count: () => number): Promise<number> {
  let last = 0;
  for (let quiet = 0; quiet < 10;) {
    await sleep(100);
    const now = count();
    quiet = now > 0 && now === last ? quiet + 1 : 0;
    last = now;
  }
  return last;
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 100 && !isTrue(); attempt++) await sleep(20);
  expect(isTrue()).toBe(true);
}
