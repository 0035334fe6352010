import { SqliteLedger } from '../../../src/adapters/ledger/sqlite-ledger.ts';
import type { RunId, UseCaseId } from '../../../src/domain/names.ts';

/** Records outcomes without end and prints the number of the last one that is surely on disk. */
const [path] = process.argv.slice(2);
const ledger = new SqliteLedger(path!, 'x' as UseCaseId);
for (let i = 0; ; i++) {
  try {
    ledger.recordOutcome('r' as RunId, { itemId: String(i), status: 'verified', message: 'm'.repeat(200) });
    if (i % 7 === 0) {
      await ledger.flush();
      process.stdout.write(`${i}\n`);
    }
  } catch (error) {
    process.stdout.write(`${(error as { code?: string }).code}\n`);
    break;
  }
}
