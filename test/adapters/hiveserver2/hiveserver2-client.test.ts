import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HiveServer2Client } from '../../../src/adapters/hiveserver2/hiveserver2-client.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function listen(serve: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  return (server.address() as AddressInfo).port;
}

function clientOf(port: number, authentication?: 'nosasl'): HiveServer2Client {
  const client = new HiveServer2Client({
    host: '127.0.0.1',
    port,
    authentication,
    connectTimeoutMs: 500,
    callTimeoutMs: 500,
  });
  closers.unshift(() => client.close());
  return client;
}

/** SASL's COMPLETE, with which a server accepts the user. */
const COMPLETE = Buffer.from([5, 0, 0, 0, 0]);

describe('HiveServer2Client', () => {
  it.each(['plain', 'nosasl'] as const)('fails soon when nothing listens (%s)', async (way) => {
    const client = clientOf(1, way === 'nosasl' ? way : undefined);
    await expect(client.run('select 1')).rejects.toMatchObject({ kind: 'unavailable', code: 'HIVESERVER2_CLOSED' });
  });

  it.each(['plain', 'nosasl'] as const)(
    'fails soon when the server takes the call and never answers (%s)',
    async (way) => {
      const port = await listen((socket) => socket.resume());
      const client = clientOf(port, way === 'nosasl' ? way : undefined);
      await expect(client.run('select 1')).rejects.toMatchObject({ kind: 'unavailable', code: 'HIVESERVER2_TIMEOUT' });
    },
  );

  it('fails soon when the server hangs up in the middle of the authentication or right after it', async () => {
    for (const answer of [Buffer.alloc(0), COMPLETE]) {
      const port = await listen((socket) => socket.once('data', () => socket.end(answer)).resume());
      await expect(clientOf(port).run('select 1')).rejects.toMatchObject({ kind: 'unavailable' });
    }
  });

  it('says that the credentials are wrong', async () => {
    const text = Buffer.from('Error validating the login');
    const refusal = Buffer.concat([Buffer.from([3, 0, 0, 0, text.length]), text]);
    const port = await listen((socket) => socket.once('data', () => socket.write(refusal)).resume());
    await expect(clientOf(port).run('select 1')).rejects.toMatchObject({ kind: 'denied', code: 'HIVESERVER2_DENIED' });
  });

  it('does not begin when already told to stop', async () => {
    const reason = new Error('no');
    await expect(clientOf(1).run('select 1', AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
