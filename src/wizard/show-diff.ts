import { createTwoFilesPatch } from 'diff';
import { paint, visible, type Terminal } from '../cli/terminal.ts';

/** Shows on stderr what writing a file would change, line by line; false when nothing would. */
export function showDiff(
  terminal: Terminal,
  path: string,
  { before = '', after }: { before?: string | undefined; after: string },
): boolean {
  if (before === after) return false;
  const patch = createTwoFilesPatch(path, path, before, after, undefined, undefined, { context: 2 });
  for (const line of patch.split('\n')) {
    if (line === '' || /^(\\|===|Index:)/.test(line)) continue;
    const text = visible(line);
    if (line.startsWith('+')) terminal.say(paint('green', text, process.stderr));
    else if (line.startsWith('-')) terminal.say(paint('red', text, process.stderr));
    else terminal.say(line.startsWith('@@') ? paint('cyan', text, process.stderr) : text);
  }
  return true;
}
