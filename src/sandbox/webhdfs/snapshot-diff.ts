import type { Call } from './operations.ts';
import { RemoteException } from './remote-exception.ts';
import type { FolderNode, Node } from './nodes.ts';

interface DiffEntry {
  readonly type: 'CREATE' | 'MODIFY' | 'DELETE' | 'RENAME';
  readonly sourcePath: string;
  readonly targetPath?: string;
}

/** GETSNAPSHOTDIFF. An empty name is the current state, which HttpFS does not take. */
export function snapshotDiffJson({ fileSystem, path, query, isHttpFs }: Call): unknown {
  const [fromSnapshot, toSnapshot] = [query.get('oldsnapshotname') ?? '', query.get('snapshotname') ?? ''];
  if (isHttpFs && toSnapshot === '') throw new RemoteException('IllegalArgumentException', 'null toSnapshot');
  fileSystem.expectSnapshottable(path);
  const folder = fileSystem.getFolder(path);
  const state = (name: string): FolderNode => {
    const found = name === '' ? folder : folder.snapshots.get(name);
    if (found === undefined)
      throw new RemoteException('SnapshotException', `Cannot find the snapshot of directory ${path} with name ${name}`);
    return found;
  };
  const diffList = snapshotDiff(state(fromSnapshot), state(toSnapshot));
  return { SnapshotDiffReport: { diffList, fromSnapshot, snapshotRoot: path, toSnapshot } };
}

/** What changed from one state of a folder to another, paths relative to it; what went and came again elsewhere was renamed. */
function snapshotDiff(older: FolderNode, newer: FolderNode): DiffEntry[] {
  const before = inodes(older);
  const after = inodes(newer);
  return changes(older, newer, '').flatMap((entry): DiffEntry[] => {
    if (entry.type === 'DELETE') {
      const targetPath = after.paths.get(before.ids.get(entry.sourcePath)!);
      return [targetPath === undefined ? entry : { type: 'RENAME', sourcePath: entry.sourcePath, targetPath }];
    }
    return entry.type === 'CREATE' && before.paths.has(after.ids.get(entry.sourcePath)!) ? [] : [entry];
  });
}

function changes(older: FolderNode, newer: FolderNode, path: string): DiffEntry[] {
  const entries: DiffEntry[] = [];
  let hasChanged = false;
  for (const name of older.children.keys()) {
    if (newer.children.has(name)) continue;
    hasChanged = true;
    entries.push({ type: 'DELETE', sourcePath: below(path, name) });
  }
  for (const [name, node] of newer.children) {
    const before = older.children.get(name);
    if (before === undefined) entries.push({ type: 'CREATE', sourcePath: below(path, name) });
    else if (before.kind === 'folder' && node.kind === 'folder')
      entries.push(...changes(before, node, below(path, name)));
    else if (differs(before, node)) entries.push({ type: 'MODIFY', sourcePath: below(path, name) });
    hasChanged ||= before === undefined;
  }
  return hasChanged ? [{ type: 'MODIFY', sourcePath: path }, ...entries] : entries;
}

interface Inodes {
  readonly ids: Map<string, number>;
  readonly paths: Map<number, string>;
}

function inodes(folder: FolderNode, path = '', all: Inodes = { ids: new Map(), paths: new Map() }): Inodes {
  for (const [name, node] of folder.children) {
    all.ids.set(below(path, name), node.fileId);
    all.paths.set(node.fileId, below(path, name));
    if (node.kind === 'folder') inodes(node, below(path, name), all);
  }
  return all;
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}

function differs(a: Node, b: Node): boolean {
  return a.kind !== b.kind || (a.kind === 'file' && b.kind === 'file' && a.blob !== b.blob);
}
