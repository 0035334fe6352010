import { hdfsPath, type HdfsPath } from './names.ts';

/** A location URI of the catalog, taken apart without decoding anything: Hadoop paths are not percent-encoded. */
export interface Location {
  /** `hdfs`, `s3a`, `viewfs`, `file`…; empty for a bare path, which means the cluster's default file system. */
  readonly scheme: string;
  /** Nameservice or host:port; empty when absent. */
  readonly authority: string;
  readonly path: HdfsPath;
}

/** Reads a Hive location. Never fails: anything without `scheme://` is a bare path. Trailing slashes are dropped. */
export function parseLocation(uri: string): Location {
  const match = /^([a-zA-Z][a-zA-Z0-9+.-]*):(?:\/\/([^/]*))?(\/.*)?$/.exec(uri);
  if (match === null) return { scheme: '', authority: '', path: trimmed(uri) };
  return { scheme: match[1]!.toLowerCase(), authority: match[2] ?? '', path: trimmed(match[3] ?? '/') };
}

function trimmed(path: string): HdfsPath {
  const withoutSlash = path.replace(/\/+$/, '');
  return hdfsPath(withoutSlash === '' ? '/' : withoutSlash);
}

/** True when `path` is `directory` itself or lies below it. */
export function isWithin(directory: HdfsPath, path: HdfsPath): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`);
}

/** The part of `path` below `directory`, without leading slash; empty for the directory itself. */
export function relativePath(directory: HdfsPath, path: HdfsPath): string {
  if (!isWithin(directory, path)) throw new RangeError(`${path} does not lie below ${directory}`);
  if (path === directory) return '';
  return directory === '/' ? path.slice(1) : path.slice(directory.length + 1);
}

/** `s3://bucket/key/` as Athena wants it: scheme s3, trailing slash, nothing encoded. */
export function s3Location(bucket: string, prefix: string): string {
  return `s3://${bucket}/${prefix.replace(/\/+$/, '')}/`;
}
