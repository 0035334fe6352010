/** Rows of a partition, and two sums over the hashes of their texts: alike in every order, and no longer alike once a row comes twice. */
export interface Fingerprint {
  readonly rows: bigint;
  readonly first: bigint;
  readonly second: bigint;
}

export const NO_ROWS: Fingerprint = { rows: 0n, first: 0n, second: 0n };

export function added(a: Fingerprint, b: Fingerprint): Fingerprint {
  return { rows: a.rows + b.rows, first: a.first + b.first, second: a.second + b.second };
}

export function hasSameContent(a: Fingerprint, b: Fingerprint): boolean {
  return a.rows === b.rows && a.first === b.first && a.second === b.second;
}

/** `<rows>-<sum in hex>-<sum in hex>` */
export function formatFingerprint({ rows, first, second }: Fingerprint): string {
  return `${rows}-${first.toString(16)}-${second.toString(16)}`;
}
