import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { startWebHdfsServer } from '../../src/sandbox/webhdfs/webhdfs-server.ts';
import { describeReadmeExamples } from '../contracts/readme-examples.ts';

describe('The examples of the README, on a sandbox whose first NameNode is in standby', () => {
  describeReadmeExamples(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'lakelift-readme-'));
    const active = await startWebHdfsServer({ directory: join(directory, 'active') });
    const standby = await startWebHdfsServer({
      directory: join(directory, 'standby'),
      faults: () => ({ kind: 'exception', exception: 'StandbyException' }),
    });
    const close = async () => {
      await Promise.all([active.close(), standby.close()]);
      rmSync(directory, { recursive: true });
    };
    return { nameNodes: [standby.webHdfsUrl, active.webHdfsUrl], close };
  });
});
