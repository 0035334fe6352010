import { parseArgs } from 'node:util';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

export const MODES = ['transfer', 'one-file', 'inventory', 'reconcile', 'fingerprint', 'catalog', 'dsn'] as const;
export type Mode = (typeof MODES)[number];

export interface Options {
  readonly mode: Mode;
  readonly rounds: number;
  readonly largeFiles: number;
  readonly largeBytes: number;
  readonly smallFiles: number;
  readonly partitions: number;
  readonly tables: number;
  readonly rows: number;
  readonly contenders: readonly string[] | undefined;
  /** How much later the store answers than it would next door; 0 for next door. */
  readonly storeDelayMs: number;
  /** Whether DataNodes give a block to those only whom the NameNode gave a token for it, as where there is Kerberos. */
  readonly blockTokens: boolean;
  /** Where the servers keep their data: memory where there is some, so that no disk is measured. */
  readonly dataDirectory: string;
  /** Markdown file whose tables are replaced. */
  readonly writeTo: string | undefined;
}

const MEGABYTE = 1_000_000;

const HELP = `npm run bench -- [options]

  --mode <transfer|one-file|inventory|reconcile|fingerprint|catalog|dsn>
                      transfer: large and small files, every contender, in interleaved rounds (default)
                      one-file: memory of one copy of --file-mb, 20000 unless said
                      inventory: plan and ledger of --small items, 1000000 unless said
                      reconcile: --small files in --partitions, 1000000 in 100000 unless said, with generated ends
                      fingerprint: the values of a table of --rows, by each engine of the stack
                      dsn: DSN files of --file-mb in all, 100 unless said, parsed and as tables
                      catalog: from a metastore to Glue, a table of --partitions and --tables without
  --rounds <n>        rounds of every contender (3)
  --files <n>         large files (5; 0 leaves them out)
  --file-mb <n>       size of each in MB (300)
  --small <n>         small files of 1 to 64 KB (20000; 0 leaves them out)
  --partitions <n>    partitions of one table (100000)
  --tables <n>        tables (10000)
  --rows <n>          rows of a table (1000000)
  --quick             2 rounds, 2 files of 300 MB, 2000 small files
  --only <a,b>        contenders by name: rclone, lakelift, 'lakelift run', 'receive and send', lib-storage, DistCp
  --store-delay <ms>  a store that is so far away (0)
  --block-tokens      HDFS with tokens for its blocks, as wherever there is Kerberos
  --data-dir <path>   where the servers keep their data (/dev/shm where there is one)
  --write <file>      replace the tables in this Markdown file`;

export function parseOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      mode: { type: 'string', default: 'transfer' },
      rounds: { type: 'string' },
      files: { type: 'string' },
      'file-mb': { type: 'string' },
      small: { type: 'string' },
      partitions: { type: 'string' },
      tables: { type: 'string' },
      rows: { type: 'string' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      'store-delay': { type: 'string' },
      'block-tokens': { type: 'boolean', default: false },
      'data-dir': { type: 'string' },
      write: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  const mode = MODES.find((name) => name === values.mode);
  if (mode === undefined) throw new RangeError(`--mode is one of ${MODES.join(', ')}`);
  const defaults = { ...(values.quick ? QUICK : FULL), ...OF_MODE[mode] };
  return {
    mode,
    rounds: count('rounds', values.rounds, defaults.rounds),
    largeFiles: count('files', values.files, defaults.files),
    largeBytes: count('file-mb', values['file-mb'], defaults.fileMegabytes) * MEGABYTE,
    smallFiles: count('small', values.small, defaults.small),
    partitions: count('partitions', values.partitions, 100_000),
    tables: count('tables', values.tables, 10_000),
    rows: count('rows', values.rows, 1_000_000),
    contenders: values.only?.split(','),
    storeDelayMs: count('store-delay', values['store-delay'], 0),
    blockTokens: values['block-tokens'],
    dataDirectory: values['data-dir'] ?? (mode !== 'one-file' && existsSync('/dev/shm') ? '/dev/shm' : tmpdir()),
    writeTo: values.write,
  };
}

const FULL = { rounds: 3, files: 5, fileMegabytes: 300, small: 20_000 };
const QUICK = { rounds: 2, files: 2, fileMegabytes: 300, small: 2000 };
const OF_MODE: Readonly<Record<Mode, Partial<typeof FULL>>> = {
  transfer: {},
  'one-file': { rounds: 1, files: 1, fileMegabytes: 20_000, small: 0 },
  inventory: { small: 1_000_000 },
  reconcile: { small: 1_000_000 },
  fingerprint: {},
  catalog: {},
  dsn: { fileMegabytes: 100 },
};

function count(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d+$/.test(text)) throw new RangeError(`--${name} is a whole number`);
  return Number(text);
}
