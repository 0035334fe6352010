import type { ColumnClass } from '../mapping.ts';
import { BLOCKS, rubricNumbers } from './norm.ts';

/**
 * What rubrics say about people, by default: a person decides, per use case. Sensitive are the data of articles 9 and 10 of the GDPR, many of which hide in codes:
 * a suspension for detention (65.001 = 603), leave for union training (618), a contract ended by a court (62.002 = 071), disability, maternity.
 * `21.60` is S21.G00.60; `*` all rubrics of a block that no rule above names.
 */
const RULES: readonly (readonly [class_: ColumnClass, blocks: string, rubrics: string])[] = [
  // Sick leave, other suspensions, disability, exposure at work, seizures; the rate of tax tells of the household.
  ['identifier', '21.60', '7-8'],
  ['quasi-identifier', '21.60', '600'],
  ['sensitive', '21.60 21.65 21.66 21.34 21.98', '*'],
  ['sensitive', '21.62', '2'],
  ['sensitive', '21.40', '72'],
  ['sensitive', '21.41', '48'],
  ['sensitive', '21.50', '6'],
  // People by name, number, address or bank account.
  ['identifier', '21.30', '1-4 8 12 16-20'],
  ['identifier', '21.31', '8-9 11'],
  ['identifier', '21.73', '6-9'],
  ['identifier', '21.85', '3 8-9 13-15'],
  ['identifier', '89.91', '1-4 8 12-16 21'],
  ['identifier', '89.32', '2-3 6-8 10'],
  ['identifier', '89.67', '1-2'],
  ['identifier', '89.87', '7-8'],
  ['identifier', '89.88', '8-9'],
  ['identifier', '89.89', '7-8'],
  ['identifier', '10.02 20.07', '*'],
  ['identifier', '21.12', '2-3'],
  ['identifier', '21.20', '3-4'],
  // Whatever the employer wrote.
  ['free-text', '21.40', '6'],
  // What tells one person from another when put together.
  ['quasi-identifier', '21.30 21.31 21.40 21.41 21.45 21.50 21.51 21.52 21.53 21.54 21.56 21.58 21.62 21.63', '*'],
  ['quasi-identifier', '21.70 21.71 21.72 21.73 21.78 21.79 21.81 21.83 21.84 21.85 21.86 21.95', '*'],
  ['quasi-identifier', '89.32 89.33 89.35 89.43 89.67 89.87 89.88 89.89 89.91 89.92 89.93 89.94', '*'],
  // Companies, what they pay in all, and the envelope.
  ['public', '21.06', '1-3'],
  ['public', '21.11', '1-2'],
  ['technical', '21.06 21.11 21.12 21.13 21.15 21.16 21.20 21.22 21.23 21.44 21.55 21.82', '*'],
  ['technical', '10.00 10.01 20.05 20.08 90.90', '*'],
];

const CLASSES: ReadonlyMap<string, ColumnClass> = new Map(
  RULES.flatMap(([class_, blocks, rubrics]) =>
    blocks.split(' ').flatMap((short) => {
      const block = `S${short.replace('.', '.G00.')}`;
      const numbers = rubricNumbers(rubrics === '*' ? BLOCKS[block]?.rubrics : rubrics);
      return numbers.map((number) => [`${block}.${number}`, class_] as const);
    }),
  ).reverse(),
);

/** By its code, `S21.G00.30.001`; `unclassified` where nobody has thought about it yet. Of several rules the first holds. */
export function classOfRubric(code: string): ColumnClass {
  return CLASSES.get(code) ?? 'unclassified';
}
