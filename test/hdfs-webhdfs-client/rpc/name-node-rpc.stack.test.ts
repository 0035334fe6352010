import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { WebHdfsClient, WebHdfsWriter, type Authentication } from '../../../src/hdfs-webhdfs-client/index.ts';
import { locatedBlocks } from '../../../src/hdfs-webhdfs-client/blocks/located-blocks.ts';
import { NameNodeRpc } from '../../../src/hdfs-webhdfs-client/rpc/name-node-rpc.ts';
import { startHdfs, type Hdfs } from '../../stack/hdfs.ts';

const stack = inject('stack');

describe.skipIf(stack === undefined)('NameNodeRpc on a real NameNode', () => {
  const root = `/rpc-${randomUUID()}`;
  const names = ['plain', 'a b+c%41', 'é日本', 'accent-e\u0301', 'x;y&z=1'];
  const authentication: Authentication = { kind: 'user', user: stack?.hdfsUser ?? '' };
  const nameNodes = [stack?.webHdfsUrl ?? 'http://localhost'];
  const overHttp = new WebHdfsClient({ nameNodes, authentication });
  const writer = new WebHdfsWriter({ nameNodes, authentication });
  const opened: NameNodeRpc[] = [];
  const connect = (as: Authentication = authentication): NameNodeRpc => {
    const rpc = new NameNodeRpc({
      findAddress: () => Promise.resolve(stack!.hdfsAuthority),
      authentication: as,
      idleMs: 10_000,
    });
    opened.push(rpc);
    return rpc;
  };

  beforeAll(async () => {
    for (const name of names) await writer.create(`${root}/${name}`, randomBytes(5000), { blockSizeBytes: 2048 });
    await writer.create(`${root}/empty`, new Uint8Array());
    await writer.makeDirectories(`${root}/folder`);
    await writer.setPermission(`${root}/folder`, '1733');
    await writer.create(`${root}/secret/file`, randomBytes(10));
    await writer.setPermission(`${root}/secret`, '700');
  });
  afterAll(async () => {
    for (const rpc of opened) rpc.close();
    await writer.delete(root, { recursive: true });
    writer.close();
    overHttp.close();
  });

  it('says of files and folders what WebHDFS says', async () => {
    const rpc = connect();
    for (const path of ['/', root, `${root}/folder`, `${root}/empty`, ...names.map((name) => `${root}/${name}`)])
      expect(await rpc.findStatus(path, undefined)).toEqual(await overHttp.getStatus(path));
  });

  it('says of many files in one call what it says of each, and nothing of what is no file or not to be seen', async () => {
    const rpc = connect({ kind: 'user', user: 'nobody' });
    const paths = [...names, 'empty', 'plain', 'absent', 'folder', 'secret/file', 'secret'].map(
      (name) => `${root}/${name}`,
    );
    const found = await Promise.all(paths.map((path) => rpc.findFileStatus(path, undefined)));
    const each = await Promise.all(paths.map((path) => rpc.findStatus(path, undefined)));
    expect(found).toEqual(each.map((status) => (status?.type === 'FILE' ? status : undefined)));
    expect(found.filter((status) => status !== undefined)).toHaveLength(names.length + 2);
  });

  it('finds blocks where WebHDFS finds them', async () => {
    const rpc = connect();
    for (const name of names) {
      const path = `${root}/${name}`;
      const url = new URL(`${stack!.webHdfsUrl}/webhdfs/v1`);
      url.pathname += path.split('/').map(encodeURIComponent).join('/');
      url.search = `op=GET_BLOCK_LOCATIONS&user.name=${stack!.hdfsUser}`;
      const expected = locatedBlocks(await (await fetch(url)).json());
      const found = await rpc.locate(path, { offset: 0, length: 5000 }, undefined);
      expect(found!.blocks).toHaveLength(3);
      for (const [index, block] of expected.blocks.entries()) {
        const { token, addresses, ...place } = found!.blocks[index]!;
        expect(place).toEqual({ ...block, token: undefined, addresses: undefined });
        expect(addresses.toSorted()).toEqual(block.addresses.toSorted());
        expect(token).toMatchObject({ kind: block.token.kind, service: block.token.service });
      }
    }
    expect(await rpc.locate(`${root}/plain`, { offset: 2048, length: 1 }, undefined)).toMatchObject({
      fileSizeBytes: 5000,
      isUnderConstruction: false,
      blocks: [{ offset: 2048 }],
    });
  });

  it('takes a delegation token, and nothing of one that the NameNode does not know', async () => {
    const token = await overHttp.getDelegationToken(stack!.hdfsUser);
    const holder = connect({ kind: 'delegation-token', token: () => token });
    const [status, blocks] = await Promise.all([
      holder.findStatus(`${root}/plain`, undefined),
      holder.locate(`${root}/plain`, { offset: 0, length: 1 }, undefined),
    ]);
    expect(status).toMatchObject({ sizeBytes: 5000 });
    expect(blocks).toMatchObject({ fileSizeBytes: 5000 });
    await overHttp.cancelDelegationToken(token);
    const late = connect({ kind: 'delegation-token', token: () => token });
    expect(await late.findStatus(`${root}/plain`, undefined)).toBeUndefined();
  });

  it('leaves it to WebHDFS to say what is wrong with one file, and serves the next', async () => {
    const rpc = connect({ kind: 'user', user: 'nobody' });
    expect(await rpc.findStatus(`${root}/secret/file`, undefined)).toBeUndefined();
    expect(await rpc.locate(`${root}/secret/file`, { offset: 0, length: 1 }, undefined)).toBeUndefined();
    expect(await rpc.findStatus(`${root}/absent`, undefined)).toBeUndefined();
    expect(await rpc.locate(`${root}/absent`, { offset: 0, length: 1 }, undefined)).toBeUndefined();
    expect(await rpc.findStatus(`${root}/plain`, undefined)).toMatchObject({ type: 'FILE' });
  });

  it('is found by the client from the web address of the NameNode', async () => {
    const client = new WebHdfsClient({ nameNodes, authentication, readsBlocks: true });
    expect(await client.getStatus(`${root}/accent-e\u0301`)).toMatchObject({ sizeBytes: 5000 });
    await expect(client.getStatus(`${root}/absent`)).rejects.toMatchObject({ failure: 'not-found' });
    client.close();
  });
});

describe.skipIf(stack === undefined)('NameNodeRpc on a real NameNode whose blocks need no tokens', () => {
  const names = Array.from({ length: 40 }, (_, index) => `/small/${index}`);
  const content = (name: string): Buffer => Buffer.from(name.repeat(1 + (name.length % 3)));
  let directory: string;
  let hdfs: Hdfs;
  const clientOf = (user: string): WebHdfsClient =>
    new WebHdfsClient({
      nameNodes: [hdfs.webHdfsUrl],
      authentication: { kind: 'user', user },
      readsBlocks: true,
    });
  /** How often blocks were asked for of one file, and of many. */
  async function calls(): Promise<{ alone: number; together: number }> {
    const query = 'qry=Hadoop:service=NameNode,name=RpcDetailedActivityForPort*';
    const { beans } = (await (await fetch(`${hdfs.webHdfsUrl}/jmx?${query}`)).json()) as {
      beans: Record<string, number>[];
    };
    const of = (method: string): number => beans[0]![`${method}NumOps`] ?? 0;
    return { alone: of('GetBlockLocations'), together: of('GetBatchedListing') };
  }
  const readAll = (client: WebHdfsClient, paths: readonly string[]): Promise<(string | undefined)[]> =>
    Promise.all(
      paths.map(async (path) => {
        const target = new Uint8Array(content(path).length);
        const read = await client.readBlocksInto(path, { offset: 0, length: target.length }, target);
        return read === undefined ? undefined : Buffer.from(target).toString();
      }),
    );

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lakelift-tokenless-'));
    hdfs = await startHdfs(directory, {});
    const writer = new WebHdfsWriter({
      nameNodes: [hdfs.webHdfsUrl],
      authentication: { kind: 'user', user: 'hdfs' },
    });
    for (const name of names) await writer.create(name, content(name));
    for (const name of names.slice(0, 3)) await writer.setPermission(name, '640');
    writer.close();
  });
  afterAll(async () => {
    await Promise.all(hdfs.servers.map((server) => server.stop()));
    await rm(directory, { recursive: true, force: true });
  });

  it('locates small files together, and reads them whole', async () => {
    const client = clientOf('hdfs');
    expect(await readAll(client, names.slice(0, 1))).toEqual([content(names[0]!).toString()]);
    expect(await readAll(client, names)).toEqual(names.map((name) => content(name).toString()));
    // What JMX says is up to ten seconds old.
    await expect.poll(calls, { timeout: 20_000 }).toEqual({ alone: 1, together: 1 });
    client.close();
  });

  it('reads nothing that only a listing would have given out', async () => {
    const client = clientOf('nobody');
    await readAll(client, names.slice(-1));
    const read = await Promise.allSettled(names.map(async (name) => (await readAll(client, [name]))[0]));
    expect(read.slice(0, 3).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(read.slice(3)).toEqual(
      names.slice(3).map((name) => ({ status: 'fulfilled', value: content(name).toString() })),
    );
    client.close();
  });
});
