import type { RunId } from '../../../src/domain/names.ts';
import { copyFiles } from '../../../src/steps/copy/copy-files.ts';
import { connect, openLedger, request, type Connections, type CopyWorld } from './copy-world.ts';

/** One run in a process of its own, so that a test can kill it. */
const [connections, ledgerPath, runId] = process.argv.slice(2) as [string, string, string];
const ledger = openLedger(ledgerPath);
const ends = connect(JSON.parse(connections) as Connections);
const limits = { filesAtOnce: 6, partsAtOnce: 4, partSizeBytes: 5 * 1024 * 1024 };
console.log('ready');
await copyFiles(request(ends as CopyWorld, ledger, { runId: runId as RunId, limits }));
ledger.close();
ends.target.close();
console.log('done', process.resourceUsage().maxRSS);
