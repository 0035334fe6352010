import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DsnParser } from '../../../src/domain/dsn/dsn-parser.ts';
import type { DsnSummary } from '../../../src/domain/dsn/dsn-record.ts';
import { BLOCKS } from '../../../src/domain/dsn/norm.ts';
import { PersonInDsn, withoutLines, type FoundInFile } from '../../../src/domain/dsn/person-in-dsn.ts';
import { digestOfRest } from '../../../src/domain/dsn/rest-of-dsn.ts';
import { dsnByLines } from './dsn-by-lines.ts';

const THEIRS = '1850578006084';
const OTHER = '2850578006084';
const file = (lines: readonly string[], newline = '\r\n') =>
  Buffer.from(lines.map((line) => line + newline).join(''), 'latin1');

/** Named by whatever value holds the number. */
function find(content: Buffer, pieceBytes = Infinity): FoundInFile {
  const search = new PersonInDsn({
    isTheirs: ({ values }) => values.includes(THEIRS),
    isIn: (text) => text.includes(THEIRS),
  });
  const parser = new DsnParser(search);
  const step = Math.min(pieceBytes, Math.max(1, content.length));
  for (let at = 0; at < content.length; at += step) parser.push(content.subarray(at, at + step));
  return search.found(parser.end().lineCount);
}

function summaryOf(content: Buffer): DsnSummary {
  const parser = new DsnParser({ record: () => undefined, fault: () => undefined });
  parser.push(content);
  return parser.end();
}

const linesOf = (content: Buffer) => content.toString('latin1').split('\r\n').slice(0, -1);
const HEAD = ["S10.G00.00.001,'x'", "S20.G00.05.001,'01'", "S21.G00.06.001,'000000000'", "S21.G00.11.001,'00000'"];
const OF_OTHERS = ["S21.G00.30.001,'" + OTHER + "'", "S21.G00.30.002,'L'AUTRE'", "S21.G00.40.001,'01012021'"];
const tail = (count: number) => [`S90.G00.90.001,'${count}'`, "S90.G00.90.002,'1'"];

describe('A person in a DSN', () => {
  it('goes with all that belongs to them, and the trailer counts what is left', () => {
    const theirs = [
      `S21.G00.30.001,'${THEIRS}'`,
      "S21.G00.30.002,'DUPONT'",
      'a line that is no rubric',
      '',
      "S21.G00.40.001,'01012020'",
      "S21.G00.60.001,'01'",
    ];
    const content = file([...HEAD, ...theirs, ...OF_OTHERS, ...tail(15)]);
    expect(summaryOf(content).isComplete).toBe(false);
    const complete = file([...HEAD, ...theirs, ...OF_OTHERS, ...tail(14)]);
    expect(summaryOf(complete).isComplete).toBe(true);
    const found = find(complete);
    expect(found).toMatchObject({ rows: 1, kept: 0 });
    const without = withoutLines(complete, found);
    expect(linesOf(without)).toEqual([...HEAD, ...OF_OTHERS, ...tail(9)]);
    expect(summaryOf(without).isComplete).toBe(true);
    // What was not complete does not become so.
    expect(linesOf(withoutLines(content, find(content))).at(-2)).toBe("S90.G00.90.001,'10'");
  });

  it('goes whole where a record below them alone names them, and others before and after stay', () => {
    const theirs = [
      "S21.G00.30.001,'3'",
      "S21.G00.31.001,'01012020'",
      `S21.G00.31.008,'${THEIRS}'`,
      "S21.G00.40.001,'01012020'",
    ];
    const between = ["S21.G00.22.001,'x'", "S21.G00.23.001,'y'"];
    const late = ["S21.G00.50.001,'31012024'"];
    const content = file([...HEAD, ...OF_OTHERS, ...theirs, ...between, ...late, ...OF_OTHERS, ...tail(19)]);
    const without = withoutLines(content, find(content));
    expect(linesOf(without)).toEqual([...HEAD, ...OF_OTHERS, ...between, ...OF_OTHERS, ...tail(14)]);
    expect(summaryOf(without).isComplete).toBe(true);
  });

  it('goes alone as a contact, and as a line that is no rubric; a rubric of their own that is broken takes all', () => {
    const contact = `S20.G00.07.003,'${THEIRS}'`;
    const content = file([
      ...HEAD.slice(0, 2),
      contact,
      ...HEAD.slice(2),
      `no rubric ${THEIRS}`,
      ...OF_OTHERS,
      ...tail(11),
    ]);
    const without = withoutLines(content, find(content));
    expect(linesOf(without)).toEqual([...HEAD, ...OF_OTHERS, ...tail(9)]);
    expect(summaryOf(without).isComplete).toBe(true);
    const broken = ["S21.G00.30.002,'DUPONT'", `S21.G00.30.001;${THEIRS}`, "S21.G00.40.001,'01012020'"];
    const other = file([...HEAD, ...broken, ...OF_OTHERS, ...tail(12)]);
    expect(linesOf(withoutLines(other, find(other)))).toEqual([...HEAD, ...OF_OTHERS, ...tail(9)]);
  });

  it('takes along what has lost its parent, and what the norm does not know, so that nothing of theirs becomes another’s', () => {
    const theirs = [`S21.G00.30.001,'${THEIRS}'`, "S21.G00.60.001,'01'", "S21.G00.97.001,'new'", "S21.G00.66.001,'x'"];
    const content = file([...HEAD, ...OF_OTHERS, ...theirs, ...OF_OTHERS, ...tail(16)]);
    const found = find(content);
    const without = withoutLines(content, found);
    expect(linesOf(without)).toEqual([...HEAD, ...OF_OTHERS, ...OF_OTHERS, ...tail(12)]);
    expect(digestOfRest(without)).toBe(digestOfRest(content, found.lines));
  });

  it('changes no count of an envelope that they are not in', () => {
    const cutOff = [...HEAD, `S21.G00.30.001,'${THEIRS}'`];
    const content = file([...cutOff, ...HEAD, ...OF_OTHERS, ...tail(9)]);
    expect(linesOf(withoutLines(content, find(content)))).toEqual([...HEAD, ...HEAD, ...OF_OTHERS, ...tail(9)]);
  });

  it('is told from what its going would make of others', () => {
    const between = [`S21.G00.22.001,'1'`, `S21.G00.30.001,'${THEIRS}'`, `S21.G00.22.002,'2'`];
    const content = file([...HEAD, ...between, ...tail(9)]);
    const found = find(content);
    expect(digestOfRest(withoutLines(content, found))).not.toBe(digestOfRest(content, found.lines));
  });

  it('stays where a record names them that contains those of others', () => {
    const content = file([...HEAD.slice(0, 3), `S21.G00.11.001,'${THEIRS}'`, ...OF_OTHERS, ...tail(9)]);
    expect(find(content)).toMatchObject({ rows: 1, kept: 1, lines: [] });
  });

  it('is found in a line that comes in pieces, which goes as one', () => {
    const long = `${'x'.repeat(4096 - 5)}${THEIRS}${'y'.repeat(70_000)}`;
    const content = file([...HEAD, ...OF_OTHERS, long, ...tail(10)]);
    const found = find(content, 1000);
    expect(found).toMatchObject({ rows: 1, isLong: true });
    expect(linesOf(withoutLines(content, found))).toEqual([...HEAD, ...OF_OTHERS, ...tail(9)]);
  });

  it('leaves every other record as it was, in whatever order lines come', () => {
    const blocks = ['S10.G00.00', 'S20.G00.05', 'S20.G00.07', 'S21.G00.11', 'S21.G00.22', 'S21.G00.30', 'S21.G00.30'];
    const below = ['S21.G00.31', 'S21.G00.40', 'S21.G00.60', 'S21.G00.50', 'S21.G00.51', 'S90.G00.90'];
    const value = fc.oneof(
      { weight: 1, arbitrary: fc.constant(THEIRS) },
      { weight: 6, arbitrary: fc.constantFrom('1', OTHER, "l'x") },
    );
    const rubric = fc
      .tuple(fc.constantFrom(...blocks, ...below), fc.integer({ min: 1, max: 9 }), value)
      .map(([block, number, text]) => `${block}.00${number},'${text}'`);
    const line = fc.oneof(
      { weight: 20, arbitrary: rubric },
      { weight: 1, arbitrary: fc.constantFrom('', 'odd', `odd ${THEIRS}`) },
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.integer({ min: 1, max: 50 }), (lines, pieceBytes) => {
        const content = file(lines);
        const found = find(content, pieceBytes);
        const after = withoutLines(content, found);
        expect(find(content)).toEqual(found);
        const gone = (number: number) => found.lines.some(({ from, to }) => from <= number && number < to);
        const counts = (all: readonly string[]) => all.map((one) => one.replace(/^(S90\.G00\.90\.001,).*/, '$1'));
        expect(counts(linesOf(after))).toEqual(counts(lines.filter((_, index) => !gone(index + 1))));
        const { records, faults } = dsnByLines(content);
        const isInside = (block: string): boolean =>
          block === 'S21.G00.30' || (block !== '' && isInside(BLOCKS[block]?.parent ?? ''));
        const left = records.filter(({ line: at }) => !gone(at));
        // Where nothing else is read anew, nobody is left but in what contains others' records.
        if (digestOfRest(after) === digestOfRest(content, found.lines)) {
          expect(find(after).rows).toBe(found.kept);
          expect(left.filter(({ values }) => values.includes(THEIRS))).toHaveLength(found.kept);
          expect(summaryOf(after).rubricCount).toBe(left.reduce((sum, { values }) => sum + values.length, 0));
        }
        // Whatever goes names them, or stands below an individual who is named by something that does.
        const isNamed = (from: number, to: number): boolean =>
          records.some(({ line: at, values }) => from <= at && at < to && values.includes(THEIRS)) ||
          faults.some(({ line: at, text }) => from <= at && at < to && text.includes(THEIRS));
        const starts = records.filter(({ block }) => !isInside(block) || block === 'S21.G00.30').map((one) => one.line);
        for (const { block, line: at } of records.filter((one) => gone(one.line))) {
          const from = isInside(block) ? (starts.findLast((start) => start <= at) ?? at) : at;
          const individuals = records.filter((one) => one.block === 'S21.G00.30').map((one) => one.line);
          const own = isInside(block) ? (individuals.findLast((start) => start <= at) ?? from) : from;
          const next = individuals.find((start) => start > at) ?? Infinity;
          expect(isNamed(own, isInside(block) ? next : Infinity)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
