import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LakeliftError } from '../../errors.ts';

const VERSION = 4;

/** A plan in the making; `REPLACE_ITEMS` puts it in the place of the old one. */
const NEW_ITEM =
  'CREATE TABLE new_item (id TEXT PRIMARY KEY, kind TEXT NOT NULL, scope TEXT NOT NULL, verdict TEXT NOT NULL, size_bytes INTEGER NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID';

/** By name, not row by row: a million items change places as fast as one. */
export const REPLACE_ITEMS = `DROP TABLE item; ALTER TABLE new_item RENAME TO item; CREATE INDEX item_by_scope ON item (scope, kind); ${NEW_ITEM}`;

/** Of the partitions of the plan; since version 2. */
const LAYOUT = 'CREATE TABLE layout (hash TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID';

const TABLES = `
  CREATE TABLE plan (only INTEGER PRIMARY KEY CHECK (only = 1), summary TEXT NOT NULL) STRICT;
  CREATE TABLE item (id TEXT PRIMARY KEY, kind TEXT NOT NULL, scope TEXT NOT NULL, verdict TEXT NOT NULL, size_bytes INTEGER NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  ${NEW_ITEM}; CREATE INDEX item_by_scope ON item (scope, kind);
  ${LAYOUT};
  CREATE TABLE run (run_id TEXT PRIMARY KEY, started_at_ms INTEGER NOT NULL, status TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE TABLE outcome (run_id TEXT NOT NULL, item_id TEXT NOT NULL, status TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (run_id, item_id)) STRICT, WITHOUT ROWID;
  CREATE INDEX outcome_by_status ON outcome (run_id, status);
  CREATE TABLE object (bucket TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (bucket, key)) STRICT, WITHOUT ROWID;
  CREATE TABLE upload (bucket TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (bucket, key)) STRICT, WITHOUT ROWID;
  CREATE TABLE part (bucket TEXT NOT NULL, key TEXT NOT NULL, part_number INTEGER NOT NULL, body TEXT NOT NULL, chunk_crcs BLOB NOT NULL, PRIMARY KEY (bucket, key, part_number)) STRICT;
  CREATE TABLE document (run_id TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (run_id, name)) STRICT, WITHOUT ROWID;
`;

/** Since version 3. */
const CONVERSIONS = `
  CREATE TABLE conversion (scope TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE staged_file (scope TEXT NOT NULL, relative TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (scope, relative)) STRICT, WITHOUT ROWID;
`;

/** Since version 4. */
const APPROVALS = `
  CREATE TABLE approval (only INTEGER PRIMARY KEY CHECK (only = 1), body TEXT NOT NULL) STRICT;
  CREATE TABLE approved_line (id TEXT PRIMARY KEY, kind TEXT NOT NULL, scope TEXT NOT NULL, verdict TEXT NOT NULL, size_bytes INTEGER NOT NULL, digest TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/** What each version added to the one before, from version 2 on. */
const ADDED = [`${LAYOUT};`, CONVERSIONS, APPROVALS];

/**
 * Opens (or makes) a ledger file, readable by its owner only. WAL, so that readers never wait for the writer; its log is brought to disk by LogSync,
 * and by SQLite before anything of it goes into the ledger itself. An empty path is a private file that SQLite removes itself, even after a kill. Throws `unsupported` for a ledger of a newer version, `corrupt` for a file that is none.
 */
export function openLedgerFile(path: string): DatabaseSync {
  if (path !== ':memory:' && path !== '') {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Before SQLite writes anything: the files that it adds beside the ledger take over its permissions.
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
  }
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
    migrate(database, path);
  } catch (cause) {
    database.close();
    if (cause instanceof LakeliftError) throw cause;
    throw new LakeliftError(`${path} is not a ledger: ${(cause as Error).message}`, {
      kind: 'corrupt',
      code: 'LEDGER_UNREADABLE',
      subject: path,
      hint: 'Restore it from a backup. Without it nothing at the target is lost: move it away, and the next run recognises finished objects by their metadata.',
      cause,
    });
  }
  return database;
}

function migrate(database: DatabaseSync, path: string): void {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > VERSION) {
    const hint = 'Use the version of lakelift that wrote it, or a newer one.';
    throw new LakeliftError(`${path} was written by a newer lakelift (ledger version ${version})`, {
      kind: 'unsupported',
      code: 'LEDGER_TOO_NEW',
      subject: path,
      hint,
    });
  }
  if (version === VERSION) return;
  const changes = version === 0 ? [TABLES, CONVERSIONS, APPROVALS] : ADDED.slice(version - 1);
  database.exec(`BEGIN; ${changes.join(' ')} PRAGMA user_version = ${VERSION}; COMMIT`);
}
