import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { locatedBlocks } from '../../src/hdfs-webhdfs-client/blocks/located-blocks.ts';
import { startWebHdfsServer } from '../../src/sandbox/webhdfs/webhdfs-server.ts';
import { describeBlockChecksums, type ChecksumWorld } from '../contracts/block-checksums.ts';

const open = async (): Promise<ChecksumWorld> => {
  const directory = mkdtempSync(join(tmpdir(), 'lakelift-block-checksums-'));
  const sandbox = await startWebHdfsServer({ directory, dataPorts: 2 });
  return {
    url: sandbox.webHdfsUrl,
    superuser: 'hdfs',
    // As a NameNode says it over RPC, which the sandbox does not speak.
    locate: async (path, signal) => {
      signal?.throwIfAborted();
      const url = `${sandbox.webHdfsUrl}/webhdfs/v1${path}?op=GET_BLOCK_LOCATIONS&user.name=hdfs`;
      return { ...locatedBlocks(await (await fetch(url)).json()), isStriped: false };
    },
    close: async () => {
      await sandbox.close();
      rmSync(directory, { recursive: true });
    },
  };
};

describe('Checksums of blocks of the sandbox', () => describeBlockChecksums(open));
