/** The pseudonyms of a row that a generated function wrote as a line of JSON, by the column that they stand in. What its source is called is none of anybody. */
export function pseudonymsOfLine(line: string): { readonly column: string; readonly value: string }[] {
  return [...line.matchAll(PAIR)].flatMap(([, name, text]) => {
    const column = JSON.parse(name!) as string;
    return isPseudonymOf(column, text!) ? [{ column, value: JSON.parse(text!) as string }] : [];
  });
}

/** The same line, every other value as it was written: numbers of any length stay what they are. */
export function withPseudonyms(line: string, next: (value: string) => string): string {
  return line.replaceAll(PAIR, (pair, name: string, text: string) =>
    isPseudonymOf(JSON.parse(name) as string, text)
      ? `${name}:${JSON.stringify(next(JSON.parse(text) as string))}`
      : pair,
  );
}

/** Functions write no objects in objects: each name is followed by a text, a number, true, false or null. */
const PAIR = /("(?:[^"\\]|\\.)*"):("(?:[^"\\]|\\.)*"|[^,"}]+)/g;
const PSEUDONYM = /^"v[1-9]\d*\.[0-9a-f]{32}"$/;
/** lakelift_small_files.py: a keyed digest of the object's name, which no later key changes. */
const SOURCE_COLUMN = 'lakelift_source';

function isPseudonymOf(column: string, text: string): boolean {
  return column !== SOURCE_COLUMN && PSEUDONYM.test(text);
}
