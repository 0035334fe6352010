/** A NameNode writes its redirects with java.net.URI.toASCIIString, which composes accents. */
export function composedPath(pathname: string): string {
  const segments = pathname.split('/').map((segment) => decodeURIComponent(segment));
  const isComposed = segments.every((segment) => segment === segment.normalize('NFC'));
  return isComposed ? pathname : segments.map((segment) => encodeURIComponent(segment.normalize('NFC'))).join('/');
}
