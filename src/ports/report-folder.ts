export interface FileDigest {
  /** Hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** The files of one run's report as they lie there now. Errors: `denied`, `unavailable`. */
export interface ReportFolder {
  /** Where a person finds it. */
  readonly place: string;
  has(name: string): boolean;
  /** Undefined for a file that is not there. */
  digest(name: string): Promise<FileDigest | undefined>;
  /** The bytes of a file that is there. */
  open(name: string): AsyncIterable<Uint8Array>;
}

/** For files that fit into memory: pages and records, not lists. */
export async function readText(folder: ReportFolder, name: string): Promise<string> {
  return Buffer.concat(await Array.fromAsync(folder.open(name))).toString('utf8');
}
