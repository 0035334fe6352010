import { withPseudonyms } from '../../domain/privacy/json-line.ts';
import { schemeText, turnableVersions, turnedPseudonym, type PseudonymScheme } from '../../domain/privacy/pseudonym.ts';
import { changeSmallFiles, findTableBeside, type ChangedSmallFiles } from './change-small-files.ts';
import type { DatasetPlace } from './publish-dataset.ts';
import { PSEUDONYMS_PARAMETER } from './register-dataset.ts';

export interface SmallFilesRotation extends DatasetPlace {
  /** With the versions that it goes on from. */
  readonly scheme: PseudonymScheme;
  /** The new one, and those between it and versions before the last, as far as they are at hand. */
  readonly keys: ReadonlyMap<number, Uint8Array>;
  /** Else nothing is written. */
  readonly isConfirmed: boolean;
}

/**
 * Puts pseudonyms of the new version in place of the earlier ones' in what a dataset's function wrote, each object by the versions that it has, then says so in its
 * table, once all of it is so. A rotation that was cut off goes on.
 */
export async function rotateSmallFiles(rotation: SmallFilesRotation): Promise<ChangedSmallFiles | undefined> {
  const { scheme, keys, isConfirmed } = rotation;
  const versions = turnableVersions(scheme, keys);
  const change = (line: string): string => withPseudonyms(line, (standing) => turnedPseudonym(scheme, keys, standing));
  const changed = await changeSmallFiles(rotation, { scheme, versions, change, isConfirmed });
  if (isConfirmed && changed?.left === 0) await describe(rotation);
  return changed;
}

async function describe(rotation: SmallFilesRotation): Promise<void> {
  const { catalog, scheme, signal } = rotation;
  const found = await findTableBeside(rotation, rotation);
  const standing = found?.table.parameters[PSEUDONYMS_PARAMETER];
  if (found === undefined || standing === undefined || standing === schemeText(scheme)) return;
  const parameters = { ...found.table.parameters, [PSEUDONYMS_PARAMETER]: schemeText(scheme) };
  await catalog.updateTable({ ...found.table, parameters }, found.version, signal);
}
