import fc from 'fast-check';
import { expect, it } from 'vitest';
import { textWithoutRows } from '../../src/domain/text-rows.ts';

it('rows go from text, and every other line keeps its bytes', () => {
  const line = fc.constantFrom('', ' ', 'a|b', 'é€', 'x\r', '\u0001');
  fc.assert(
    fc.property(
      fc.array(line),
      fc.boolean(),
      fc.record({ headerLines: fc.integer({ min: 0, max: 3 }), skipsBlank: fc.boolean() }),
      (lines, endsInLine, layout) => {
        const content = Buffer.from(lines.join('\n') + (endsInLine && lines.length > 0 ? '\n' : ''));
        const isRow = (text: string, at: number) =>
          at >= layout.headerLines && !(layout.skipsBlank && text.trim() === '');
        const standing = content.toString().split(/(?<=\n)/);
        const rows = standing.flatMap((text, at) => (text !== '' && isRow(text, at) ? [at] : []));
        const gone = rows.map((_, row) => row).filter((row) => row % 3 === 1);
        const expected = standing.filter((_, at) => !gone.includes(rows.indexOf(at)));
        expect(textWithoutRows(content, layout, gone).toString()).toBe(expected.join(''));
      },
    ),
  );
});
