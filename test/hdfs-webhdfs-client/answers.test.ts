import { createServer, type RequestListener, type Server } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebHdfsClient, type WebHdfsOptions } from '../../src/hdfs-webhdfs-client/index.ts';
import { hasOpenssl, selfSignedCertificate } from '../self-signed-certificate.ts';

const STATUS = {
  accessTime: 0,
  blockSize: 134_217_728,
  childrenNum: 0,
  group: 'g',
  length: 11,
  modificationTime: 1_320_173_277_227,
  owner: 'o',
  pathSuffix: '',
  permission: '644',
  replication: 1,
  type: 'FILE',
};

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listen(server: Server | https.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return (server.address() as AddressInfo).port;
}

function connect(url: string, options: Partial<WebHdfsOptions> = {}): WebHdfsClient {
  const client = new WebHdfsClient({ nameNodes: [url], ...options });
  closing.push(async () => client.close());
  return client;
}

async function serve(handler: RequestListener, options: Partial<WebHdfsOptions> = {}): Promise<WebHdfsClient> {
  return connect(`http://127.0.0.1:${await listen(createServer(handler))}`, options);
}

const saying = (body: string) => serve((_request, response) => void response.end(body));

describe('Answers that are not as they should be', () => {
  it('are corrupt where a listing breaks off under status 200, as a NameNode that fails midway leaves it', async () => {
    const entry = JSON.stringify({ ...STATUS, pathSuffix: 'a' });
    for (const body of [
      `{"FileStatuses":{"FileStatus":[\n${entry},\n`,
      `{"FileStatuses":{"FileStatus":[\n${entry}`,
      '',
      '<html>login</html>',
      'null',
      '[]',
      '{"FileStatuses":null}',
      '{"DirectoryListing":{"partialListing":{"FileStatuses":{"FileStatus":{}}},"remainingEntries":0}}',
    ]) {
      const client = await saying(body);
      await expect(Array.fromAsync(client.list('/d'))).rejects.toMatchObject({ failure: 'corrupt' });
    }
  });

  it('are corrupt where pages promise more and bring nothing', async () => {
    const client = await saying(
      '{"DirectoryListing":{"partialListing":{"FileStatuses":{"FileStatus":[]}},"remainingEntries":3}}',
    );
    await expect(Array.fromAsync(client.list('/d'))).rejects.toMatchObject({ failure: 'corrupt' });
  });

  it.each([
    ['a length that is no exact number', { length: '@12345678901234567890@' }],
    ['a length below zero', { length: -1 }],
    ['no length', { length: undefined }],
    ['no block size', { blockSize: undefined }],
    ['a type that HDFS has not', { type: 'SOCKET' }],
  ])('are corrupt with %s', async (_what, change) => {
    const json = JSON.stringify({ FileStatus: { ...STATUS, ...change } }).replaceAll(/"@|@"/g, '');
    await expect((await saying(json)).getStatus('/f')).rejects.toMatchObject({ failure: 'corrupt' });
  });

  it('are corrupt where a redirect leads nowhere, without telling it', async () => {
    for (const location of ['http://[secret-token', 'ftp://secret-token/x']) {
      const client = await serve((_request, response) => void response.writeHead(307, { location }).end());
      for (const ask of [
        () => client.readRangeInto('/f', { offset: 0, length: 3 }, new Uint8Array(3)),
        () => client.open('/f', { offset: 0, length: 3 }),
        () => client.findChecksum('/f'),
      ]) {
        const error = await ask().then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        expect(error).toMatchObject({ name: 'WebHdfsError', failure: 'corrupt' });
        expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain('secret-token');
      }
    }
  });
});

describe('Numbers', () => {
  it('beyond 2^53 stay exact: file ids and totals', async () => {
    const id = await saying(`{"FileStatus":${JSON.stringify(STATUS).replace('{', '{"fileId":9223372036854775807,')}}`);
    expect((await id.getStatus('/f')).fileId).toBe(9_223_372_036_854_775_807n);
    const sums = '"length":9007199254740993,"fileCount":3,"directoryCount":1,"spaceConsumed":27021597764222979';
    expect(await (await saying(`{"ContentSummary":{${sums}}}`)).getContentSummary('/d')).toEqual({
      sizeBytes: 9_007_199_254_740_993n,
      fileCount: 3n,
      directoryCount: 1n,
      spaceConsumedBytes: 27_021_597_764_222_979n,
    });
  });

  it('are left alone where they stand in names', async () => {
    const entry = { ...STATUS, fileId: 16_386, pathSuffix: 'part-12345678901234567890' };
    const listing = { partialListing: { FileStatuses: { FileStatus: [entry] } }, remainingEntries: 0 };
    const client = await saying(JSON.stringify({ DirectoryListing: listing }));
    expect((await Array.fromAsync(client.list('/d')))[0]).toMatchObject({
      path: '/d/part-12345678901234567890',
      fileId: 16_386n,
      sizeBytes: 11,
      modifiedAtMs: 1_320_173_277_227,
    });
  });
});

describe('The cookie of Hadoop’s authentication', () => {
  /** Takes a Negotiate header once, then its cookie until that is `expired`. */
  function kerberized() {
    const seen: string[] = [];
    const state = { isExpired: false, seen };
    const handler: RequestListener = (request, response) => {
      const { authorization, cookie } = request.headers;
      seen.push(authorization === undefined ? (cookie ?? 'nothing') : 'Negotiate');
      if (authorization === undefined && (cookie === undefined || state.isExpired))
        return void response.writeHead(401, { 'www-authenticate': 'Negotiate' }).end();
      if (authorization !== undefined) {
        state.isExpired = false;
        response.setHeader('set-cookie', ['other=1', 'hadoop.auth="u=me&p=me@R&t=kerberos&s=x="; Path=/; HttpOnly']);
      }
      response.end(JSON.stringify({ FileStatus: STATUS }));
    };
    return { state, handler };
  }
  const COOKIE = 'hadoop.auth="u=me&p=me@R&t=kerberos&s=x="';

  it('spares the negotiation from the second request on, and a new one replaces it when it has expired', async () => {
    const { state, handler } = kerberized();
    let negotiations = 0;
    const authorization = () => Promise.resolve(`Negotiate ${++negotiations}`);
    const client = await serve(handler, { authentication: { kind: 'header', authorization } });
    for (let i = 0; i < 3; i++) await client.getStatus('/f');
    expect(state.seen).toEqual(['Negotiate', COOKIE, COOKIE]);
    expect(negotiations).toBe(1);
    state.isExpired = true;
    await client.getStatus('/f');
    expect(state.seen.slice(3)).toEqual([COOKIE, 'Negotiate']);
    expect(negotiations).toBe(2);
  });

  it('does not go on for ever where the negotiation is refused too', async () => {
    let asked = 0;
    const authorization = () => Promise.resolve('Negotiate stale');
    const client = await serve((_request, response) => void response.writeHead(401).end(String(++asked)), {
      authentication: { kind: 'header', authorization },
    });
    await expect(client.getStatus('/f')).rejects.toMatchObject({ failure: 'denied', status: 401 });
    expect(asked).toBe(1);
  });
});

describe('A gateway whose server is away', () => {
  it.each([502, 503, 504])('answers %i, and the next one is asked', async (status) => {
    let asked = 0;
    const away = createServer((_request, response) => void response.writeHead(status).end(String(++asked)));
    const good = createServer((_request, response) => void response.end(JSON.stringify({ FileStatus: STATUS })));
    const nameNodes = [`http://127.0.0.1:${await listen(away)}`, `http://127.0.0.1:${await listen(good)}`];
    const client = connect(nameNodes[0]!, { nameNodes });
    for (let i = 0; i < 3; i++) expect((await client.getStatus('/f')).sizeBytes).toBe(11);
    expect(asked).toBe(1);
  });

  it('is told as it is when it is the only one', async () => {
    const client = await serve((_request, response) => void response.writeHead(503).end());
    await expect(client.getStatus('/f')).rejects.toMatchObject({ failure: 'unavailable', status: 503 });
  });

  it('is no reason to ask another one for what a server itself failed at', async () => {
    let asked = 0;
    const broken = createServer((_request, response) => void response.writeHead(500).end());
    const other = createServer((_request, response) => void response.end(String(++asked)));
    const nameNodes = [`http://127.0.0.1:${await listen(broken)}`, `http://127.0.0.1:${await listen(other)}`];
    await expect(connect(nameNodes[0]!, { nameNodes }).getStatus('/f')).rejects.toMatchObject({ status: 500 });
    expect(asked).toBe(0);
  });
});

describe.skipIf(!hasOpenssl)('TLS (needs openssl for a certificate)', () => {
  it('trusts the authority that it is given, for NameNodes and DataNodes, and no other one', async () => {
    const { key, cert } = selfSignedCertificate();
    const asked: string[] = [];
    const dataNode = await listen(
      https.createServer({ key, cert }, (_request, response) => void response.end('bytes of the DataNode')),
    );
    const nameNode = await listen(
      https.createServer({ key, cert }, (request, response) => {
        asked.push(request.headers.authorization ?? 'nothing');
        response.writeHead(307, { location: `https://localhost:${dataNode}/webhdfs/v1/f?op=OPEN` }).end();
      }),
    );
    const read = async (url: string, ca: string | undefined) => {
      const authentication = { kind: 'basic', user: 'me', password: () => 'secret' } as const;
      const client = connect(url, { authentication, ...(ca === undefined ? {} : { tls: { ca } }) });
      const target = Buffer.alloc(21);
      await client.readRangeInto('/f', { offset: 0, length: 21 }, target);
      return String(target);
    };
    expect(await read(`https://localhost:${nameNode}`, cert)).toBe('bytes of the DataNode');
    const refused = { failure: 'unavailable' };
    await expect(read(`https://localhost:${nameNode}`, undefined)).rejects.toMatchObject(refused);
    await expect(read(`https://localhost:${nameNode}`, selfSignedCertificate().cert)).rejects.toMatchObject(refused);
    await expect(read(`https://127.0.0.1:${nameNode}`, cert)).rejects.toMatchObject(refused);
    expect(asked.length).toBe(1);
  });
});
