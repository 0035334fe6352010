import type { Reason } from '../plan.ts';
import { whichOf, type SampledMarks } from '../writer-marks/sampled-file.ts';
import type { Classification } from './storage-format.ts';
import { codecSettingProblems } from './text-codec.ts';

const HINT =
  'Write the table again on the cluster without encryption of columns, as a user who may use the keys, or leave it out with "skip".';

/** Of columns that files keep encrypted (Parquet modular encryption, ORC since 1.6); zones of HDFS, which decrypt for whoever may read, are another matter. */
export function encryptionProblem(files: readonly SampledMarks[]): Reason | undefined {
  const concerned = files.filter(({ isEncrypted }) => isEncrypted === true);
  if (concerned.length === 0) return undefined;
  const text = `columns are encrypted in files of it, and Athena has no keys: it fails, or shows what stands there for those without (${whichOf(concerned, files.length)})`;
  return { code: 'ENCRYPTED_COLUMNS', text, hint: HINT };
}

/** Of a table, that tells which columns its files are to be written encrypted. */
const SETTINGS: Readonly<Partial<Record<Classification, RegExp>>> = {
  orc: /^orc\.encrypt$/,
  parquet: /^parquet\.encryption\.(column\.keys|footer\.key|uniform\.key)$/,
};

/** Of a table that tells its writers to use a codec that Athena does not read, or to encrypt columns. */
export function writerSettingProblems(
  parameters: Readonly<Record<string, string>>,
  classification: Classification | undefined,
): Reason[] {
  const problems = codecSettingProblems(parameters, classification);
  const setting = classification === undefined ? undefined : SETTINGS[classification];
  const name = Object.keys(parameters).find((one) => setting?.test(one) === true);
  if (name === undefined) return problems;
  const text = `its columns are to be written encrypted (${name}), and Athena has no keys`;
  const hint = `${HINT} Where no writer has heeded it, take it from the table: ALTER TABLE … UNSET TBLPROPERTIES ('${name}').`;
  return [...problems, { code: 'ENCRYPTED_COLUMNS', text, hint }];
}
