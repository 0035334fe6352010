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
  const answer = new Message(message);
  return answer.has(1) ? fileStatusOf(answer.nested(1), path) : undefined;
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
    const isKnown = fields.has(12) && isReadableBy(user, fields);
    return isKnown ? locatedBlocksOf(fields.nested(12)) : undefined;
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
  for (const listing of new Message(message).nestedAll(1)) {
    const place = number(listing, 2);
    const [file, ...more] = listing.nestedAll(1);
    const path = paths[place];
    // A file lists itself, without a name.
    if (path === undefined || file === undefined || more.length > 0 || file.bytes(2).length > 0) continue;
    found[place] = read(file, path);
  }
  return found;
}

const OWNER_READS = 0o400;
const ALL_READ = 0o444;

/** The owner by the owner's bit alone, as HDFS has it; others where nothing could keep anybody from it, since their groups are not known here. */
function isReadableBy(user: string, fields: Message): boolean {
  const mode = number(fields.nested(4), 1);
  if (fields.text(5) === user) return (mode & OWNER_READS) !== 0;
  const flags = number(fields, 18);
  const hasAcl = (flags & FLAG.acl) !== 0 || (mode & OLD_ACL_BIT) !== 0;
  return (mode & ALL_READ) === ALL_READ && !hasAcl;
}

const FILE_TYPES: Readonly<Record<number, FileStatus['type']>> = {
  1: 'DIRECTORY',
  2: 'FILE',
};
const FLAG = { acl: 1, encrypted: 2, erasureCoded: 4, snapshotEnabled: 8 };
/** Hadoop 2 has no flags, but bits beside the permissions. */
const OLD_ACL_BIT = 1 << 12;
const OLD_ENCRYPTED_BIT = 1 << 13;
const PERMISSION_BITS = 0o1777;

function fileStatusOf(fields: Message, path: string): FileStatus | undefined {
  const type = FILE_TYPES[number(fields, 1)];
  if (type === undefined) return undefined;
  const permission = number(fields.nested(4), 1);
  const flags = number(fields, 18);
  const ecPolicy = fields.has(17) ? fields.nested(17).text(1) : undefined;
  return {
    path,
    type,
    sizeBytes: number(fields, 3),
    modifiedAtMs: number(fields, 7),
    accessedAtMs: number(fields, 8),
    blockSizeBytes: number(fields, 11),
    replication: number(fields, 10),
    owner: fields.text(5),
    group: fields.text(6),
    permission: (permission & PERMISSION_BITS).toString(8),
    fileId: fields.integer(13) ?? 0n,
    childrenCount: number(fields, 14),
    isEncrypted: (flags & FLAG.encrypted) !== 0 || fields.has(15) || (permission & OLD_ENCRYPTED_BIT) !== 0,
    isErasureCoded: (flags & FLAG.erasureCoded) !== 0 || ecPolicy !== undefined,
    erasureCodingPolicy: ecPolicy,
    isSnapshotEnabled: (flags & FLAG.snapshotEnabled) !== 0,
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
  const answer = new Message(message);
  return answer.has(1) ? locatedBlocksOf(answer.nested(1)) : undefined;
}

function locatedBlocksOf(fields: Message): LocatedBlocks {
  return {
    fileSizeBytes: number(fields, 1),
    isUnderConstruction: fields.number(3) === 1,
    isStriped: fields.has(7),
    blocks: fields.nestedAll(2).map(locatedBlock),
  };
}

function locatedBlock(fields: Message): LocatedBlock {
  const block = fields.nested(1);
  return {
    offset: number(fields, 2),
    sizeBytes: number(block, 4),
    poolId: block.text(1),
    blockId: integer(block, 2),
    generationStamp: integer(block, 3),
    token: tokenOf(fields.nested(5)),
    addresses: fields.number(4) === 1 ? [] : fields.nestedAll(3).map(addressOf),
  };
}

function tokenOf(fields: Message): BlockToken {
  return { identifier: fields.bytes(1), password: fields.bytes(2), kind: fields.text(3), service: fields.text(4) };
}

/** By name, as over WebHDFS. */
function addressOf(dataNode: Message): string {
  const id = dataNode.nested(1);
  return `${id.text(2) || id.text(1)}:${number(id, 4)}`;
}

function integer(fields: Message, field: number): bigint {
  const value = fields.integer(field);
  if (value === undefined) throw new RangeError(`Field ${field} is missing`);
  return value;
}

/** 0 where it is left out. */
function number(fields: Message, field: number): number {
  return fields.number(field) ?? 0;
}
