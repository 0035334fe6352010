import { expect, inject, it } from 'vitest';
import { HiveServer2Client } from '../../../src/adapters/hiveserver2/hiveserver2-client.ts';
import { HiveServer2Exporter } from '../../../src/adapters/hiveserver2/hiveserver2-exporter.ts';
import { CONVERSION_FORMATS } from '../../../src/domain/conversion.ts';
import { hdfsPath } from '../../../src/domain/names.ts';

const stack = inject('stack');

it.skipIf(stack === undefined)(
  'Hive 3 on UTC keeps wall time in every format, without the setting of Hive 4',
  async () => {
    const server = { ...stack!.hiveServer2, user: stack!.hdfsUser };
    const exporter = new HiveServer2Exporter(server, { database: 'staging', folder: hdfsPath('/staging') });
    for (const format of CONVERSION_FORMATS) expect(await exporter.keepsWallTime(format), format).toBe(true);
    await exporter.close();
    const client = new HiveServer2Client(server);
    await expect(client.run("SHOW CONF 'hive.parquet.write.int64.timestamp'")).rejects.toThrow();
    await client.close();
  },
);
