import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebHdfsClient } from '../../../src/hdfs-webhdfs-client/index.ts';
import { NameNodeRpc } from '../../../src/hdfs-webhdfs-client/rpc/name-node-rpc.ts';
import {
  answerWith,
  blockLocations,
  fileInfo,
  fileInfos,
  filesAndBlocks,
  refuse,
  startFakeNameNode,
  type FakeFile,
  type FakeNameNode,
} from './fake-name-node.ts';

const user = { kind: 'user', user: 'etl' } as const;

let server: FakeNameNode;
const ends: (() => void)[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const end of ends.splice(0)) end();
});

async function connectTo(...args: Parameters<typeof startFakeNameNode>): Promise<NameNodeRpc> {
  server = await startFakeNameNode(...args);
  const rpc = new NameNodeRpc({
    findAddress: () => Promise.resolve(server.address),
    authentication: user,
    idleMs: 200,
  });
  ends.push(server.close, () => rpc.close());
  return rpc;
}

describe('NameNodeRpc', () => {
  it('makes many calls on one connection, whatever the order of their answers', async () => {
    const late: (() => void)[] = [];
    const rpc = await connectTo((call, socket) => {
      late.push(() => socket.write(answerWith(call, fileInfo(Number(call.path.slice(1))))));
      if (late.length === 50) for (const answer of late.reverse()) answer();
      return undefined;
    });
    const sizes = await Promise.all(
      Array.from({ length: 50 }, async (_, size) => (await rpc.findStatus(`/${size}`, undefined))!.sizeBytes),
    );
    expect(sizes).toEqual(Array.from({ length: 50 }, (_, size) => size));
    expect(server.counts.connections).toBe(1);
  });

  it('goes on after a refusal that concerns one path', async () => {
    const rpc = await connectTo((call) =>
      call.path === '/denied'
        ? refuse(call, 'org.apache.hadoop.security.AccessControlException')
        : answerWith(call, fileInfo(7)),
    );
    expect(await rpc.findStatus('/denied', undefined)).toBeUndefined();
    expect(await rpc.findStatus('/ok', undefined)).toMatchObject({ sizeBytes: 7 });
  });

  it('leaves a standby alone for a minute, then asks who is active', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    let isStandby = true;
    const rpc = await connectTo((call) =>
      isStandby ? refuse(call, 'org.apache.hadoop.ipc.StandbyException') : answerWith(call, fileInfo(7)),
    );
    expect(await rpc.findStatus('/a', undefined)).toBeUndefined();
    isStandby = false;
    expect(await rpc.findStatus('/a', undefined)).toBeUndefined();
    expect(server.calls).toHaveLength(1);
    vi.setSystemTime(Date.now() + 61_000);
    expect(await rpc.findStatus('/a', undefined)).toMatchObject({ sizeBytes: 7 });
  });

  it('opens another connection after the server has closed one that waited', async () => {
    const rpc = await connectTo((call, socket) => {
      setTimeout(() => socket.end(), 5);
      return answerWith(call, fileInfo(7));
    });
    for (const count of [1, 2]) {
      expect(await rpc.findStatus('/a', undefined)).toMatchObject({ sizeBytes: 7 });
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(server.counts.connections).toBe(count);
    }
  });

  it.each([
    ['closes the connection', (_: unknown, socket: { destroy(): void }) => void socket.destroy()],
    ['is silent', () => undefined],
    ['answers with an endless frame', () => Buffer.from([0x7f, 0xff, 0xff, 0xff])],
    ['answers with no message', () => Buffer.from([0, 0, 0, 3, 9, 9, 9])],
    ['answers as a server of another protocol', () => Buffer.from('HTTP/1.1 404 Not Found\r\n\r\n')],
  ])('gives up for good on a server that %s, three times', async (_, onCall) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const rpc = await connectTo(onCall);
    for (let attempt = 1; attempt <= 4; attempt++) {
      expect(await rpc.findStatus('/a', undefined)).toBeUndefined();
      vi.setSystemTime(Date.now() + 61_000);
    }
    expect(server.counts.connections).toBe(3);
  });

  it('rejects with the reason of an abort at once, and only the calls under that signal', async () => {
    const rpc = await connectTo((call) => (call.path === '/slow' ? undefined : answerWith(call, fileInfo(7))));
    const abort = new AbortController();
    const slow = rpc.findStatus('/slow', abort.signal);
    slow.catch(() => undefined);
    expect(await rpc.findStatus('/quick', undefined)).toMatchObject({ sizeBytes: 7 });
    abort.abort(new Error('enough'));
    await expect(slow).rejects.toThrow('enough');
    expect(await rpc.findStatus('/quick', undefined)).toMatchObject({ sizeBytes: 7 });
  });

  it('is not used where security wants more than a name or a token', async () => {
    server = await startFakeNameNode(() => undefined);
    const rpc = new NameNodeRpc({
      findAddress: () => Promise.resolve(server.address),
      authentication: { kind: 'header', authorization: () => Promise.resolve('Negotiate x') },
      idleMs: 200,
    });
    ends.push(server.close, () => rpc.close());
    expect(await rpc.findStatus('/a', undefined)).toBeUndefined();
    expect(server.counts.connections).toBe(0);
  });
});

describe('NameNodeRpc asked about many files at once', () => {
  const sizeOf = (path: string): number => Number(path.slice(1));
  const all = (rpc: NameNodeRpc, count: number) =>
    Promise.all(Array.from({ length: count }, (_, size) => rpc.findFileStatus(`/${size}`, undefined)));
  const methods = (): string[] => server.calls.map(({ method }) => method);

  it('asks for them in few calls, and alone for one that is asked for alone', async () => {
    const rpc = await connectTo((call) =>
      answerWith(call, call.method === 'getFileInfo' ? fileInfo(sizeOf(call.path)) : fileInfos(call.paths.map(sizeOf))),
    );
    const found = await all(rpc, 100);
    expect(found.map((status) => [status!.path, status!.sizeBytes])).toEqual(
      Array.from({ length: 100 }, (_, size) => [`/${size}`, size]),
    );
    expect(methods()).toEqual(['getBatchedListing', 'getBatchedListing']);
    expect(await rpc.findFileStatus('/7', undefined)).toMatchObject({
      sizeBytes: 7,
    });
    expect(methods()).toEqual(['getBatchedListing', 'getBatchedListing', 'getFileInfo']);
  });

  it('says nothing of those that the answer says nothing of', async () => {
    const rpc = await connectTo((call) =>
      answerWith(call, fileInfos(call.paths.map((path) => (path === '/3' ? undefined : sizeOf(path))))),
    );
    const found = await all(rpc, 5);
    expect(found.map((status) => status?.sizeBytes)).toEqual([0, 1, 2, undefined, 4]);
  });

  it('asks for each where the server knows no such call, and does not ask that way again', async () => {
    const rpc = await connectTo((call) =>
      call.method === 'getFileInfo'
        ? answerWith(call, fileInfo(sizeOf(call.path)))
        : refuse(call, 'org.apache.hadoop.ipc.RpcNoSuchMethodException'),
    );
    for (let round = 0; round < 2; round++)
      expect((await all(rpc, 5)).map((status) => status!.sizeBytes)).toEqual([0, 1, 2, 3, 4]);
    expect(methods()).toEqual(['getBatchedListing', ...Array<string>(10).fill('getFileInfo')]);
  });

  it('leaves a standby alone, and asks together again when it is active', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    let isStandby = true;
    const rpc = await connectTo((call) =>
      isStandby
        ? refuse(call, 'org.apache.hadoop.ipc.StandbyException')
        : answerWith(call, fileInfos(call.paths.map(sizeOf))),
    );
    expect(await all(rpc, 3)).toEqual([undefined, undefined, undefined]);
    isStandby = false;
    vi.setSystemTime(Date.now() + 61_000);
    expect((await all(rpc, 3)).map((status) => status!.sizeBytes)).toEqual([0, 1, 2]);
    expect(methods()).toEqual(['getBatchedListing', 'getBatchedListing']);
  });

  it('rejects with the reason of an abort, and only those under that signal', async () => {
    const rpc = await connectTo((call) =>
      call.paths.includes('/1') ? undefined : answerWith(call, fileInfos(call.paths.map(sizeOf))),
    );
    const abort = new AbortController();
    const given = ['/1', '/2'].map((path) => rpc.findFileStatus(path, abort.signal));
    const others = ['/3', '/4'].map((path) => rpc.findFileStatus(path, undefined));
    expect((await Promise.all(others)).map((status) => status!.sizeBytes)).toEqual([3, 4]);
    abort.abort(new Error('enough'));
    for (const one of given) await expect(one).rejects.toThrow('enough');
  });
});

describe('NameNodeRpc asked for the blocks of many small files', () => {
  const names = ['/1', '/2', '/3'];
  const methods = (): string[] => server.calls.map(({ method }) => method);
  const sizeOf = (path: string): number => Number(path.slice(1));
  const all = async (rpc: NameNodeRpc): Promise<(number | undefined)[]> => {
    const found = await Promise.all(names.map((path) => rpc.locateFile(path, 9, undefined)));
    return found.map((located) => located?.fileSizeBytes);
  };
  /** Answers from files of the given modes, all blocks under this token where they are located by themselves. */
  async function connectToFiles(files: (path: string) => Partial<FakeFile>, token = ''): Promise<NameNodeRpc> {
    return connectTo((call) => {
      const found = call.paths.map((path) => ({ sizeBytes: sizeOf(path), ...files(path) }));
      if (call.method === 'getBlockLocations') return answerWith(call, blockLocations(found[0]!, token));
      return answerWith(call, filesAndBlocks(found));
    });
  }

  it('locates each by itself until one came without a token, then many in one call', async () => {
    const rpc = await connectToFiles(() => ({}));
    expect(await all(rpc)).toEqual([1, 2, 3]);
    expect(await all(rpc)).toEqual([1, 2, 3]);
    expect(methods()).toEqual([...Array<string>(3).fill('getBlockLocations'), 'getBatchedListing']);
  });

  it('locates each by itself where blocks are given out under tokens, which a listing lacks', async () => {
    const rpc = await connectToFiles(() => ({}), 'token');
    await all(rpc);
    expect(await all(rpc)).toEqual([1, 2, 3]);
    expect(methods()).toEqual(Array<string>(6).fill('getBlockLocations'));
  });

  it('asks again after a minute whether there are no tokens', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const rpc = await connectToFiles(() => ({}));
    await all(rpc);
    vi.setSystemTime(Date.now() + 61_000);
    await all(rpc);
    expect(methods()).toEqual(Array<string>(6).fill('getBlockLocations'));
  });

  it.each<[string, Partial<FakeFile>, 'together' | 'by itself']>([
    ['all may read', { mode: 0o444 }, 'together'],
    ['only its owner may read, who asks', { mode: 0o400, owner: 'etl' }, 'together'],
    ['its owner, who asks, may not read', { mode: 0o077, owner: 'etl' }, 'by itself'],
    ['its group may not read', { mode: 0o604 }, 'by itself'],
    ['only its group may read', { mode: 0o640 }, 'by itself'],
    ['an ACL is on', { mode: 0o644, flags: 1 }, 'by itself'],
    ['an ACL is on, as older servers say it', { mode: 0o644 | (1 << 12) }, 'by itself'],
  ])('takes the right to read from the mode only where it is certain: %s', async (_, file, how) => {
    const rpc = await connectToFiles((path) => (path === '/2' ? file : {}));
    await all(rpc);
    server.calls.splice(0);
    expect(await all(rpc)).toEqual([1, 2, 3]);
    expect(methods()).toEqual(['getBatchedListing', ...(how === 'together' ? [] : ['getBlockLocations'])]);
    expect(server.calls.slice(1).map(({ path }) => path)).toEqual(how === 'together' ? [] : ['/2']);
  });

  it('locates each by itself where the server knows no such call', async () => {
    const rpc = await connectTo((call) =>
      call.method === 'getBlockLocations'
        ? answerWith(call, blockLocations({ sizeBytes: sizeOf(call.path) }, ''))
        : refuse(call, 'org.apache.hadoop.ipc.RpcNoSuchMethodException'),
    );
    for (let round = 0; round < 3; round++) expect(await all(rpc)).toEqual([1, 2, 3]);
    expect(methods().filter((method) => method === 'getBatchedListing')).toHaveLength(1);
  });
});

describe('WebHdfsClient beside an RPC port', () => {
  it('asks there what JMX says is active, and over WebHDFS where it gets no answer', async () => {
    server = await startFakeNameNode((call) =>
      call.path === '/rpc' ? answerWith(call, fileInfo(7)) : refuse(call, 'java.io.FileNotFoundException'),
    );
    const asked: string[] = [];
    const web = createServer((request, answer) => {
      asked.push(request.url!);
      const beans = [{ State: 'active', HostAndPort: server.address }];
      const status = { FileStatus: { pathSuffix: '', type: 'FILE', length: 9, modificationTime: 1, blockSize: 1 } };
      answer.end(JSON.stringify(request.url!.startsWith('/jmx') ? { beans } : status));
    }).listen(0, '127.0.0.1');
    await once(web, 'listening');
    const nameNodes = [`http://127.0.0.1:${(web.address() as AddressInfo).port}`];
    const client = new WebHdfsClient({ nameNodes, authentication: user, readsBlocks: true });
    ends.push(
      server.close,
      () => client.close(),
      () => web.close(),
    );
    expect((await client.getStatus('/rpc')).sizeBytes).toBe(7);
    expect((await client.getStatus('/http')).sizeBytes).toBe(9);
    expect(asked.map((url) => url.split('?')[0])).toEqual(['/jmx', '/webhdfs/v1/http']);
  });
});
