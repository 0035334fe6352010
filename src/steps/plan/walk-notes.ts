import type { Reason } from '../../domain/plan.ts';
import { codecNotes } from '../../domain/rules/text-codec.ts';
import { MANY_FILES, SMALL_FILE_BYTES } from '../../domain/small-files.ts';
import type { WalkTotals } from './walk-folder.ts';

/** What a reviewer should know about the files of a table. */
export function walkNotes(totals: WalkTotals, parameters: Readonly<Record<string, string>>): Reason[] {
  const notes: Reason[] = [];
  if (totals.directories > 0) {
    const text = `${totals.directories} directories below its folders: Athena reads them, Hive only where it is set to (mapred.input.dir.recursive)`;
    notes.push({ code: 'NESTED_DIRECTORIES', text });
  }
  const format = parameters['classification'];
  if (totals.emptyFiles > 0 && (format === 'parquet' || format === 'orc' || format === 'avro')) {
    const text = `${totals.emptyFiles} files of zero bytes are copied; Athena may fail on them in this format`;
    notes.push({ code: 'ZERO_BYTE_FILES', text });
  }
  notes.push(...smallFileNotes(totals), ...codecNotes(totals.codecs, format));
  return notes;
}

const MEBIBYTE = 1024 * 1024;

function smallFileNotes({ files, smallFiles, sizeBytes }: WalkTotals): Reason[] {
  if (smallFiles < MANY_FILES) return [];
  const share = Math.floor((100 * smallFiles) / files);
  const average = Math.ceil(sizeBytes / files / 1024);
  const text = `${smallFiles} of its ${files} files (${share} %) have less than ${SMALL_FILE_BYTES / MEBIBYTE} MiB, and all have ${average} KiB on average: slow to read`;
  const hint = 'To have them joined, set "storage: convert" with the zone cleaned; in raw they stay as they are.';
  return [{ code: 'SMALL_FILES', text, hint }];
}
