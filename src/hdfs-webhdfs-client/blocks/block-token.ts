/** What a DataNode asks for before it gives out a block, where the cluster issues such tokens. */
export interface BlockToken {
  readonly identifier: Uint8Array;
  readonly password: Uint8Array;
  readonly kind: string;
  readonly service: string;
}

/** Reads the `urlString` of a token: URL-safe base64 of Hadoop's Writable form (org.apache.hadoop.security.token.Token). Throws RangeError. */
export function decodeToken(urlString: string): BlockToken {
  const bytes = Buffer.from(urlString, 'base64url');
  let at = 0;
  const field = (): Buffer => {
    const { value, end } = readVInt(bytes, at);
    if (value < 0 || end + value > bytes.length) throw new RangeError('The block token is cut off');
    at = end + value;
    return bytes.subarray(end, at);
  };
  return { identifier: field(), password: field(), kind: field().toString(), service: field().toString() };
}

/** WritableUtils.readVInt: one byte from -112 to 127, or how many bytes follow, big-endian. */
function readVInt(bytes: Buffer, at: number): { value: number; end: number } {
  if (at >= bytes.length) throw new RangeError('The block token is cut off');
  const first = bytes.readInt8(at);
  if (first >= -112) return { value: first, end: at + 1 };
  const length = first < -120 ? -(first + 120) : -(first + 112);
  if (first < -120 || length > 6 || at + 1 + length > bytes.length) throw new RangeError('The block token is cut off');
  return { value: bytes.readUIntBE(at + 1, length), end: at + 1 + length };
}
