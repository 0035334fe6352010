/** An error of the Glue API: its exception name and a sentence. All have HTTP status 400 but internal ones. */
export class GlueError extends Error {
  override readonly name = 'GlueError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export const glueErrors = {
  alreadyExists: (what: string) => new GlueError('AlreadyExistsException', `${what} already exists.`),
  concurrentModification: (what: string) =>
    new GlueError('ConcurrentModificationException', `Update ${what} failed due to concurrent modifications.`),
  invalidInput: (message: string) => new GlueError('InvalidInputException', message),
  notFound: (what: string) => new GlueError('EntityNotFoundException', `${what} not found.`),
} as const;
