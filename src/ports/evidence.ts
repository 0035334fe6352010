import type { FileDigest } from './report-folder.ts';

/** One archive that is being written. Nothing is visible under its name before `finish`. Errors: `denied`, `unavailable`. */
export interface EvidenceArchive {
  /** Adds a file of any length; names are plain. Resolves with its digest. */
  add(name: string, content: AsyncIterable<Uint8Array>): Promise<FileDigest>;
  /** Resolves with where the archive is. */
  finish(): Promise<string>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}

/** A place where files cannot be changed or deleted for a time. Errors: `denied`, `unavailable`, `unsupported` (the place locks nothing). */
export interface EvidenceVault {
  /** Puts the file of this machine there and makes sure that it is locked; resolves with where it is, and until when. */
  keep(path: string, name: string): Promise<{ readonly place: string; readonly lockedUntil: string }>;
  close(): void;
}

/** A private key, wherever it is. Errors: `denied`, `not-found`, `usage` (not a key for signing), `unavailable`. */
export interface Signer {
  /** RSA: PKCS #1 v1.5 with SHA-256; elliptic curves: ECDSA with SHA-256, DER; Ed25519: as it is. */
  sign(message: Uint8Array): Promise<Uint8Array>;
  /** PEM (SubjectPublicKeyInfo). */
  publicKey(): Promise<string>;
}
