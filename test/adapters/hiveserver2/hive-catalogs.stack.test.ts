import { describe, inject } from 'vitest';
import { hiveCatalogsContract } from '../../contracts/hive-catalogs.ts';

const stack = inject('stack');

describe.skipIf(stack === undefined)('Hive on the stack', () => {
  if (stack === undefined) return;
  const { metastore, hiveServer2, hdfsUser: user } = stack;

  hiveCatalogsContract('Hive 3.1.3', () =>
    Promise.resolve({ metastore, hiveServer2, user, isOnUtc: true, stop: () => Promise.resolve() }),
  );
});
