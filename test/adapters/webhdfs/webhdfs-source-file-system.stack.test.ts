import { describe, inject } from 'vitest';
import { describeSourceFileSystem } from '../../contracts/source-file-system.ts';
import { connectSource } from './connect-source.ts';

const stack = inject('stack');

const open = (server: 'webHdfsUrl' | 'httpFsUrl') => async () =>
  connectSource({ url: stack![server], superuser: stack!.hdfsUser, close: () => Promise.resolve() });

describe.skipIf(stack === undefined)('The source on a real NameNode', () =>
  describeSourceFileSystem(open('webHdfsUrl')),
);
describe.skipIf(stack === undefined)('The source on a real HttpFS', () => describeSourceFileSystem(open('httpFsUrl')));
