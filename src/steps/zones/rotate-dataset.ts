import { doubleQuotes, standardLiteral } from '../../domain/fingerprint/dialect.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import type { PlannedDataset } from '../../domain/privacy/planned-dataset.ts';
import {
  pseudonymPattern,
  schemeText,
  schemeTexts,
  turnableVersions,
  turnedPseudonymSql,
  type PseudonymScheme,
} from '../../domain/privacy/pseudonym.ts';
import { LakeliftError } from '../../errors.ts';
import type { DatasetEngine, DatasetSession } from '../../ports/dataset-engine.ts';
import type { CatalogedTable, TargetCatalog } from '../../ports/target-catalog.ts';
import { findTableBeside } from './change-small-files.ts';
import { PSEUDONYMS_PARAMETER } from './register-dataset.ts';
import { asStanding, writeDataset, type WrittenDataset } from './write-dataset.ts';

export interface RotateRequest {
  readonly planned: PlannedDataset;
  /** With the versions that it goes on from. */
  readonly scheme: PseudonymScheme;
  /** The new one, and those between it and versions before the last, as far as they are at hand. */
  readonly keys: ReadonlyMap<number, Uint8Array>;
  readonly engine: DatasetEngine;
  readonly catalog: Pick<TargetCatalog, 'findTable'>;
  readonly signal: AbortSignal;
}

export interface RotatedDataset {
  readonly written: WrittenDataset;
  /** Columns whose pseudonyms were turned into new ones. */
  readonly rotated: readonly string[];
}

/**
 * A published dataset with pseudonyms of the new version in place of an earlier one's, and everything else as it was: raw is not read. undefined where there is
 * nothing to do: it has no pseudonyms, or those of the new version, or only functions wrote beside it. Writes nowhere. A rotation that was cut off goes on. Throws `usage` for a dataset that does not
 * stand, is no longer as declared, or stands under another scheme.
 */
export async function rotateDataset(request: RotateRequest): Promise<RotatedDataset | undefined> {
  const { planned, scheme, keys, engine, catalog, signal } = request;
  const { dataset, output } = planned;
  const place = { database: dataset.target.database, name: dataset.target.table };
  const found = await catalog.findTable(place, signal);
  if (found === undefined && (await findTableBeside({ dataset }, request)) !== undefined) return undefined;
  if (found === undefined) throw refused(dataset, 'it does not stand yet', 'Build it first.');
  if (!isToDo(found, request)) return undefined;
  const session = await engine.open([place], signal);
  try {
    refuseChanged(
      dataset,
      session.columnsOf(place).map(({ name }) => name),
      output.map(({ name }) => name),
    );
    await session.useKeys(keys);
    await session.create(`SELECT * FROM ${session.relationOf(place)}`);
    const versions = turnableVersions(scheme, keys);
    const rotated = await pseudonymColumns(session, asStanding(dataset, found.table), versions);
    await session.create(rotatedSql(rotated, versions));
    return { written: await writeDataset(session, asStanding(dataset, found.table), output), rotated };
  } finally {
    await session.close();
  }
}

function isToDo({ table }: CatalogedTable, { planned: { dataset }, scheme, keys }: RotateRequest): boolean {
  const standing = table.parameters[PSEUDONYMS_PARAMETER];
  if (standing === undefined || standing === schemeText(scheme)) return false;
  const { domain, version, from = [] } = scheme;
  const [, ...earlier] = schemeTexts(scheme);
  const between = from.slice(0, Math.max(0, earlier.indexOf(standing)));
  const missing = between.filter((one) => !keys.has(one));
  if (missing.length > 0) {
    const hint = `Give it under "earlier" of privacy.keys.${domain}, or build again from raw.`;
    throw refused(
      dataset,
      `its pseudonyms are ${standing}, and there is no key of version ${missing.join(', ')}`,
      hint,
    );
  }
  if (earlier.includes(standing)) return true;
  const hint = `Name the version that it stands under: "pseudonyms: { domain: ${domain}, version: ${version}, from: … }".`;
  throw refused(dataset, `its pseudonyms are ${standing}, not ${earlier[0] ?? 'of a version to go on from'}`, hint);
}

function refuseChanged(dataset: Dataset, standing: readonly string[], declared: readonly string[]): void {
  if (standing.toSorted().join() === declared.toSorted().join()) return;
  throw refused(dataset, 'its columns are no longer those that are declared', 'Build it again from raw instead.');
}

/** Columns of text whose values are all pseudonyms, of an earlier version or, where a rotation was cut off, of the new one. */
async function pseudonymColumns(
  session: DatasetSession,
  dataset: Dataset,
  versions: readonly number[],
): Promise<string[]> {
  const pattern = standardLiteral(versions.map(pseudonymPattern).join('|'));
  const columns: string[] = [];
  for (const { name, type } of await session.describe()) {
    if (type !== 'string' || dataset.partitions.includes(name)) continue;
    const column = doubleQuotes(name);
    const matches = `regexp_full_match(${column}, ${pattern})`;
    const count = (condition: string): Promise<number> =>
      session.count(`SELECT count(*) FROM dataset WHERE ${condition}`);
    if ((await count(matches)) === 0) continue;
    if ((await count(`NOT ${matches}`)) > 0)
      throw refused(dataset, `${name} holds pseudonyms and other values`, 'Build it again from raw instead.');
    columns.push(name);
  }
  return columns;
}

function rotatedSql(columns: readonly string[], versions: readonly number[]): string {
  if (columns.length === 0) return 'SELECT * FROM dataset';
  const turned = columns.map(doubleQuotes).map((column) => `${turnedPseudonymSql(versions, column)} AS ${column}`);
  return `SELECT * REPLACE (${turned.join(', ')}) FROM dataset`;
}

function refused({ name }: Dataset, what: string, hint: string): LakeliftError {
  return new LakeliftError(`${name} cannot be rotated: ${what}`, {
    kind: 'usage',
    code: 'ROTATION_REFUSED',
    subject: name,
    hint: `${hint} Nothing was written.`,
  });
}
