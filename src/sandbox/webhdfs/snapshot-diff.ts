import type { FolderNode, Node } from './nodes.ts';

export interface DiffEntry {
  readonly type: 'CREATE' | 'MODIFY' | 'DELETE';
  readonly sourcePath: string;
}

/** What changed from one state of a folder to another, paths relative to it. */
export function snapshotDiff(older: FolderNode, newer: FolderNode, path = ''): DiffEntry[] {
  const entries: DiffEntry[] = [];
  const at = (name: string): string => (path === '' ? name : `${path}/${name}`);
  for (const name of older.children.keys())
    if (!newer.children.has(name)) entries.push({ type: 'DELETE', sourcePath: at(name) });
  for (const [name, node] of newer.children) {
    const before = older.children.get(name);
    if (before === undefined) entries.push({ type: 'CREATE', sourcePath: at(name) });
    else if (before.kind === 'folder' && node.kind === 'folder') entries.push(...snapshotDiff(before, node, at(name)));
    else if (differs(before, node)) entries.push({ type: 'MODIFY', sourcePath: at(name) });
  }
  const hasChanged =
    [...newer.children.keys()].some((name) => !older.children.has(name)) ||
    [...older.children.keys()].some((name) => !newer.children.has(name));
  return hasChanged ? [{ type: 'MODIFY', sourcePath: path }, ...entries] : entries;
}

function differs(a: Node, b: Node): boolean {
  return a.kind !== b.kind || (a.kind === 'file' && b.kind === 'file' && a.blob !== b.blob);
}
