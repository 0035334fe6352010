/**
 * User metadata travels in HTTP headers: printable ASCII, without spaces at its ends. Other characters are percent-encoded as UTF-8,
 * and `%` itself, so that any text comes back as it went.
 */
export function encodeMetadata(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const encoded: Record<string, string> = {};
  for (const name in metadata) encoded[name] = encode(metadata[name]!);
  return encoded;
}

function encode(value: string): string {
  return value.replaceAll(/[^\x21-\x24\x26-\x7e ]+|^ +| +$/gu, encodeURIComponent);
}

/** Metadata that others wrote and that is not encoded so comes back unchanged. */
export function decodeMetadata(metadata: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name.toLowerCase(), decode(value)]));
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
