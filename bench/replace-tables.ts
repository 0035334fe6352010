import { readFile, writeFile } from 'node:fs/promises';

const BEGIN = '<!-- measured by npm run bench -->';
const END = '<!-- end of what was measured -->';

/** Puts what was measured between the two marks of a Markdown file. Throws when they are not there. */
export async function replaceTables(file: string, measured: string): Promise<void> {
  const { before, after } = await placeOfTables(file);
  await writeFile(file, `${before}\n\n${measured}\n\n${after}`);
}

/** The text around the tables, marks included. Asked before anything is measured, too: a wrong name is to be heard of before the race, not after it. */
export async function placeOfTables(file: string): Promise<{ readonly before: string; readonly after: string }> {
  const text = await readFile(file, 'utf8');
  const [start, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`${file} has no place for the tables: ${BEGIN} … ${END}`);
  return { before: text.slice(0, start + BEGIN.length), after: text.slice(end) };
}
