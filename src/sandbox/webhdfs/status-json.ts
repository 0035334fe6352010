import type { FolderNode, Node } from './nodes.ts';

export const DEFAULT_GROUP = 'hdfs';

/** A FileStatus as JsonUtil writes it: flags only where true. */
export function statusJson(node: Node, pathSuffix: string): Record<string, unknown> {
  const { fileId, owner, group = DEFAULT_GROUP, permission, modifiedAtMs, acl = [] } = node;
  const common = {
    accessTime: 0,
    fileId,
    group,
    modificationTime: modifiedAtMs,
    owner,
    pathSuffix,
    permission,
    storagePolicy: 0,
    ...(acl.length > 0 ? { aclBit: true } : {}),
  };
  switch (node.kind) {
    case 'folder':
      return {
        ...common,
        blockSize: 0,
        childrenNum: node.children.size,
        length: 0,
        replication: 0,
        type: 'DIRECTORY',
        ...(node.canSnapshot ? { snapshotEnabled: true } : {}),
      };
    case 'link':
      return {
        ...common,
        blockSize: 0,
        childrenNum: 0,
        length: 0,
        replication: 0,
        type: 'SYMLINK',
        symlink: node.target,
      };
    case 'file':
      return {
        ...common,
        blockSize: node.blockSizeBytes,
        childrenNum: 0,
        length: node.sizeBytes,
        replication: 1,
        type: 'FILE',
        ...(node.flags.isEncrypted === true ? { encBit: true } : {}),
        ...(node.flags.isErasureCoded === true ? { ecBit: true, ecPolicy: 'RS-6-3-1024k' } : {}),
      };
  }
}

/** Children in the NameNode's order: names compared as signed bytes, so that non-ASCII names come first. */
export function sortedChildren(folder: FolderNode): [string, Node][] {
  return [...folder.children]
    .map(([name, node]) => ({ name, node, bytes: Buffer.from(name) }))
    .toSorted((a, b) => compareSigned(a.bytes, b.bytes))
    .map(({ name, node }) => [name, node]);
}

/** Negative when a NameNode lists `a` before `b`. */
export function compareNames(a: string, b: string): number {
  return compareSigned(Buffer.from(a), Buffer.from(b));
}

function compareSigned(a: Buffer, b: Buffer): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a.readInt8(i) - b.readInt8(i);
  return a.length - b.length;
}

export interface Totals {
  length: number;
  fileCount: number;
  directoryCount: number;
}

export function contentSummary(node: Node): Totals {
  if (node.kind !== 'folder')
    return { length: node.kind === 'file' ? node.sizeBytes : 0, fileCount: 1, directoryCount: 0 };
  const totals = { length: 0, fileCount: 0, directoryCount: 1 };
  for (const child of node.children.values()) {
    const below = contentSummary(child);
    totals.length += below.length;
    totals.fileCount += below.fileCount;
    totals.directoryCount += below.directoryCount;
  }
  return totals;
}
