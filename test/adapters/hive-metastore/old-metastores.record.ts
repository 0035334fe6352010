import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HiveMetastoreCatalog } from '../../../src/adapters/hive-metastore/hive-metastore-catalog.ts';
import { makeContent, makeTableStatistics, readAnalysisTimes, readContent } from './old-metastores-content.ts';
import { startRecorder } from './recorded-metastore.ts';

/**
 * Records what an empty metastore answers: `node old-metastores.record.ts <version> <port>`, with a metastore of that version on loopback.
 * Hive 1.1 to 2.3 run on Java 17 over Derby (hive-metastore and hadoop-common 2.7 from Maven, `datanucleus.autoCreateSchema`) once a class in
 * front sets the property java.version to 1.8, which their DataNucleus understands, and hive.metastore.expression.proxy names any class.
 */
const [version = '', port = ''] = process.argv.slice(2);
await makeContent(Number(port), 'file:/tmp/recorded');
const recorder = await startRecorder(Number(port));
const catalog = new HiveMetastoreCatalog({ addresses: [recorder.address], user: 'lakelift', connections: 1 });
await readContent(catalog);
if (version.startsWith('1.')) {
  await makeTableStatistics(Number(port));
  await readAnalysisTimes(catalog);
}
await catalog.close();
recorder.close();
const recording = JSON.stringify(recorder.recording, undefined, 1);
await writeFile(join(import.meta.dirname, 'recorded', `hive-${version}.json`), `${recording}\n`);
