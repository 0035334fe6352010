import { randomUUID } from 'node:crypto';
import { aclStatusJson, setAcl } from './acl-operations.ts';
import { blockLocationsJson, locatedBlocksJson } from './block-json.ts';
import type { DataPorts } from './data-ports.ts';
import { expectAccess, expectSummable } from './permissions.ts';
import { RemoteException } from './remote-exception.ts';
import { contentSummary, DEFAULT_GROUP, compareNames, sortedChildren, statusJson } from './status-json.ts';
import { snapshotDiffJson } from './snapshot-diff.ts';
import type { FileNode, Node } from './nodes.ts';
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
  readonly dataPorts: DataPorts;
  /** Delegation tokens in force, and whose they are. */
  readonly tokens: Map<string, string>;
}

type Operation = (call: Call) => unknown;

/** Operations answered with JSON by the NameNode itself; undefined answers with an empty body. */
export const GET_OPERATIONS: Readonly<Record<string, Operation>> = {
  GETFILESTATUS: (call) => ({ FileStatus: statusJson(expectAccess(call), '') }),
  LISTSTATUS: (call) => ({
    FileStatuses: { FileStatus: listed(call).map(([name, node]) => statusJson(node, name)) },
  }),
  LISTSTATUS_BATCH: (call) => {
    const all = listed(call);
    const startAfter = call.query.get('startAfter') ?? '';
    // By comparison, not by search: the entry may be gone by now.
    const behind = all.findIndex(([name]) => startAfter === '' || compareNames(name, startAfter) > 0);
    const from = behind === -1 ? all.length : behind;
    const page = all.slice(from, call.isHttpFs ? undefined : from + call.listLimit);
    const remainingEntries = all.length - from - page.length;
    return {
      DirectoryListing: {
        partialListing: { FileStatuses: { FileStatus: page.map(([name, node]) => statusJson(node, name)) } },
        remainingEntries,
      },
    };
  },
  GETACLSTATUS: (call) => aclStatusJson(expectAccess(call)),
  GETCONTENTSUMMARY: (call) => {
    const node = expectAccess(call);
    expectSummable(node, call.path, call.user);
    const totals = contentSummary(node);
    return { ContentSummary: { ...totals, quota: -1, spaceConsumed: totals.length, spaceQuota: -1 } };
  },
  GETFILEBLOCKLOCATIONS: (call) => blockLocationsJson(readableFile(call)),
  GET_BLOCK_LOCATIONS: (call) => {
    const file = readableFile(call);
    call.dataPorts.serve(file);
    const range = {
      offset: Number(call.query.get('offset') ?? 0),
      length: Number(call.query.get('length') ?? file.sizeBytes),
    };
    return locatedBlocksJson(file, call.dataPorts.ports, range);
  },
  GETDELEGATIONTOKEN: ({ tokens, user }) => {
    const urlString = Buffer.from(`${user} ${randomUUID()} HDFS_DELEGATION_TOKEN`).toString('base64url');
    tokens.set(urlString, user);
    return { Token: { urlString } };
  },
  GETSNAPSHOTDIFF: snapshotDiffJson,
};

export const PUT_OPERATIONS: Readonly<Record<string, Operation>> = {
  MKDIRS: ({ fileSystem, path, user }) => {
    fileSystem.makeFolders(path, user);
    return { boolean: true };
  },
  RENAME: ({ fileSystem, path, query }) => ({ boolean: fileSystem.rename(path, query.get('destination') ?? '') }),
  SETPERMISSION: ({ fileSystem, path, query }) => {
    fileSystem.get(path).permission = octal(query.get('permission') ?? '755');
    return undefined;
  },
  SETACL: ({ fileSystem, path, query }) => setAcl(fileSystem.get(path), query.get('aclspec') ?? ''),
  SETOWNER: ({ fileSystem, path, query }) => {
    const node = fileSystem.get(path);
    node.owner = query.get('owner') ?? node.owner;
    node.group = query.get('group') ?? node.group ?? DEFAULT_GROUP;
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
  DISALLOWSNAPSHOT: ({ fileSystem, path }) => {
    const folder = fileSystem.getFolder(path);
    if (folder.snapshots.size > 0)
      throw new RemoteException(
        'SnapshotException',
        `The directory ${path} has snapshot(s). Please redo the operation after removing all the snapshots.`,
      );
    folder.canSnapshot = false;
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
      throw new RemoteException('PathIsNotEmptyDirectoryException', `\`${path} is non empty': Directory is not empty`);
    return { boolean: node !== undefined && fileSystem.delete(path) };
  },
  DELETESNAPSHOT: ({ fileSystem, path, query }) => {
    const name = query.get('snapshotname') ?? '';
    if (!fileSystem.getFolder(path).snapshots.delete(name))
      throw new RemoteException(
        'SnapshotException',
        `Cannot delete snapshot ${name} from path ${path}: the snapshot does not exist.`,
      );
  },
};

function listed(call: Call): [string, Node][] {
  const { fileSystem, path } = call;
  if (path.endsWith('/.snapshot')) fileSystem.expectSnapshottable(path.slice(0, -'/.snapshot'.length) || '/');
  const node = expectAccess(call);
  if (node.kind !== 'folder') return [['', node]];
  expectAccess(call, 'READ_EXECUTE');
  return sortedChildren(node);
}

function readableFile(call: Call): FileNode {
  expectAccess(call, 'READ');
  return call.fileSystem.getFile(call.path);
}

function tokenOf({ tokens, query }: Call): string {
  const token = query.get('token') ?? '';
  if (!tokens.has(token))
    throw new RemoteException('InvalidToken', 'Renewal request for unknown token (HDFS_DELEGATION_TOKEN owner=hdfs)');
  return token;
}

/** HDFS keeps bits, not digits: `000` is told as `0`. */
function octal(permission: string): string {
  return Number.parseInt(permission, 8).toString(8);
}
