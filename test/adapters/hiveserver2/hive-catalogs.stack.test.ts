import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, inject } from 'vitest';
import { hiveCatalogsContract } from '../../contracts/hive-catalogs.ts';
import { startHive4 } from '../../stack/hive4.ts';

const stack = inject('stack');

describe.skipIf(stack === undefined)('Hive on the stack', () => {
  if (stack === undefined) return;
  const { metastore, hiveServer2, hdfsAuthority, hdfsUser: user } = stack;

  hiveCatalogsContract('Hive 3.1.3', () =>
    Promise.resolve({ metastore, hiveServer2, user, stop: () => Promise.resolve() }),
  );

  hiveCatalogsContract('Hive 4.0.1', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'lakelift-hive4-'));
    const hive = await startHive4(directory, hdfsAuthority);
    const stop = async (): Promise<void> => {
      await Promise.all(hive.servers.map((server) => server.stop()));
      await rm(directory, { recursive: true, force: true });
    };
    return { ...hive, user, stop };
  });
});
