import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { startWebHdfsServer } from '../../src/sandbox/webhdfs/webhdfs-server.ts';
import { describeWebHdfsFaults, type ServerToSpoil } from '../contracts/webhdfs-faults.ts';

const open = (server: 'webHdfsUrl' | 'httpFsUrl') => async (): Promise<ServerToSpoil> => {
  const directory = mkdtempSync(join(tmpdir(), 'lakelift-faults-'));
  const sandbox = await startWebHdfsServer({ directory });
  const close = async () => {
    await sandbox.close();
    rmSync(directory, { recursive: true });
  };
  return { url: sandbox[server], close };
};

describe('WebHdfsClient under faults, sandbox NameNode', () => describeWebHdfsFaults(open('webHdfsUrl'), true));
describe('WebHdfsClient under faults, sandbox HttpFS', () => describeWebHdfsFaults(open('httpFsUrl'), false));
