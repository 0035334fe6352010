import type { Reason, Verdict } from './plan.ts';

export interface NameRuling {
  readonly verdict: Extract<Verdict, 'skip' | 'refuse'>;
  readonly reason: Reason;
}

/** Left by jobs that run or died; never data. `.Trash` holds what users deleted. */
const TRANSIENT = /^(\.hive-staging.*|_temporary|_tmp\..*|\.Trash|_distcp_.*|\.distcp\..*)$/;

/** A file that `hdfs dfs -put` has not finished: its bytes are incomplete, and its name is not hidden from readers. */
function unfinished(name: string): NameRuling | undefined {
  if (!name.endsWith('._COPYING_')) return undefined;
  const text = 'an unfinished upload to HDFS: its bytes are incomplete';
  const hint = 'Wait for the upload to end, or delete the remains, then plan again.';
  return { verdict: 'refuse', reason: { code: 'UNFINISHED_UPLOAD', text, hint } };
}

function transient(name: string): NameRuling | undefined {
  if (!TRANSIENT.test(name)) return undefined;
  return { verdict: 'skip', reason: { code: 'TRANSIENT', text: 'left by a job or by the trash; never data' } };
}

/** Where hadoop-lzo may split a file; Hive's LZO input format skips it, and read as text it would be rows of noise. */
function lzoIndex(name: string): NameRuling | undefined {
  if (!name.endsWith('.lzo.index')) return undefined;
  return { verdict: 'skip', reason: { code: 'LZO_INDEX', text: 'an index of an LZO file, not rows' } };
}

/** Whether an entry below a table is left out by its name: Hive and Athena skip names that begin with `_` or `.`. */
export function rulingOnTableEntry(name: string): NameRuling | undefined {
  const ruling = unfinished(name) ?? transient(name) ?? lzoIndex(name);
  if (ruling !== undefined || !/^[_.]/.test(name)) return ruling;
  const text = 'hidden: Hive and Athena skip names that begin with "_" or "."';
  return { verdict: 'skip', reason: { code: 'HIDDEN', text } };
}

/** The same below a mapped directory, where the convention of Hive does not hold and such a name may be data. */
export function rulingOnPathEntry(name: string): NameRuling | undefined {
  return unfinished(name) ?? transient(name);
}
