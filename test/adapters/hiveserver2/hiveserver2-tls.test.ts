import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HiveServer2Client } from '../../../src/adapters/hiveserver2/hiveserver2-client.ts';
import type { LakeliftError } from '../../../src/errors.ts';
import { hasOpenssl, selfSignedCertificate } from '../../self-signed-certificate.ts';

describe.skipIf(!hasOpenssl)('HiveServer2Client over TLS (needs openssl for the certificate)', () => {
  let server: Server;
  let ca: string;
  const greetings: string[] = [];
  beforeAll(async () => {
    const { key, cert } = selfSignedCertificate();
    ca = cert;
    const text = Buffer.from('Error validating the login');
    server = createServer({ key, cert }, (socket) => {
      socket
        .on('error', () => undefined)
        .once('data', (bytes: Buffer) => {
          greetings.push(`${socket.getProtocol()} ${bytes.toString('latin1', 5, 10)}`);
          socket.end(Buffer.concat([Buffer.from([3, 0, 0, 0, text.length]), text]));
        });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  async function failureOf(host: string, tls: { ca?: string }): Promise<LakeliftError> {
    const { port } = server.address() as AddressInfo;
    const client = new HiveServer2Client({ host, port, tls, connectTimeoutMs: 5000 });
    const failure: unknown = await client.run('select 1').catch((error: unknown) => error);
    await client.close();
    return failure as LakeliftError;
  }

  it('tells no password to a server whose certificate nobody vouches for', async () => {
    expect(await failureOf('localhost', {})).toMatchObject({ kind: 'usage', code: 'HIVESERVER2_CERTIFICATE' });
    expect(greetings).toEqual([]);
  });

  it('nor to one that goes by another name', async () => {
    expect(await failureOf('127.0.0.1', { ca })).toMatchObject({ kind: 'usage', code: 'HIVESERVER2_CERTIFICATE' });
    expect(greetings).toEqual([]);
  });

  it('speaks modern TLS to a server vouched for', async () => {
    expect(await failureOf('localhost', { ca })).toMatchObject({ kind: 'denied', code: 'HIVESERVER2_DENIED' });
    expect(greetings).toEqual(['TLSv1.3 PLAIN']);
  });
});
