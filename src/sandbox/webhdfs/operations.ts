import { RemoteException } from './remote-exception.ts';
import { contentSummary, sortedChildren, statusJson } from './status-json.ts';
import { snapshotDiff } from './snapshot-diff.ts';
import type { FolderNode, Node } from './nodes.ts';
import type { SandboxFileSystem } from './sandbox-file-system.ts';

/** One request, read. */
export interface Call {
  readonly fileSystem: SandboxFileSystem;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly user: string;
  readonly listLimit: number;
  /** HttpFS lists a whole folder in one page (HDFS-14663). */
  readonly isHttpFs: boolean;
  readonly tokens: Set<string>;
}

type Operation = (call: Call) => unknown;

/** Operations answered with JSON by the NameNode itself; undefined answers with an empty body. */
export const GET_OPERATIONS: Readonly<Record<string, Operation>> = {
  GETFILESTATUS: ({ fileSystem, path }) => ({ FileStatus: statusJson(fileSystem.get(path), '') }),
  LISTSTATUS: (call) => ({
    FileStatuses: { FileStatus: entries(readable(call)).map(([name, node]) => statusJson(node, name)) },
  }),
  LISTSTATUS_BATCH: (call) => {
    const all = entries(readable(call));
    const startAfter = call.query.get('startAfter');
    const from = startAfter === null ? 0 : all.findIndex(([name]) => name === startAfter) + 1;
    const page = all.slice(from, call.isHttpFs ? undefined : from + call.listLimit);
    const remainingEntries = all.length - from - page.length;
    return {
      DirectoryListing: {
        partialListing: { FileStatuses: { FileStatus: page.map(([name, node]) => statusJson(node, name)) } },
        remainingEntries,
      },
    };
  },
  GETCONTENTSUMMARY: ({ fileSystem, path }) => {
    const totals = contentSummary(fileSystem.get(path));
    return { ContentSummary: { ...totals, quota: -1, spaceConsumed: totals.length, spaceQuota: -1 } };
  },
  GETFILEBLOCKLOCATIONS: (call) => ({ BlockLocations: { BlockLocation: blocks(call) } }),
  GETDELEGATIONTOKEN: ({ tokens, user }) => {
    const urlString = `token-${user}-${tokens.size + 1}`;
    tokens.add(urlString);
    return { Token: { urlString } };
  },
  GETSNAPSHOTDIFF: ({ fileSystem, path, query }) => {
    const state = (name: string | null): FolderNode =>
      fileSystem.getFolder(name === null || name === '' ? path : `${path}/.snapshot/${name}`);
    const diffList = snapshotDiff(state(query.get('oldsnapshotname')), state(query.get('snapshotname')));
    return {
      SnapshotDiffReport: {
        diffList,
        fromSnapshot: query.get('oldsnapshotname'),
        snapshotRoot: path,
        toSnapshot: query.get('snapshotname'),
      },
    };
  },
};

export const PUT_OPERATIONS: Readonly<Record<string, Operation>> = {
  MKDIRS: ({ fileSystem, path, user }) => {
    fileSystem.makeFolders(path, user);
    return { boolean: true };
  },
  RENAME: ({ fileSystem, path, query }) => ({ boolean: fileSystem.rename(path, query.get('destination') ?? '') }),
  SETPERMISSION: ({ fileSystem, path, query }) => {
    fileSystem.get(path).permission = query.get('permission') ?? '755';
    return undefined;
  },
  SETTIMES: ({ fileSystem, path, query }) => {
    const node = fileSystem.get(path);
    if (node.kind !== 'link') node.modifiedAtMs = Number(query.get('modificationtime'));
    return undefined;
  },
  RENEWDELEGATIONTOKEN: (call) => ({ long: tokenOf(call) === '' ? 0 : Date.now() + 86_400_000 }),
  CANCELDELEGATIONTOKEN: (call) => void call.tokens.delete(tokenOf(call)),
  ALLOWSNAPSHOT: ({ fileSystem, path }) => {
    fileSystem.getFolder(path).canSnapshot = true;
    return undefined;
  },
  CREATESNAPSHOT: ({ fileSystem, path, query }) => {
    const name = query.get('snapshotname') ?? `s${Date.now()}`;
    fileSystem.createSnapshot(path, name);
    return { Path: `${path}/.snapshot/${name}` };
  },
};

export const POST_OPERATIONS: Readonly<Record<string, Operation>> = {
  CONCAT: ({ fileSystem, path, query }) => void fileSystem.concat(path, (query.get('sources') ?? '').split(',')),
};

export const DELETE_OPERATIONS: Readonly<Record<string, Operation>> = {
  DELETE: ({ fileSystem, path, query }) => {
    const node = fileSystem.find(path);
    if (node?.kind === 'folder' && node.children.size > 0 && query.get('recursive') !== 'true')
      throw new RemoteException('PathIsNotEmptyDirectoryException', `${path} is non empty': Directory is not empty`);
    return { boolean: node !== undefined && fileSystem.delete(path) };
  },
  DELETESNAPSHOT: ({ fileSystem, path, query }) =>
    void fileSystem.getFolder(path).snapshots.delete(query.get('snapshotname') ?? ''),
};

/** The superuser may everything; others only what the permission of the entry itself leaves to everyone. */
export function readable({ fileSystem, path, user }: Call): Node {
  const node = fileSystem.get(path);
  const isAllowed = user === 'hdfs' || user === node.owner || Number.parseInt(node.permission.at(-1) ?? '0', 8) >= 4;
  if (!isAllowed)
    throw new RemoteException(
      'AccessControlException',
      `Permission denied: user=${user}, access=READ, inode="${path}":${node.owner}:hdfs:${node.permission}`,
    );
  return node;
}

function entries(node: Node): [string, Node][] {
  return node.kind === 'folder' ? sortedChildren(node) : [['', node]];
}

function blocks({ fileSystem, path }: Call): unknown[] {
  let offset = 0;
  return fileSystem.getFile(path).blockSizes.map((length) => {
    const block = {
      cachedHosts: [],
      corrupt: false,
      hosts: ['127.0.0.1'],
      length,
      names: ['127.0.0.1:9866'],
      offset,
      storageTypes: ['DISK'],
      topologyPaths: [],
    };
    offset += length;
    return block;
  });
}

function tokenOf({ tokens, query }: Call): string {
  const token = query.get('token') ?? '';
  if (!tokens.has(token))
    throw new RemoteException('InvalidToken', `token (${token === '' ? 'none' : 'given'}) can't be found in cache`);
  return token;
}
