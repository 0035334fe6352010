import { createReadStream } from 'node:fs';
import { LakeliftError, messageOf } from '../errors.ts';

/** Lines of a text file, cut at newlines and nothing else: names of files may hold what other readers take for one. Throws `usage`. */
export async function* textLines(path: string): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const piece of createReadStream(path, 'utf8') as AsyncIterable<string>) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop()!;
      yield* lines;
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === undefined) throw cause;
    const hint = 'Name a file that can be read.';
    throw new LakeliftError(`${path}: ${messageOf(cause)}`, {
      kind: 'usage',
      code: 'FILE_UNREADABLE',
      subject: path,
      hint,
      cause,
    });
  }
  if (rest !== '') yield rest;
}
