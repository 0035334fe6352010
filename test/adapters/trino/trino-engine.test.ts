import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { TrinoEngine } from '../../../src/adapters/trino/trino-engine.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Coordinator {
  readonly url: string;
  /** Method and path of each request so far. */
  readonly seen: string[];
}

/** A server that follows a script instead of running statements. */
async function listen(
  answer: (request: IncomingMessage, response: ServerResponse, url: string) => void,
): Promise<Coordinator> {
  const seen: string[] = [];
  let url = '';
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => answer(request, response, url));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { url, seen };
}

function engineOf(
  url: string,
  extra: { exchangeTimeoutMs?: number; busyTimeoutMs?: number; password?: string } = {},
): TrinoEngine {
  return new TrinoEngine({ url, user: 'u', catalog: 'c', ...extra });
}

describe('TrinoEngine', () => {
  it('repeats an exchange while the coordinator is busy', async () => {
    let busy = 3;
    const { url, seen } = await listen((_, response) => {
      if (busy-- > 0) response.writeHead(503).end();
      else response.end('{"data":[[1]]}');
    });
    expect(await engineOf(url).query('select 1')).toEqual([['1']]);
    expect(seen).toHaveLength(4);
  });

  it('does not wait for ever for a busy coordinator', async () => {
    const { url } = await listen((_, response) => response.writeHead(503).end('full'));
    await expect(engineOf(url, { busyTimeoutMs: 200 }).query('select 1')).rejects.toMatchObject({
      kind: 'unavailable',
    });
  });

  it('gives up an exchange that is not answered, and cancels the statement', async () => {
    const { url, seen } = await listen((request, response, own) => {
      if (request.method !== 'GET') response.end(JSON.stringify({ nextUri: `${own}/v1/next` }));
    });
    await expect(engineOf(url, { exchangeTimeoutMs: 200 }).query('select 1')).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'TRINO_UNAVAILABLE',
    });
    expect(seen).toEqual(['POST /v1/statement', 'GET /v1/next', 'DELETE /v1/next']);
  });

  it('names the reason when nothing listens', async () => {
    await expect(engineOf('http://127.0.0.1:1').query('select 1')).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(/127\.0\.0\.1:1.*(ECONNREFUSED|bad port)/) as string,
    });
  });

  it.each([401, 403])('says denied for HTTP %i', async (status) => {
    const { url } = await listen((_, response) => response.writeHead(status).end('no'));
    await expect(engineOf(url).query('select 1')).rejects.toMatchObject({ kind: 'denied' });
  });

  it('says denied when the statement is refused to this user', async () => {
    const error = { message: 'Access Denied: Cannot select', errorName: 'PERMISSION_DENIED', errorType: 'USER_ERROR' };
    const { url } = await listen((_, response) => response.end(JSON.stringify({ error })));
    await expect(engineOf(url).query('select 1')).rejects.toMatchObject({ kind: 'denied', code: 'TRINO_DENIED' });
  });

  it('calls an answer corrupt that is cut or no JSON', async () => {
    const { url } = await listen((_, response) => response.end('{"data":[[1],'));
    await expect(engineOf(url).query('select 1')).rejects.toMatchObject({ kind: 'corrupt', code: 'TRINO_ANSWER' });
  });

  it('sends the password as Basic and never puts it into an error', async () => {
    let header: string | undefined;
    const { url } = await listen((request, response) => {
      header = request.headers.authorization;
      response.writeHead(401).end('no');
    });
    const failure = await engineOf(url, { password: 'secret-word' })
      .query('select 1')
      .catch((error: unknown) => error);
    expect(header).toBe(`Basic ${Buffer.from('u:secret-word').toString('base64')}`);
    expect(JSON.stringify(failure) + String(failure)).not.toContain('secret-word');
  });
});
