import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VALUE_KINDS } from '../../../src/domain/rules/personal-patterns.ts';
import { ColumnSearch, type Scrutiny } from '../../../src/domain/rules/personal-values.ts';
import { runPython } from './run-python.ts';

type Column = readonly [scrutiny: Scrutiny, texts: readonly string[]];

const SCRUTINIES = ['any', 'people', 'likely-people'] as const;

const SEARCH = `
import json, sys
from lakelift_leaks import ColumnSearch
def found(scrutiny, texts):
    search = ColumnSearch(scrutiny)
    for text in texts:
        search.look(text)
    return search.found()
print(json.dumps([found(*column) for column in json.load(sys.stdin)]))
`;

function here([scrutiny, texts]: Column): Record<string, number> {
  const search = new ColumnSearch(scrutiny);
  for (const text of texts) search.look(text);
  return Object.fromEntries(search.found());
}

const VALUES = [
  '185057800608491',
  '1 85 05 78 006 084 91',
  '185052a00608428',
  '1850578006084',
  '1\u00a085\u202f05.78-006 084',
  '185057800608492',
  'FR7630006000011234567890189',
  'fr76 3000 6000 0112 3456 7890 189 suite',
  'DE89370400440532013000',
  'zoé.martin@example.org',
  '2A0000154',
  '2B0005359',
  '2B0005358',
  'a@b',
  '06 12 34 56 78',
  '0612345678',
  '+33 (0)6 12 34 56 78',
  '+33612345678',
  '+33(0)612345678',
  '06/12/34/56/78',
  '2024/06/12/34/56/78/part-0',
  '06\u00a012\u00a034\u00a056\u00a078',
  '+33\u202f6\u202f12\u202f34\u202f56\u202f78',
  '0033 6.12.34.56.78',
  '10003456789',
  '732829320',
  '732 829 320',
  '73282932000074',
  '35600000000048',
  '35600000049837',
  'FR40303265045',
  'FRK7399859412',
  '750712184',
  '2A0000014',
  '000000000',
  'é0612345678',
  '٠٦١٢٣٤٥٦٧٨',
  'x_0612345678',
  '732829320.0',
  '732829320.50',
  '732829.320',
  '732.829.320',
  '732829320,303265045',
  '0.732829320',
  '1850578006084.5 0612345678.25',
] as const;

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(...VALUES),
      fc.constantFrom(' ', ', ', 'né', '_', '-', '.', '/', '\u00a0', '(0)', '+33', ''),
      ...[9, 10, 11, 13, 14, 15].map(digits),
      // Node knows letters of a later Unicode than Python does.
      fc.string({ unit: 'grapheme', maxLength: 6 }).filter((other) => /^[\0-\u0bff]*$/.test(other)),
    ),
    { maxLength: 4 },
  )
  .map((pieces) => pieces.join(''));
const column: fc.Arbitrary<Column> = fc.tuple(fc.constantFrom(...SCRUTINIES), fc.array(text, { maxLength: 12 }));

describe('The search for values of people in Python', () => {
  it('finds what lakelift finds, by kind and number', async () => {
    const each = SCRUTINIES.flatMap((scrutiny) =>
      VALUES.flatMap((value): Column[] => [
        [scrutiny, [value]],
        [scrutiny, [value, '1612345678']],
      ]),
    );
    const columns = [...each, ...fc.sample(column, { numRuns: 3000, seed: 5 })];
    const expected = columns.map(here);
    const found = await runPython<Record<string, number>[]>(SEARCH, columns);
    const different = columns.filter(
      (_, at) => JSON.stringify(sorted(found[at]!)) !== JSON.stringify(sorted(expected[at]!)),
    );
    expect(different.map((one) => ({ one, here: here(one) }))).toEqual([]);
    expect(new Set(expected.flatMap((one) => Object.keys(one)))).toEqual(new Set(VALUE_KINDS));
  });
});

function sorted(found: Record<string, number>): [string, number][] {
  return Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1));
}
