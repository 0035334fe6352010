/**
 * Percent-encodes an HDFS path for a URL. `=` stays literal, since some servers do not decode `%3D` in Hive's partition paths
 * (fsspec/filesystem_spec#1428); `/` separates; everything else that URLs reserve is encoded, `;` and `+` included.
 * Throws RangeError for what HDFS itself refuses: relative paths, empty, `.` and `..` segments, lone surrogates.
 */
export function encodePath(path: string): string {
  if (!path.startsWith('/')) throw new RangeError(`"${path}" is not an absolute path`);
  if (!path.isWellFormed()) throw new RangeError(`"${path}" holds a lone surrogate`);
  const segments = path === '/' ? [] : path.slice(1).split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..'))
    throw new RangeError(`"${path}" has an empty, "." or ".." segment`);
  return (
    segments
      .map(
        (segment) =>
          `/${encodeURIComponent(segment)
            .replaceAll('%3D', '=')
            .replace(/[!'()*]/g, encodeChar)}`,
      )
      .join('') || '/'
  );
}

function encodeChar(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}
