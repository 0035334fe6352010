import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { StoreConnection } from '../../../src/adapters/s3/store-connection.ts';
import { hasOpenssl, selfSignedCertificate } from '../../self-signed-certificate.ts';

const BODY = Buffer.from('body');
const OK = 'HTTP/1.1 200 OK\r\nETag: "e"\r\nContent-Length: 0\r\n\r\n';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const limits = { timeoutMs: 5000, silenceMs: 5000 };

let server: Server;
let connection: StoreConnection;
afterEach(() => {
  vi.useRealTimers();
  connection.close();
  server.close();
});

/** A server that does this once it has a whole request, each time. */
async function connectTo(onRequest: (socket: Socket, count: number) => void): Promise<StoreConnection> {
  let count = 0;
  server = createServer((socket) => {
    let text = '';
    socket
      .on('error', () => undefined)
      .on('data', (bytes) => {
        text += bytes.toString();
        if (!text.endsWith('\r\n\r\nbody')) return;
        text = '';
        onRequest(socket, ++count);
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  connection = new StoreConnection(new URL(`http://127.0.0.1:${portOf(server)}`));
  return connection;
}

function portOf(listening: Server): number {
  return (listening.address() as AddressInfo).port;
}

const put = (given: Partial<typeof limits> & { signal?: AbortSignal } = {}) =>
  connection.send('PUT /b/k HTTP/1.1\r\ncontent-length: 4\r\n\r\n', BODY, { ...limits, ...given });

describe('StoreConnection', () => {
  it('sends one request after the other', async () => {
    await connectTo((socket, count) => socket.write(OK.replace('"e"', `"${count}"`)));
    expect(await put()).toEqual({
      status: 200,
      head: OK.trimEnd().replace('"e"', '"1"'),
      body: '',
      keepsConnection: true,
    });
    expect((await put()).head).toContain('ETag: "2"');
    expect(connection.isOpen).toBe(true);
  });

  it('takes an answer that comes byte by byte, after a "100 Continue", and in empty chunks', async () => {
    const answer = `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\netag: "e"\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`;
    await connectTo((socket) => {
      let at = 0;
      const timer = setInterval(() => (at < answer.length ? socket.write(answer[at++]!) : clearInterval(timer)), 0);
    });
    expect(await put()).toMatchObject({ status: 200, head: expect.stringContaining('etag: "e"') as string, body: '' });
  });

  it('takes a body in chunks, byte by byte, with a space after a size and a word after another', async () => {
    const answer = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4 \r\nabcd\r\n0A;x=y\r\n0\r\n\r\n12345\r\n0\r\n\r\n`;
    await connectTo((socket) => {
      let at = 0;
      const timer = setInterval(() => (at < answer.length ? socket.write(answer[at++]!) : clearInterval(timer)), 0);
    });
    expect(await put()).toMatchObject({ status: 200, body: 'abcd0\r\n\r\n12345' });
    expect(connection.isOpen).toBe(true);
  });

  it('knows that an answer to HEAD has no body, whatever length it tells, and 204 none', async () => {
    await connectTo((socket, count) =>
      socket.write(count === 1 ? OK.replace(': 0', ': 99') : 'HTTP/1.1 204 No Content\r\n\r\n'),
    );
    const head = await connection.send('HEAD /b/k HTTP/1.1\r\n\r\nbody', new Uint8Array(0), limits);
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(await put()).toMatchObject({ status: 204, body: '' });
    expect(connection.isOpen).toBe(true);
  });

  it('reads a refusal with its text, and is good for another request', async () => {
    const refusal = 'HTTP/1.1 412 Precondition Failed\r\nContent-Length: 5\r\n\r\n<Err>';
    await connectTo((socket, count) => socket.write(count === 1 ? refusal : OK));
    expect(await put()).toMatchObject({ status: 412, body: '<Err>' });
    expect(await put()).toMatchObject({ status: 200 });
  });

  it.each([
    ['is closed without an answer', (socket: Socket) => socket.end()],
    ['is reset', (socket: Socket) => socket.resetAndDestroy()],
    ['is closed within the answer', (socket: Socket) => socket.end(OK.slice(0, 30))],
    ['is closed within the body', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab')],
    ['gives a body of no known length', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n')],
    ['gives a chunk of no size', (socket: Socket) => socket.write(CHUNKED + 'x\r\n')],
    ['goes on after a chunk', (socket: Socket) => socket.write(CHUNKED + '1\r\nabc')],
    ['goes on after the last chunk', (socket: Socket) => socket.write(CHUNKED + '0\r\n\r\nabc')],
    ['gives headers after a body', (socket: Socket) => socket.write(CHUNKED + '0\r\nx: y\r\n\r\n')],
    ['gives a body in another coding', (socket: Socket) => socket.write(CHUNKED.replace('chunked', 'gzip'))],
    ['gives a body with 204', (socket: Socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\nabc')],
    ['gives more than it announced', (socket: Socket) => socket.write(`${OK}more`)],
    ['gives no HTTP', (socket: Socket) => socket.write('SSH-2.0-OpenSSH\r\n\r\n')],
    ['gives headers without end', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\n'.padEnd(70_000, 'x'))],
  ])('rejects when the connection %s', async (_, answer) => {
    await connectTo(answer);
    await expect(put()).rejects.toThrow();
    expect(connection.isOpen).toBe(false);
  });

  it('is not used again when the server says that it closes', async () => {
    await connectTo((socket) => socket.write(OK.replace('ETag', 'Connection: close\r\nETag')));
    expect((await put()).status).toBe(200);
    expect(connection.isOpen).toBe(false);
  });

  it('notices that the server closed it while it waited', async () => {
    await connectTo((socket) => void socket.write(OK, () => setTimeout(() => socket.end(), 10)));
    await put();
    await expect.poll(() => connection.isOpen).toBe(false);
  });

  it('ends soon where no connection comes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await connectTo(() => undefined);
    const answer = put({ timeoutMs: 60_000, silenceMs: 60_000 });
    // It is opened only once this is over.
    vi.advanceTimersByTime(10_000);
    vi.useRealTimers();
    await expect(answer).rejects.toThrow('no connection');
    expect(connection.isOpen).toBe(false);
  });

  it('waits for an answer longer than for a connection', async () => {
    const asked = Promise.withResolvers<Socket>();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await connectTo((socket) => asked.resolve(socket));
    const answer = put({ timeoutMs: 60_000, silenceMs: 60_000 });
    const socket = await asked.promise;
    vi.advanceTimersByTime(30_000);
    vi.useRealTimers();
    socket.write(OK);
    expect(await answer).toMatchObject({ status: 200 });
  });

  it.skipIf(!hasOpenssl)(
    'speaks TLS, to servers whose certificate is trusted only, and waits for their answers too',
    async () => {
      const { key, cert } = selfSignedCertificate();
      const asked: Socket[] = [];
      server = createTlsServer({ key, cert }, (socket) => {
        socket.on('error', () => undefined).on('data', () => asked.push(socket));
      }).on('tlsClientError', () => undefined);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const open = () => (connection = new StoreConnection(new URL(`https://localhost:${portOf(server)}`)));
      open();
      await expect(put()).rejects.toThrow('self-signed certificate');
      const trusted = getCACertificates();
      setDefaultCACertificates([...trusted, cert]);
      try {
        vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
        open();
        const answer = put({ timeoutMs: 60_000, silenceMs: 60_000 });
        while (asked.length === 0) await setImmediate();
        vi.advanceTimersByTime(30_000);
        vi.useRealTimers();
        asked[0]!.write(OK);
        expect(await answer).toMatchObject({ status: 200 });
        expect(connection.isOpen).toBe(true);
      } finally {
        setDefaultCACertificates(trusted);
      }
    },
  );

  it('ends after silence, after its time, and when aborted', async () => {
    await connectTo(() => undefined);
    await expect(put({ silenceMs: 50 })).rejects.toThrow('silence');
    await connectTo((socket) => void setInterval(() => socket.write('HTTP'), 20).unref());
    await expect(put({ timeoutMs: 60 })).rejects.toThrow();
    await connectTo(() => undefined);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    await expect(put({ signal: abort.signal })).rejects.toThrow('aborted');
    await connectTo(() => undefined);
    await expect(put({ signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });
});
