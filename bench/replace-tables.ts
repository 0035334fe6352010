import { readFile, writeFile } from 'node:fs/promises';

const BEGIN = '<!-- measured by npm run bench -->';
const END = '<!-- end of what was measured -->';

/** Puts what was measured between the two marks of a Markdown file. Throws when they are not there. */
export async function replaceTables(file: string, measured: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const [start, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`${file} has no place for the tables: ${BEGIN} … ${END}`);
  await writeFile(file, `${text.slice(0, start + BEGIN.length)}\n\n${measured}\n\n${text.slice(end)}`);
}
