import type { GeneratedFile } from './blueprint.ts';

export type Json = Readonly<Record<string, unknown>>;

/** Two spaces, keys in the order in which they were made. */
export function jsonFile(path: string, content: Json): GeneratedFile {
  return { path, text: `${JSON.stringify(content, null, 2)}\n` };
}
