import type { BlockToken } from '../blocks/block-token.ts';
import type { LocatedBlock, LocatedBlocks } from '../blocks/located-blocks.ts';
import { encodeMessage, Message } from '../blocks/protobuf.ts';
import type { FileStatus } from '../file-status.ts';

/** Messages of ClientNamenodeProtocol.proto, hdfs.proto and Security.proto of Hadoop 2 to 3. What is no message of theirs throws RangeError. */
export function fileInfoRequest(path: string): Buffer {
  return encodeMessage([[1, path]]);
}

/** undefined where there is no such file, or it is of a kind that WebHDFS tells more of. */
export function fileInfoAnswer(message: Uint8Array, path: string): FileStatus | undefined {
  const status = new Message(message).get(1);
  return status instanceof Uint8Array ? fileStatusOf(new Message(status), path) : undefined;
}

/** Of files: what of a directory is listed are its children. */
export function fileInfosRequest(paths: readonly string[]): Buffer {
  return batchedListing(paths, false);
}

/** In the order of `paths`; undefined where there is no file, or nothing is said of it (a right is missing, the answer was full). */
export function fileInfosAnswer(message: Uint8Array, paths: readonly string[]): (FileStatus | undefined)[] {
  return listedFiles(message, paths, fileStatusOf);
}

/** With the blocks of the files, which come without their tokens. */
export function filesAndBlocksRequest(paths: readonly string[]): Buffer {
  return batchedListing(paths, true);
}

/**
 * All blocks of each file, in the order of `paths`; undefined where nothing is said of it. To list a file takes no right to read it, as to locate its blocks does:
 * undefined, too, of what `user` may not read for certain, as its mode has it.
 */
export function readableBlocksAnswer(
  message: Uint8Array,
  paths: readonly string[],
  user: string,
): (LocatedBlocks | undefined)[] {
  return listedFiles(message, paths, (fields) => {
    const located = fields.get(12);
    return located instanceof Uint8Array && isReadableBy(user, fields) ? locatedBlocksOf(located) : undefined;
  });
}

function batchedListing(paths: readonly string[], needsLocations: boolean): Buffer {
  return encodeMessage([...paths.map((path) => [1, path] as const), [2, new Uint8Array()], [3, needsLocations]]);
}

function listedFiles<Found>(
  message: Uint8Array,
  paths: readonly string[],
  read: (file: Message, path: string) => Found | undefined,
): (Found | undefined)[] {
  const found: (Found | undefined)[] = paths.map(() => undefined);
  for (const bytesOfListing of new Message(message).all(1)) {
    const listing = new Message(bytesOfListing);
    const place = number(listing, 2);
    const [bytesOfFile, ...more] = listing.all(1);
    const path = paths[place];
    if (path === undefined || bytesOfFile === undefined || more.length > 0) continue;
    const file = new Message(bytesOfFile);
    // A file lists itself, without a name.
    if (bytes(file, 2).length === 0) found[place] = read(file, path);
  }
  return found;
}

const OWNER_READS = 0o400;
const ALL_READ = 0o444;

/** The owner by the owner's bit alone, as HDFS has it; others where nothing could keep anybody from it, since their groups are not known here. */
function isReadableBy(user: string, fields: Message): boolean {
  const mode = number(nested(fields, 4), 1);
  if (text(fields, 5) === user) return (mode & OWNER_READS) !== 0;
  const flags = (fields.get(18) as bigint | undefined) ?? 0n;
  const hasAcl = (flags & FLAG.acl) !== 0n || (mode & OLD_ACL_BIT) !== 0;
  return (mode & ALL_READ) === ALL_READ && !hasAcl;
}

const FILE_TYPES: Readonly<Record<number, FileStatus['type']>> = {
  1: 'DIRECTORY',
  2: 'FILE',
};
const FLAG = { acl: 1n, encrypted: 2n, erasureCoded: 4n, snapshotEnabled: 8n };
/** Hadoop 2 has no flags, but bits beside the permissions. */
const OLD_ACL_BIT = 1 << 12;
const OLD_ENCRYPTED_BIT = 1 << 13;
const PERMISSION_BITS = 0o1777;

function fileStatusOf(fields: Message, path: string): FileStatus | undefined {
  const type = FILE_TYPES[number(fields, 1)];
  if (type === undefined) return undefined;
  const permission = number(nested(fields, 4), 1);
  const flags = (fields.get(18) as bigint | undefined) ?? 0n;
  const policy = fields.get(17);
  const ecPolicy = policy instanceof Uint8Array ? text(new Message(policy), 1) : undefined;
  return {
    path,
    type,
    sizeBytes: number(fields, 3),
    modifiedAtMs: number(fields, 7),
    accessedAtMs: number(fields, 8),
    blockSizeBytes: number(fields, 11),
    replication: number(fields, 10),
    owner: text(fields, 5),
    group: text(fields, 6),
    permission: (permission & PERMISSION_BITS).toString(8),
    fileId: BigInt((fields.get(13) as bigint | undefined) ?? 0n),
    childrenCount: number(fields, 14),
    isEncrypted: (flags & FLAG.encrypted) !== 0n || fields.has(15) || (permission & OLD_ENCRYPTED_BIT) !== 0,
    isErasureCoded: (flags & FLAG.erasureCoded) !== 0n || ecPolicy !== undefined,
    erasureCodingPolicy: ecPolicy,
    isSnapshotEnabled: (flags & FLAG.snapshotEnabled) !== 0n,
    symlinkTarget: undefined,
  };
}

export function blockLocationsRequest(path: string, { offset, length }: { offset: number; length: number }): Buffer {
  return encodeMessage([
    [1, path],
    [2, offset],
    [3, length],
  ]);
}

/** undefined where there is no such file. */
export function blockLocationsAnswer(message: Uint8Array): LocatedBlocks | undefined {
  const located = new Message(message).get(1);
  return located instanceof Uint8Array ? locatedBlocksOf(located) : undefined;
}

function locatedBlocksOf(message: Uint8Array): LocatedBlocks {
  const fields = new Message(message);
  return {
    fileSizeBytes: number(fields, 1),
    isUnderConstruction: fields.get(3) === 1n,
    isStriped: fields.has(7),
    blocks: fields.all(2).map(locatedBlock),
  };
}

function locatedBlock(message: Uint8Array): LocatedBlock {
  const fields = new Message(message);
  const block = nested(fields, 1);
  return {
    offset: number(fields, 2),
    sizeBytes: number(block, 4),
    poolId: text(block, 1),
    blockId: integer(block, 2),
    generationStamp: integer(block, 3),
    token: tokenOf(nested(fields, 5)),
    addresses: fields.get(4) === 1n ? [] : fields.all(3).map(addressOf),
  };
}

function tokenOf(fields: Message): BlockToken {
  return { identifier: bytes(fields, 1), password: bytes(fields, 2), kind: text(fields, 3), service: text(fields, 4) };
}

/** By name, as over WebHDFS. */
function addressOf(dataNode: Uint8Array): string {
  const id = nested(new Message(dataNode), 1);
  return `${text(id, 2) || text(id, 1)}:${number(id, 4)}`;
}

function nested(fields: Message, field: number): Message {
  return new Message(bytes(fields, field));
}

function bytes(fields: Message, field: number): Buffer {
  const value = fields.get(field);
  if (!Buffer.isBuffer(value)) throw new RangeError(`Field ${field} is missing`);
  return value;
}

function text(fields: Message, field: number): string {
  return fields.has(field) ? bytes(fields, field).toString() : '';
}

function integer(fields: Message, field: number): bigint {
  const value = fields.get(field);
  if (typeof value !== 'bigint') throw new RangeError(`Field ${field} is missing`);
  return value;
}

/** 0 where it is left out. */
function number(fields: Message, field: number): number {
  return fields.number(field) ?? 0;
}
