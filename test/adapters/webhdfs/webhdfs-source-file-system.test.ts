import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebHdfsSourceFileSystem } from '../../../src/adapters/webhdfs/webhdfs-source-file-system.ts';
import { crcOf } from '../../../src/domain/checksum/crc.ts';
import { hdfsPath } from '../../../src/domain/names.ts';
import { WebHdfsClient } from '../../../src/hdfs-webhdfs-client/index.ts';
import { startWebHdfsServer, type SandboxWebHdfs } from '../../../src/sandbox/webhdfs/webhdfs-server.ts';
import { describeSourceFileSystem, type SourceWorld } from '../../contracts/source-file-system.ts';
import { connectSource } from './connect-source.ts';

const open = (server: 'webHdfsUrl' | 'httpFsUrl') => async (): Promise<SourceWorld> => {
  const directory = mkdtempSync(join(tmpdir(), 'lakelift-source-'));
  const sandbox = await startWebHdfsServer({ directory, listLimit: 100 });
  return connectSource({
    url: sandbox[server],
    superuser: 'hdfs',
    close: async () => {
      await sandbox.close();
      rmSync(directory, { recursive: true });
    },
  });
};

describe('The source on the sandbox NameNode', () => describeSourceFileSystem(open('webHdfsUrl')));
describe('The source on the sandbox HttpFS', () => describeSourceFileSystem(open('httpFsUrl')));

describe('What only the sandbox can show', () => {
  const directory = mkdtempSync(join(tmpdir(), 'lakelift-source-special-'));
  let sandbox: SandboxWebHdfs;
  let source: WebHdfsSourceFileSystem;
  let httpFs: WebHdfsSourceFileSystem;

  beforeAll(async () => {
    sandbox = await startWebHdfsServer({ directory, httpFsChecksum: 'composite' });
    const connect = (url: string) =>
      new WebHdfsSourceFileSystem(
        new WebHdfsClient({ nameNodes: [url], authentication: { kind: 'user', user: 'hdfs' } }),
      );
    source = connect(sandbox.webHdfsUrl);
    httpFs = connect(sandbox.httpFsUrl);
  });
  afterAll(async () => {
    await sandbox.close();
    rmSync(directory, { recursive: true });
  });

  it('tells symbolic links and where they lead', async () => {
    sandbox.fileSystem.makeLink('/links/link', '/data/elsewhere');
    const symlink = { path: '/links/link', symlinkTarget: '/data/elsewhere' };
    expect(await Array.fromAsync(source.listDirectory(hdfsPath('/links')))).toEqual([{ kind: 'symlink', symlink }]);
    expect(await source.findEntry(hdfsPath('/links/link'))).toEqual({ kind: 'symlink', symlink });
  });

  it('tells encrypted and erasure-coded files', async () => {
    const flags = { isEncrypted: true, isErasureCoded: true };
    sandbox.fileSystem.writeFile('/flagged', Buffer.from('x'), { flags });
    expect(await source.findEntry(hdfsPath('/flagged'))).toMatchObject({ kind: 'file', file: flags });
  });

  it('has no checksum where the cluster has none', async () => {
    sandbox.fileSystem.writeFile('/mixed', Buffer.from('x'), { flags: { hasNoChecksum: true } });
    expect(await source.findChecksum(hdfsPath('/mixed'))).toBeUndefined();
  });

  it('reads the composite checksum of an HttpFS that is set so: the plain CRC of the content', async () => {
    const body = Buffer.alloc(5000, 'composite');
    sandbox.fileSystem.writeFile('/composite', body, { blockSizeBytes: 1024 });
    expect(await httpFs.findChecksum(hdfsPath('/composite'))).toEqual({
      kind: 'composite-crc',
      crcType: 'CRC32C',
      crc: crcOf('CRC32C').sum(body),
    });
  });
});
