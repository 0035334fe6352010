import { readFileSync } from 'node:fs';
import type { GeneratedFile } from '../blueprint.ts';

export type PythonModule =
  | 'beside'
  | 'dataiku'
  | 'dsn'
  | 'dsn_files'
  | 'job'
  | 'leaks'
  | 'rows'
  | 'rules'
  | 'small_files'
  | 'table_files'
  | 'treatments';

/** Modules that a generated program takes along, in its folder. */
export function pythonModules(folder: string, names: readonly PythonModule[]): GeneratedFile[] {
  return names.map((name) => {
    const file = `lakelift_${name}.py`;
    return { path: `${folder}/${file}`, text: readFileSync(new URL(file, import.meta.url), 'utf8') };
  });
}
