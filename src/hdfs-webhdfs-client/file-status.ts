import { unexpectedAnswer } from './name-node-router.ts';

export interface FileStatus {
  /** Absolute path, decoded. */
  readonly path: string;
  readonly type: 'FILE' | 'DIRECTORY' | 'SYMLINK';
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly accessedAtMs: number;
  readonly blockSizeBytes: number;
  readonly replication: number;
  readonly owner: string;
  readonly group: string;
  /** Octal, e.g. `644` or `1777`. */
  readonly permission: string;
  /** Inode; undefined through HttpFS before Hadoop 3.1.3 (HDFS-14665). */
  readonly fileId: bigint | undefined;
  readonly childrenCount: number | undefined;
  readonly isEncrypted: boolean;
  readonly isErasureCoded: boolean;
  readonly erasureCodingPolicy: string | undefined;
  readonly isSnapshotEnabled: boolean;
  readonly symlinkTarget: string | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/** Reads Hadoop's FileStatus JSON (JsonUtil.toJsonMap); flags are present only when true. `directory` is where `pathSuffix` starts. */
export function fileStatus(json: unknown, directory: string): FileStatus {
  if (!isRecord(json)) throw unexpectedAnswer('FileStatus');
  const suffix = textOrEmpty(json, 'pathSuffix');
  const type = text(json, 'type');
  if (type !== 'FILE' && type !== 'DIRECTORY' && type !== 'SYMLINK') throw unexpectedAnswer('FileStatus');
  return {
    path: suffix === '' ? directory : `${directory === '/' ? '' : directory}/${suffix}`,
    type,
    sizeBytes: size(json, 'length'),
    modifiedAtMs: number(json, 'modificationTime'),
    accessedAtMs: optionalNumber(json, 'accessTime') ?? 0,
    blockSizeBytes: size(json, 'blockSize'),
    replication: optionalNumber(json, 'replication') ?? 0,
    owner: text(json, 'owner') ?? '',
    group: text(json, 'group') ?? '',
    permission: text(json, 'permission') ?? '',
    fileId: integer(json, 'fileId'),
    childrenCount: optionalNumber(json, 'childrenNum'),
    isEncrypted: json['encBit'] === true,
    isErasureCoded: json['ecBit'] === true || text(json, 'ecPolicy') !== undefined,
    erasureCodingPolicy: text(json, 'ecPolicy'),
    isSnapshotEnabled: json['snapshotEnabled'] === true,
    symlinkTarget: text(json, 'symlink'),
  };
}

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Walks down named members; throws `corrupt` where one is missing. */
export function member(json: unknown, ...names: readonly string[]): unknown {
  let value = json;
  for (const name of names) {
    if (!isRecord(value) || !(name in value)) throw unexpectedAnswer(names.join('.'));
    value = value[name];
  }
  return value;
}

export function list(json: unknown, ...names: readonly string[]): unknown[] {
  const value = member(json, ...names);
  if (!Array.isArray(value)) throw unexpectedAnswer(names.join('.'));
  return value as unknown[];
}

function size(json: Json, name: string): number {
  const value = number(json, name);
  if (value < 0) throw unexpectedAnswer(name);
  return value;
}

export function number(json: Json, name: string): number {
  const value = optionalNumber(json, name);
  if (value === undefined) throw unexpectedAnswer(name);
  return value;
}

export function text(json: Json, name: string): string | undefined {
  const value = json[name];
  return typeof value === 'string' ? value : undefined;
}

function textOrEmpty(json: Json, name: string): string {
  return text(json, name) ?? '';
}

function integer(json: Json, name: string): bigint | undefined {
  const value = json[name];
  return typeof value === 'number' || typeof value === 'bigint' ? BigInt(value) : undefined;
}

/** Lengths and times: beyond 2^53 they would be rounded, so they are refused instead (8 PiB in one file, or the year 287396). */
function optionalNumber(json: Json, name: string): number | undefined {
  const value = json[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw unexpectedAnswer(name);
  return value;
}
