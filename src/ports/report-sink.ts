/** Where the files of one run's report go. Errors: `denied`, `unavailable`, `usage` (a name that is not plain). */
export interface ReportSink {
  /**
   * Puts a file in place whole, or not at all; replaces an earlier one. `name` is relative, made of lower-case letters, digits, `-`, `_`
   * and dots, with `/` between folders. Streams may be of any length. Resolves with where the file is: a path or an `s3://` URI.
   */
  write(name: string, content: string | Iterable<string> | AsyncIterable<string>): Promise<string>;
}

const PLAIN_NAME = /^[a-z0-9][a-z0-9_.-]*(\/[a-z0-9][a-z0-9_.-]*)*$/;

/** False for names that could leave the folder of a report, or surprise a file system. */
export function isPlainName(name: string): boolean {
  return PLAIN_NAME.test(name) && !name.includes('..');
}
