import { measureCatalog } from './catalog.ts';
import { measureDsn } from './dsn.ts';
import { measureFingerprints } from './fingerprint.ts';
import { measureInventory } from './inventory.ts';
import { measureOneFile } from './one-file.ts';
import { measureReconcile } from './reconcile.ts';
import { distCpContender } from './distcp.ts';
import { startDistantStore } from './distant-store.ts';
import { floorContender } from './floor.ts';
import { createLargeFiles, createSmallFiles } from './data.ts';
import { lakeliftContender, lakeliftRunContender } from './lakelift.ts';
import { libStorageContender } from './lib-storage.ts';
import { parseOptions, type Options } from './options.ts';
import { race } from './race.ts';
import { rcloneContender } from './rclone.ts';
import { placeOfTables, replaceTables } from './replace-tables.ts';
import { startServers } from './servers.ts';
import { tables } from './tables.ts';
import { warmMemory } from './warm-memory.ts';

const CONTENDERS = [
  rcloneContender,
  lakeliftContender,
  lakeliftRunContender,
  floorContender,
  libStorageContender,
  distCpContender,
];

const options = parseOptions(process.argv.slice(2));
if (options !== undefined) {
  if (options.writeTo !== undefined) await placeOfTables(options.writeTo);
  const measured = await run(options);
  console.log(measured);
  if (options.writeTo !== undefined) await replaceTables(options.writeTo, measured);
}

function run(options: Options): Promise<string> {
  switch (options.mode) {
    case 'transfer':
      return transfer(options);
    case 'one-file':
      return measureOneFile(options.largeBytes);
    case 'inventory':
      return measureInventory(options.smallFiles);
    case 'reconcile':
      return measureReconcile(options.smallFiles, options.partitions);
    case 'fingerprint':
      return measureFingerprints(options.rows);
    case 'catalog':
      return measureCatalog(options);
    case 'dsn':
      return measureDsn(options.largeBytes / 1e6);
  }
}

/** Large and small files by every contender. Servers are stopped whatever happens, Ctrl-C included. */
async function transfer({
  rounds,
  largeFiles,
  largeBytes,
  smallFiles,
  contenders,
  dataDirectory,
  blockTokens,
  storeDelayMs,
}: Options): Promise<string> {
  const cool = await warmMemory(dataDirectory);
  const servers = await startServers({ dataDirectory, blockTokens }).catch(async (error: unknown) => {
    await cool();
    throw error;
  });
  const distant = storeDelayMs > 0 ? await startDistantStore(servers.s3Endpoint, storeDelayMs) : undefined;
  const stop = async (): Promise<void> => {
    distant?.stop();
    await servers.stop();
    await cool();
  };
  const onSignal = (): void => void stop().finally(() => process.exit(130));
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    const loads = [
      ...(largeFiles > 0 ? [await createLargeFiles(servers, dataDirectory, largeFiles, largeBytes)] : []),
      ...(smallFiles > 0 ? [await createSmallFiles(servers, dataDirectory, smallFiles)] : []),
    ];
    const chosen = CONTENDERS.filter(({ name }) => contenders?.includes(name) ?? true);
    const seen = distant === undefined ? servers : { ...servers, s3Endpoint: distant.url };
    return tables(await race(seen, loads, { contenders: chosen, rounds }));
  } finally {
    await stop();
  }
}
