import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeToken } from '../../src/hdfs-webhdfs-client/blocks/block-token.ts';
import { startWebHdfsServer } from '../../src/sandbox/webhdfs/webhdfs-server.ts';
import { describeBlockReads, type BlockWorld } from '../contracts/block-reads.ts';

const open = (server: 'webHdfsUrl' | 'httpFsUrl') => async (): Promise<BlockWorld> => {
  const directory = mkdtempSync(join(tmpdir(), 'lakelift-blocks-'));
  const sandbox = await startWebHdfsServer({ directory, dataPorts: 2 });
  const close = async () => {
    await sandbox.close();
    rmSync(directory, { recursive: true });
  };
  return { url: sandbox[server], superuser: 'hdfs', close };
};

describe('Blocks of the sandbox', () => describeBlockReads(open('webHdfsUrl')));
describe('Blocks through the HttpFS of the sandbox', () => describeBlockReads(open('httpFsUrl')));

describe('A block token', () => {
  it('is read from its URL-safe form, long fields included', () => {
    const identifier = Buffer.alloc(200, 'i');
    const bytes = Buffer.concat([
      Buffer.from([0x8f, 200]),
      identifier,
      Buffer.from([2, 1, 2]),
      Buffer.from([3]),
      Buffer.from('BLK'),
      Buffer.from([0]),
    ]);
    expect(decodeToken(bytes.toString('base64url'))).toEqual({
      identifier,
      password: Buffer.from([1, 2]),
      kind: 'BLK',
      service: '',
    });
  });

  it('is empty where the cluster issues none, and refused where it is cut off', () => {
    expect(decodeToken('AAAAAA')).toMatchObject({ kind: '', service: '' });
    expect(() => decodeToken('BQ')).toThrow(RangeError);
  });
});
