import type { BatchRecord } from '../../domain/batch/batch-record.ts';
import type { BatchHistory } from '../../ports/batch-history.ts';
import type { StateStore } from '../../ports/state-store.ts';

const FOLDER = 'batches/';
/** As far back as anybody looks; each is a request. */
const READ = 30;

/** Batches where the state of the project is kept, so that the next CI job knows of them. */
export class StoredBatchHistory implements BatchHistory {
  readonly #open: () => StateStore;

  constructor(open: () => StateStore) {
    this.#open = open;
  }

  add(record: BatchRecord): Promise<void> {
    return this.#with(async (store) => {
      const text = `${JSON.stringify(record, null, 2)}\n`;
      await store.putText(`${FOLDER}${record.batchId}.json`, text, { kind: 'if-absent' });
    });
  }

  list(): Promise<BatchRecord[]> {
    return this.#with(async (store) => {
      const names = (await Array.fromAsync(store.list(FOLDER))).sort((a, b) => (a < b ? 1 : -1)).slice(0, READ);
      const texts = await Promise.all(names.map((name) => store.findText(`${FOLDER}${name}`)));
      return texts.flatMap((found) => (found === undefined ? [] : [JSON.parse(found.text) as BatchRecord]));
    });
  }

  async #with<Result>(work: (store: StateStore) => Promise<Result>): Promise<Result> {
    const store = this.#open();
    try {
      return await work(store);
    } finally {
      store.close();
    }
  }
}
