import { dsnTable } from '../../domain/dsn/dsn-table.ts';
import { BLOCKS } from '../../domain/dsn/norm.ts';
import type { GeneratedFile } from '../blueprint.ts';

/** The module of {@link dsnNormModule}, as `lakelift_<name>`. */
export const DSN_NORM = 'dsn_norm';

/** Of each block, what contains it, and its rubrics with their types: what lakelift_dsn.py reads files by. */
export function dsnNorm(): Record<string, { parent: string | null; rubrics: Record<string, string> }> {
  return Object.fromEntries(
    Object.keys(BLOCKS).map((block) => {
      const { parent, columns } = dsnTable(block);
      const rubrics = columns.flatMap(({ name, type, code }) => (code === undefined ? [] : [[name.slice(1), type]]));
      return [block, { parent: parent ?? null, rubrics: Object.fromEntries(rubrics) as Record<string, string> }];
    }),
  );
}

/** A module of Python, in a folder: JSON's texts are Python's too. */
export function dsnNormModule(folder: string): GeneratedFile {
  const lines = Object.entries(dsnNorm()).map(([block, { parent, rubrics }]) => {
    const above = parent === null ? 'None' : JSON.stringify(parent);
    return `    ${JSON.stringify(block)}: {"parent": ${above}, "rubrics": ${JSON.stringify(rubrics)}},`;
  });
  const text = `"""Blocks of the DSN's phase 3 norm (edition P24V01), as norm.ts has them."""\n\nBLOCKS = {\n${lines.join('\n')}\n}\n`;
  return { path: `${folder}/lakelift_${DSN_NORM}.py`, text };
}
