import { RemoteException } from './remote-exception.ts';
import type { Node } from './nodes.ts';
import type { SandboxFileSystem } from './sandbox-file-system.ts';

const SUPERUSER = 'hdfs';
const BITS = { READ: 4, EXECUTE: 1, READ_EXECUTE: 5 } as const;

export type Access = keyof typeof BITS;

interface Asker {
  readonly fileSystem: SandboxFileSystem;
  readonly path: string;
  readonly user: string;
}

/** What HDFS checks before it reads: the way there may be walked, and the entry itself gives `access`. There are no groups here. */
export function expectAccess({ fileSystem, path, user }: Asker, access?: Access): Node {
  const names = path.split('/').filter((name) => name !== '');
  for (let depth = 0; depth < names.length; depth++) {
    const above = `/${names.slice(0, depth).join('/')}`;
    const folder = fileSystem.find(above);
    if (folder !== undefined) expectBits(folder, { path: above, user, access: 'EXECUTE' });
  }
  const node = fileSystem.get(path);
  if (access !== undefined) expectBits(node, { path, user, access });
  return node;
}

/** A summary needs every directory below. */
export function expectSummable(node: Node, path: string, user: string): void {
  if (node.kind !== 'folder') return;
  expectBits(node, { path, user, access: 'READ_EXECUTE' });
  for (const [name, child] of node.children) expectSummable(child, `${path}/${name}`, user);
}

function expectBits(
  node: Node,
  asked: { readonly path: string; readonly user: string; readonly access: Access },
): void {
  const { path, user, access } = asked;
  const mode = Number.parseInt(node.permission, 8);
  const given = user === node.owner ? mode >> 6 : mode;
  if (user === SUPERUSER || (given & BITS[access]) === BITS[access]) return;
  throw new RemoteException(
    'AccessControlException',
    `Permission denied: user=${user}, access=${access}, inode="${path}":${node.owner}:hdfs:${symbolic(node, mode)}`,
  );
}

function symbolic(node: Node, mode: number): string {
  const bits = [...'rwxrwxrwx'].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-')).join('');
  return (node.kind === 'folder' ? 'd' : '-') + bits;
}
