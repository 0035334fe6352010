import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readBlob, writeBlob, writeZeros, type Zeros } from './blobs.ts';
import type { FileFlags, FileNode, FolderNode, Node } from './nodes.ts';
import { RemoteException, notFound } from './remote-exception.ts';

export interface WriteOptions {
  readonly blockSizeBytes?: number | undefined;
  readonly modifiedAtMs?: number | undefined;
  readonly owner?: string | undefined;
  readonly permission?: string | undefined;
  readonly flags?: FileFlags | undefined;
}

const DEFAULT_BLOCK_BYTES = 128 * 1024 * 1024;
const FIRST_FILE_ID = 16_385;

/** A tree like HDFS's: names in memory (any name is possible), bytes in one folder of the local disk. */
export class SandboxFileSystem {
  readonly #blobs: string;
  #lastFileId = FIRST_FILE_ID - 1;
  readonly root: FolderNode;

  constructor(directory: string) {
    this.#blobs = join(directory, 'blobs');
    mkdirSync(this.#blobs, { recursive: true });
    this.root = this.#folder('hdfs', Date.now());
  }

  find(path: string): Node | undefined {
    let node: Node | undefined = this.root;
    const names = path.split('/').filter((name) => name !== '');
    for (let i = 0; i < names.length && node !== undefined; i++) {
      if (node.kind !== 'folder') return undefined;
      if (names[i] === '.snapshot') return this.#inSnapshot(node, names.slice(i + 1));
      node = node.children.get(names[i]!);
    }
    return node;
  }

  get(path: string): Node {
    const node = this.find(path);
    if (node === undefined) throw notFound(path);
    return node;
  }

  getFile(path: string): FileNode {
    const node = this.get(path);
    if (node.kind !== 'file') throw new RemoteException('FileNotFoundException', `Path is not a file: ${path}`);
    return node;
  }

  getFolder(path: string): FolderNode {
    const node = this.get(path);
    if (node.kind !== 'folder') throw new RemoteException('IOException', `${path} is not a directory`);
    return node;
  }

  makeFolders(path: string, owner = 'hdfs', modifiedAtMs = Date.now()): FolderNode {
    let folder = this.root;
    for (const name of path.split('/').filter((part) => part !== '')) {
      let child = folder.children.get(name);
      if (child === undefined) folder.children.set(name, (child = this.#folder(owner, modifiedAtMs)));
      if (child.kind !== 'folder')
        throw new RemoteException('FileAlreadyExistsException', `Path is not a directory: ${path}`);
      folder = child;
    }
    return folder;
  }

  /** Writes a whole file, replacing one of that name. */
  writeFile(path: string, content: Uint8Array | Iterable<Uint8Array> | Zeros, options: WriteOptions = {}): FileNode {
    const fileId = ++this.#lastFileId;
    const blob = join(this.#blobs, String(fileId));
    const sizeBytes =
      'zeroBytes' in content
        ? writeZeros(blob, content)
        : writeBlob(blob, content instanceof Uint8Array ? [content] : content);
    const blockSizeBytes = options.blockSizeBytes ?? DEFAULT_BLOCK_BYTES;
    return this.#place(path, {
      kind: 'file',
      fileId,
      blob,
      sizeBytes,
      blockSizeBytes,
      blockSizes: regularBlocks(sizeBytes, blockSizeBytes),
      modifiedAtMs: options.modifiedAtMs ?? Date.now(),
      permission: options.permission ?? '644',
      owner: options.owner ?? 'hdfs',
      flags: options.flags ?? {},
    });
  }

  /** A file that is being written: its name is there, its bytes are not; `writeFile` ends that. */
  beginFile(path: string, options: WriteOptions): void {
    this.writeFile(path, new Uint8Array(0), { ...options, flags: { isUnderConstruction: true } });
  }

  /** HDFS fills the last block before it begins another, so that blocks stay regular. */
  append(path: string, content: Uint8Array): void {
    const old = this.getFile(path);
    const blob = `${old.blob}-${old.sizeBytes}`;
    copyFileSync(old.blob, blob);
    const sizeBytes = old.sizeBytes + writeBlob(blob, [content], 'a');
    this.#place(path, {
      ...old,
      blob,
      sizeBytes,
      blockSizes: regularBlocks(sizeBytes, old.blockSizeBytes),
      modifiedAtMs: Date.now(),
    });
  }

  /** Moves the blocks of the sources behind those of the target: the last block of each may be short. */
  concat(path: string, sources: readonly string[]): void {
    const old = this.getFile(path);
    const others = sources.map((source) => this.getFile(source));
    const blob = `${old.blob}-concat`;
    const all = [old, ...others];
    const sizeBytes = writeBlob(
      blob,
      all.map((file) => readBlob(file, 0, file.sizeBytes)),
    );
    this.#place(path, {
      ...old,
      blob,
      sizeBytes,
      blockSizes: all.flatMap((file) => file.blockSizes),
      modifiedAtMs: Date.now(),
    });
    for (const source of sources) this.delete(source);
  }

  makeLink(path: string, target: string): void {
    this.#place(path, {
      kind: 'link',
      fileId: ++this.#lastFileId,
      modifiedAtMs: Date.now(),
      owner: 'hdfs',
      permission: '777',
      target,
    });
  }

  /** Throws SnapshotException where snapshots are not allowed. */
  expectSnapshottable(path: string): void {
    if (!this.getFolder(path).canSnapshot)
      throw new RemoteException('SnapshotException', `Directory is not a snapshottable directory: ${path}`);
  }

  delete(path: string): boolean {
    const node = this.find(path);
    const held = node?.kind === 'folder' ? heldBySnapshots(node, path) : undefined;
    if (held !== undefined)
      throw new RemoteException(
        'SnapshotException',
        `The directory ${path} cannot be deleted since ${held} is snapshottable and already has snapshots`,
      );
    return this.#remove(path);
  }

  #remove(path: string): boolean {
    const { parent, name } = this.#parentOf(path);
    return parent.children.delete(name);
  }

  rename(path: string, destination: string): boolean {
    const node = this.find(path);
    const existing = this.find(destination);
    const target =
      existing?.kind === 'folder' ? `${destination}/${path.slice(path.lastIndexOf('/') + 1)}` : destination;
    if (node === undefined || this.find(target) !== undefined) return false;
    this.#remove(path);
    const { parent, name } = this.#parentOf(target);
    parent.children.set(name, node);
    return true;
  }

  createSnapshot(path: string, name: string): void {
    this.expectSnapshottable(path);
    const folder = this.getFolder(path);
    if (folder.snapshots.has(name))
      throw new RemoteException(
        'SnapshotException',
        `Failed to add snapshot: there is already a snapshot with the same name "${name}".`,
      );
    folder.snapshots.set(name, frozen(folder));
  }

  #inSnapshot(folder: FolderNode, names: readonly string[]): Node | undefined {
    if (!folder.canSnapshot) return undefined;
    const [name, ...rest] = names;
    if (name === undefined) return { ...folder, children: new Map(folder.snapshots) };
    return rest.reduce<Node | undefined>(
      (node, part) => (node?.kind === 'folder' ? node.children.get(part) : undefined),
      folder.snapshots.get(name),
    );
  }

  #place<Placed extends Node>(path: string, node: Placed): Placed {
    const { parent, name } = this.#parentOf(path);
    if (parent.children.get(name)?.kind === 'folder')
      throw new RemoteException('FileAlreadyExistsException', `${path} already exists as a directory`);
    parent.children.set(name, node);
    return node;
  }

  #parentOf(path: string): { parent: FolderNode; name: string } {
    const slash = path.lastIndexOf('/');
    return { parent: this.makeFolders(path.slice(0, slash)), name: path.slice(slash + 1) };
  }

  #folder(owner: string, modifiedAtMs: number): FolderNode {
    return {
      kind: 'folder',
      fileId: ++this.#lastFileId,
      modifiedAtMs,
      permission: '755',
      owner,
      children: new Map(),
      canSnapshot: false,
      snapshots: new Map(),
    };
  }
}

function heldBySnapshots(folder: FolderNode, path: string): string | undefined {
  if (folder.snapshots.size > 0) return path;
  for (const [name, child] of folder.children) {
    const held = child.kind === 'folder' ? heldBySnapshots(child, `${path}/${name}`) : undefined;
    if (held !== undefined) return held;
  }
  return undefined;
}

function regularBlocks(sizeBytes: number, blockSizeBytes: number): number[] {
  return Array.from({ length: Math.ceil(sizeBytes / blockSizeBytes) }, (_, index) =>
    Math.min(blockSizeBytes, sizeBytes - index * blockSizeBytes),
  );
}

/** Files are never changed in place, so that a snapshot only copies the names. */
function frozen(folder: FolderNode): FolderNode {
  const children = new Map(
    [...folder.children].map(([name, node]) => [name, node.kind === 'folder' ? frozen(node) : { ...node }]),
  );
  return { ...folder, children, canSnapshot: false, snapshots: new Map() };
}
