import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { startWebHdfsServer } from '../../src/sandbox/webhdfs/webhdfs-server.ts';
import { describeWebHdfsClient, type WebHdfsWorld } from '../contracts/webhdfs-client.ts';

const open = (server: 'webHdfsUrl' | 'httpFsUrl') => async (): Promise<WebHdfsWorld> => {
  const directory = mkdtempSync(join(tmpdir(), 'lakelift-webhdfs-'));
  const sandbox = await startWebHdfsServer({ directory, listLimit: 100 });
  const close = async () => {
    await sandbox.close();
    rmSync(directory, { recursive: true });
  };
  const isHttpFs = server === 'httpFsUrl';
  return { url: sandbox[server], superuser: 'hdfs', checksTokens: isHttpFs, comparesWithNow: !isHttpFs, close };
};

describe('WebHdfsClient on the sandbox NameNode', () => describeWebHdfsClient(open('webHdfsUrl')));
describe('WebHdfsClient on the sandbox HttpFS', () => describeWebHdfsClient(open('httpFsUrl')));
