export interface FileNode {
  readonly kind: 'file';
  readonly fileId: number;
  /** Where its bytes are; never changed once written, so that snapshots can share it. */
  readonly blob: string;
  readonly sizeBytes: number;
  readonly blockSizeBytes: number;
  /** Irregular after a concat. */
  readonly blockSizes: readonly number[];
  modifiedAtMs: number;
  permission: string;
  owner: string;
  /** `hdfs` unless told. */
  group?: string;
  /** What SETACL gave beside the permission. */
  acl?: readonly string[];
  readonly flags: FileFlags;
}

/** What makes a file special; present on its status only where true. */
export interface FileFlags {
  readonly isEncrypted?: boolean;
  readonly isErasureCoded?: boolean;
  readonly isUnderConstruction?: boolean;
  /** Mixed CRC types: the cluster has no checksum to give. */
  readonly hasNoChecksum?: boolean;
  /** Written under dfs.checksum.type=CRC32, Hadoop's default before 2.0. */
  readonly isOldCrc?: boolean;
}

export interface FolderNode {
  readonly kind: 'folder';
  readonly fileId: number;
  modifiedAtMs: number;
  permission: string;
  owner: string;
  /** `hdfs` unless told. */
  group?: string;
  /** What SETACL gave beside the permission. */
  acl?: readonly string[];
  readonly children: Map<string, Node>;
  canSnapshot: boolean;
  readonly snapshots: Map<string, FolderNode>;
}

export interface LinkNode {
  readonly kind: 'link';
  readonly fileId: number;
  readonly modifiedAtMs: number;
  owner: string;
  /** `hdfs` unless told. */
  group?: string;
  /** What SETACL gave beside the permission. */
  acl?: readonly string[];
  permission: string;
  readonly target: string;
}

export type Node = FileNode | FolderNode | LinkNode;
