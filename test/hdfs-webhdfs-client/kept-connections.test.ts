import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebHdfsClient, WebHdfsWriter } from '../../src/hdfs-webhdfs-client/index.ts';

const SUMMARY = { length: 1, fileCount: 1, directoryCount: 1, spaceConsumed: 1 };

describe('A connection that the server closes just as it is used again', () => {
  const asked: string[] = [];
  const used = new WeakSet<object>();
  let closesNew = false;
  const server = createServer((request: IncomingMessage, response) => {
    asked.push(request.method!);
    if (used.has(request.socket) || closesNew) return void request.socket.resetAndDestroy();
    used.add(request.socket);
    response.end(JSON.stringify({ ContentSummary: SUMMARY, boolean: true }));
  });
  let url: string;

  beforeEach(async () => {
    asked.length = 0;
    closesNew = false;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );

  it('costs a second request and no error', async () => {
    const client = new WebHdfsClient({ nameNodes: [url] });
    for (let i = 0; i < 3; i++) expect((await client.getContentSummary('/')).fileCount).toBe(1n);
    expect(asked).toEqual(Array.from({ length: 5 }, () => 'GET'));
    client.close();
  });

  it('is asked once more and not for ever', async () => {
    const client = new WebHdfsClient({ nameNodes: [url] });
    await client.getContentSummary('/');
    closesNew = true;
    await expect(client.getContentSummary('/')).rejects.toMatchObject({ failure: 'unavailable' });
    expect(asked.length).toBe(3);
    client.close();
  });

  it('is not asked again to change anything: the first request may have done it', async () => {
    const writer = new WebHdfsWriter({ nameNodes: [url] });
    await writer.delete('/a');
    await expect(writer.delete('/a')).rejects.toMatchObject({ failure: 'unavailable' });
    expect(asked).toEqual(['DELETE', 'DELETE']);
    writer.close();
  });
});
