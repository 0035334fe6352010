import type { ColumnClass } from '../mapping.ts';
import { proposeColumn } from './column-class.ts';
import { namesSomebody } from './personal-patterns.ts';

const SUSPECT: ReadonlySet<ColumnClass> = new Set(['identifier', 'quasi-identifier', 'free-text']);

/**
 * Whether nothing else explains what looks like a number of somebody: by the class that people gave the column, or by a name that leaves no doubt. Elsewhere such
 * numbers may be amounts, orders and instants.
 */
export function isSuspect(kind: ColumnClass, names: readonly string[]): boolean {
  return SUSPECT.has(kind) || names.some((name) => SUSPECT.has(proposeColumn(name.toLowerCase()).class));
}

/** As {@link namesSomebody}, and for `nir=1850578006084` by the name in front as well. */
export function pathNamesSomebody(path: string): boolean {
  if (namesSomebody(path)) return true;
  return path.split('/').some((segment) => {
    const [, name, value] = /^([^=]+)=(.*)$/.exec(segment) ?? [];
    return name !== undefined && value !== undefined && isSuspect('unclassified', [name]) && namesSomebody(value, true);
  });
}
