import { readFileSync } from 'node:fs';
import type { GeneratedFile } from '../blueprint.ts';

export type PythonModule =
  'dataiku' | 'dsn' | 'job' | 'leaks' | 'refresh' | 'rows' | 'rules' | 'small_files' | 'treatments';

/** Modules that a generated program takes along, in its folder. */
export function pythonModules(folder: string, names: readonly PythonModule[]): GeneratedFile[] {
  return names.map((name) => {
    const file = `lakelift_${name}.py`;
    return { path: `${folder}/${file}`, text: readFileSync(new URL(file, import.meta.url), 'utf8') };
  });
}
