/** Text as it comes, line by line: what `write` makes of each, with its number from 1, in pieces of many lines. */
export async function* mappedLines(
  content: AsyncIterable<Uint8Array>,
  decoder: TextDecoder,
  write: (line: string, number: number) => string,
): AsyncGenerator<string> {
  let rest = '';
  let number = 0;
  for await (const piece of content) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop()!;
    if (lines.length > 0) yield lines.map((line) => write(line, ++number)).join('');
  }
  rest += decoder.decode();
  if (rest !== '') yield write(rest, ++number);
}
