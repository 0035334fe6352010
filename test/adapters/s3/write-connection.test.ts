import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WriteConnection } from '../../../src/adapters/s3/write-connection.ts';

const BODY = Buffer.from('body');
const OK = 'HTTP/1.1 200 OK\r\nETag: "e"\r\nContent-Length: 0\r\n\r\n';
const limits = { timeoutMs: 5000, silenceMs: 5000 };

let server: Server;
let connection: WriteConnection;
afterEach(() => {
  connection.close();
  server.close();
});

/** A server that does this once it has a whole request, each time. */
async function connectTo(onRequest: (socket: Socket, count: number) => void): Promise<WriteConnection> {
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
  connection = new WriteConnection(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  return connection;
}

const put = (given: Partial<typeof limits> & { signal?: AbortSignal } = {}) =>
  connection.send('PUT /b/k HTTP/1.1\r\ncontent-length: 4\r\n\r\n', BODY, { ...limits, ...given });

describe('WriteConnection', () => {
  it('sends one request after the other', async () => {
    await connectTo((socket, count) => socket.write(OK.replace('"e"', `"${count}"`)));
    expect(await put()).toEqual({ status: 200, etag: '"1"', keepsConnection: true });
    expect((await put()).etag).toBe('"2"');
    expect(connection.isOpen).toBe(true);
  });

  it('takes an answer that comes byte by byte, after a "100 Continue", and in empty chunks', async () => {
    const answer = `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\netag: "e"\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`;
    await connectTo((socket) => {
      let at = 0;
      const timer = setInterval(() => (at < answer.length ? socket.write(answer[at++]!) : clearInterval(timer)), 0);
    });
    expect(await put()).toMatchObject({ status: 200, etag: '"e"' });
  });

  it('reads a refusal with its text, and is good for another request', async () => {
    const refusal = 'HTTP/1.1 412 Precondition Failed\r\nContent-Length: 5\r\n\r\n<Err>';
    await connectTo((socket, count) => socket.write(count === 1 ? refusal : OK));
    expect(await put()).toMatchObject({ status: 412, etag: undefined });
    expect(await put()).toMatchObject({ status: 200 });
  });

  it.each([
    ['is closed without an answer', (socket: Socket) => socket.end()],
    ['is reset', (socket: Socket) => socket.resetAndDestroy()],
    ['is closed within the answer', (socket: Socket) => socket.end(OK.slice(0, 30))],
    ['is closed within the body', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab')],
    ['gives a body of no known length', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n')],
    [
      'gives a body in chunks',
      (socket: Socket) => socket.write(`${OK.replace('Content-Length: 0', 'Transfer-Encoding: chunked')}3\r\n`),
    ],
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
