import { DsnParser } from '../../domain/dsn/dsn-parser.ts';
import type { DsnFault } from '../../domain/dsn/dsn-record.ts';
import { dsnRow, dsnTable } from '../../domain/dsn/dsn-table.ts';
import type { DsnFileSummary, DsnTables } from '../../ports/dsn-tables.ts';

export interface DsnFile {
  /** As its rows shall name it. */
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
}

export interface ReadDsnRequest {
  readonly files: AsyncIterable<DsnFile> | Iterable<DsnFile>;
  readonly tables: DsnTables;
  readonly onFile?: (summary: DsnFileSummary) => void;
  readonly signal: AbortSignal;
}

/**
 * Turns DSN files into one table per block, in memory that does not grow with them. What cannot be read goes to quarantine with its line; a file that is
 * not as complete as its trailer says is read all the same, and said to be so. Nothing is in place when it throws.
 */
export async function readDsn({ files, tables, onFile, signal }: ReadDsnRequest): Promise<DsnFileSummary[]> {
  const summaries: DsnFileSummary[] = [];
  try {
    for await (const file of files) {
      const summary = await readFile(file, tables, signal);
      summaries.push(summary);
      onFile?.(summary);
    }
    await tables.finish(summaries);
    return summaries;
  } catch (error) {
    await tables.discard();
    throw error;
  }
}

async function readFile({ name, content }: DsnFile, tables: DsnTables, signal: AbortSignal): Promise<DsnFileSummary> {
  let typeFaults = 0;
  const quarantine = (fault: DsnFault): void => tables.quarantine(name, fault);
  const onTypeFault = (fault: DsnFault): void => {
    typeFaults++;
    quarantine(fault);
  };
  const parser = new DsnParser({
    record: (record) => tables.add(dsnTable(record.block), dsnRow(record, name, onTypeFault)),
    fault: quarantine,
  });
  for await (const bytes of content) {
    signal.throwIfAborted();
    parser.push(bytes);
    await tables.flush();
  }
  const summary = parser.end();
  await tables.flush();
  return { file: name, ...summary, faultCount: summary.faultCount + typeFaults };
}
