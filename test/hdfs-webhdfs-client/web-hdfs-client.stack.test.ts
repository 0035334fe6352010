import { describe, inject } from 'vitest';
import { describeWebHdfsClient, type WebHdfsWorld } from '../contracts/webhdfs-client.ts';

const stack = inject('stack');

const open = (server: 'webHdfsUrl' | 'httpFsUrl') => async (): Promise<WebHdfsWorld> => ({
  url: stack![server],
  superuser: stack!.hdfsUser,
  checksTokens: server === 'httpFsUrl',
  comparesWithNow: server === 'webHdfsUrl',
  close: () => Promise.resolve(),
});

describe.skipIf(stack === undefined)('WebHdfsClient on a real NameNode', () =>
  describeWebHdfsClient(open('webHdfsUrl')),
);
describe.skipIf(stack === undefined)('WebHdfsClient on a real HttpFS', () => describeWebHdfsClient(open('httpFsUrl')));
