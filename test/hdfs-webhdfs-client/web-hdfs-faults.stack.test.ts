import { describe, inject } from 'vitest';
import { describeWebHdfsFaults, type ServerToSpoil } from '../contracts/webhdfs-faults.ts';

const stack = inject('stack');

const open = (server: 'webHdfsUrl' | 'httpFsUrl') => async (): Promise<ServerToSpoil> => ({
  url: stack![server],
  close: () => Promise.resolve(),
});

describe.skipIf(stack === undefined)('WebHdfsClient under faults, real NameNode', () =>
  describeWebHdfsFaults(open('webHdfsUrl'), true),
);
describe.skipIf(stack === undefined)('WebHdfsClient under faults, real HttpFS', () =>
  describeWebHdfsFaults(open('httpFsUrl'), false),
);
