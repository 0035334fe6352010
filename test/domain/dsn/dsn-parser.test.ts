import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DsnParser } from '../../../src/domain/dsn/dsn-parser.ts';
import type { DsnFault, DsnRecord, DsnSummary } from '../../../src/domain/dsn/dsn-record.ts';
import { BLOCKS, rubricNumbers } from '../../../src/domain/dsn/norm.ts';
import { dsnByLines } from './dsn-by-lines.ts';

interface Parsed {
  readonly records: DsnRecord[];
  readonly faults: DsnFault[];
  readonly summary: DsnSummary;
}

function parse(content: Uint8Array | string, pieceBytes = Infinity): Parsed {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
  const records: DsnRecord[] = [];
  const faults: DsnFault[] = [];
  const parser = new DsnParser({ record: (one) => records.push(one), fault: (one) => faults.push(one) });
  const step = Math.min(pieceBytes, Math.max(1, bytes.length));
  for (let at = 0; at < bytes.length; at += step) parser.push(bytes.subarray(at, at + step));
  return { records, faults, summary: parser.end() };
}

const ENVELOPE = ["S10.G00.00.001,'lakelift'", "S10.G00.00.005,'01'", "S10.G00.00.006,'P24V01'"];
const file = (lines: readonly string[], newline = '\r\n') => lines.map((line) => line + newline).join('');
const byBlock = ({ records }: Parsed, block: string) => records.filter((record) => record.block === block);

describe('A DSN', () => {
  const lines = [
    ...ENVELOPE, // 1-3
    "S20.G00.05.001,'01'", // 4
    "S21.G00.06.001,'000000000'", // 5
    "S21.G00.11.001,'00000'", // 6
    "S21.G00.30.001,'1850578006084'", // 7
    "S21.G00.30.002,'L'HERITIER, DIT 'JO''", // 8
    "S21.G00.40.001,'01012020'", // 9
    "S21.G00.60.001,'01'", // 10
    "S21.G00.60.002,'15022024'", // 11
    "S21.G00.60.001,'02'", // 12
    "S21.G00.66.001,'15022024'", // 13
    "S21.G00.50.001,'31012024'", // 14
    "S21.G00.30.001,'2850578006084'", // 15
    "S21.G00.40.001,'01012021'", // 16
    "S20.G00.05.001,'01'", // 17
    "S21.G00.06.001,'000000000'", // 18
    "S90.G00.90.001,'20'", // 19
    "S90.G00.90.002,'2'", // 20
  ];

  it('is a tree by the order of its lines', () => {
    const parsed = parse(file(lines));
    expect(parsed.faults).toEqual([]);
    const place = ({ line, parentLine, declarationLine }: DsnRecord) => [line, parentLine, declarationLine];
    expect(byBlock(parsed, 'S21.G00.30').map(place)).toEqual([
      [7, 6, 4],
      [15, 6, 4],
    ]);
    expect(byBlock(parsed, 'S21.G00.60').map(place)).toEqual([
      [10, 9, 4],
      [12, 9, 4],
    ]);
    expect(byBlock(parsed, 'S21.G00.66').map(place)).toEqual([[13, 12, 4]]);
    expect(byBlock(parsed, 'S21.G00.50').map(place)).toEqual([[14, 7, 4]]);
    expect(byBlock(parsed, 'S21.G00.06').map(place)).toEqual([
      [5, 4, 4],
      [18, 17, 17],
    ]);
    expect(parsed.summary).toMatchObject({
      lineCount: 20,
      rubricCount: 20,
      declarationCount: 2,
      edition: 'P24V01',
      isTest: true,
      countedRubrics: 20,
      countedDeclarations: 2,
      isComplete: true,
      unknownBlocks: [],
    });
  });

  it('keeps apostrophes and commas of a value', () => {
    expect(byBlock(parse(file(lines)), 'S21.G00.30')[0]!.values[1]).toBe("L'HERITIER, DIT 'JO'");
  });

  it.each(['\n', '\r\n'])('is the same in pieces of any size, line ends %j', (newline) => {
    const text = file(lines, newline);
    const whole = parse(text);
    for (const pieceBytes of [1, 2, 3, 7, 64]) expect(parse(text, pieceBytes)).toEqual(whole);
  });

  it('needs no line end at its end', () => {
    expect(parse(file(lines).trimEnd())).toEqual(parse(file(lines)));
  });

  it('that was cut off is not complete', () => {
    const { summary } = parse(file(lines.slice(0, -3)));
    expect(summary).toMatchObject({ isComplete: false, countedRubrics: undefined, countedDeclarations: undefined });
  });

  it('that lost a line, or a declaration, is not complete', () => {
    expect(parse(file(lines.toSpliced(10, 1))).summary).toMatchObject({ isComplete: false, rubricCount: 19 });
    const counted = lines.toSpliced(19, 1, "S90.G00.90.002,'3'");
    expect(parse(file(counted)).summary).toMatchObject({ isComplete: false, countedDeclarations: 3 });
  });

  it('puts lines that are none into quarantine, with their numbers, and counts them', () => {
    const odd = [
      'S21.G00.40.001',
      "S21.G00.4.001,'1'",
      "S21.G00.40.0A1,'1'",
      'xx',
      "S21.G00.40.001,'1",
      "S21.G00.40.001;'1'",
    ];
    const bad = [...lines.slice(0, 9), ...odd, ...lines.slice(9, -2), "S90.G00.90.001,'26'", "S90.G00.90.002,'2'"];
    const { faults, summary } = parse(file(bad));
    expect(faults.map(({ line, text, kind }) => [line, text, kind])).toEqual(
      odd.map((text, index) => [10 + index, text, 'not-a-rubric']),
    );
    expect(faults[0]!.code).toBe('S21.G00.40.001');
    expect(summary).toMatchObject({ rubricCount: 20, faultCount: 6, isComplete: true });
  });

  it('keeps a record without its parent, and says so', () => {
    const parsed = parse(
      file([...ENVELOPE, "S20.G00.05.001,'04'", "S21.G00.60.001,'01'", "S21.G00.60.002,'15022024'"]),
    );
    expect(byBlock(parsed, 'S21.G00.60')).toEqual([
      {
        block: 'S21.G00.60',
        line: 5,
        parentLine: undefined,
        declarationLine: 4,
        rubrics: [1, 2],
        values: ['01', '15022024'],
        lines: [5, 6],
      },
    ]);
    expect(parsed.faults).toEqual([{ line: 5, kind: 'orphan', code: 'S21.G00.60.001', text: "S21.G00.60.001,'01'" }]);
  });

  it('keeps blocks of other editions below their declaration', () => {
    const parsed = parse(file([...lines.slice(0, 9), "S21.G00.99.001,'new'", ...lines.slice(9)]));
    expect(byBlock(parsed, 'S21.G00.99')).toMatchObject([{ line: 10, parentLine: 4, values: ['new'] }]);
    expect(parsed.summary.unknownBlocks).toEqual(['S21.G00.99']);
    // What follows still belongs to the contract before it.
    expect(byBlock(parsed, 'S21.G00.60')[0]!.parentLine).toBe(9);
  });

  it('reads ISO-8859-1 and Windows-1252 alike, and refuses what neither knows', () => {
    const latin = parse(Buffer.from("S21.G00.30.002,'LEFÈVRE'\n", 'latin1'));
    expect(latin.records[0]!.values).toEqual(['LEFÈVRE']);
    const windows = Buffer.concat([
      Buffer.from("S21.G00.30.002,'C"),
      Buffer.from([0x9c]),
      Buffer.from('UR 5 '),
      Buffer.from([0x80]),
      Buffer.from("'\n"),
    ]);
    expect(parse(windows).records[0]!.values).toEqual(['CœUR 5 €']);
    for (const byte of [0x00, 0x07, 0x81, 0x9d]) {
      const { records, faults } = parse(
        Buffer.concat([Buffer.from("S21.G00.30.002,'A"), Buffer.from([byte]), Buffer.from("'\n")]),
      );
      expect(records).toEqual([]);
      expect(faults).toMatchObject([{ line: 1, kind: 'not-text', code: 'S21.G00.30.002' }]);
    }
  });

  it('gives a line that never ends in pieces as it comes, to the byte, and counts it once', () => {
    const [pieces, bytes, heldAtMost] = [200, 60_000, 65_536 + 4096];
    const expected = Buffer.alloc(pieces * bytes, "S21.G00.40.001,'é' ", 'latin1');
    let told = 0;
    const parser = new DsnParser({
      record: () => undefined,
      fault: ({ line, kind, offset, text }) => {
        if (kind === 'orphan') return;
        expect([line, kind, offset]).toEqual([2, 'too-long', told]);
        expect(Buffer.from(text, 'latin1').equals(expected.subarray(told, told + text.length))).toBe(true);
        told += text.length;
      },
    });
    parser.push(Buffer.from('\n'));
    for (let at = 0; at < expected.length; at += bytes) {
      parser.push(expected.subarray(at, at + bytes));
      expect(at + bytes - told).toBeLessThan(heldAtMost);
    }
    parser.push(Buffer.from("\nS21.G00.40.001,'01012020'\n"));
    expect(told).toBe(expected.length);
    expect(parser.end()).toMatchObject({ lineCount: 3, rubricCount: 1, faultCount: 2 });
  });

  it('with lines that are too long is complete when they are counted once each', () => {
    const long = `S21.G00.40.001,'${'x'.repeat(20_000)}'`;
    const counted = file([...lines.slice(0, 9), long, ...lines.slice(9, -2), "S90.G00.90.001,'21'", lines.at(-1)!]);
    const { faults, summary } = parse(counted);
    expect(summary).toMatchObject({ isComplete: true, faultCount: 1 });
    expect(faults.map(({ line, offset, code }) => [line, offset, code])).toEqual(
      [0, 4096, 8192, 12_288, 16_384].map((offset) => [10, offset, offset === 0 ? 'S21.G00.40.001' : undefined]),
    );
    // Its line end included: bytes are as they were.
    expect(faults.map(({ text }) => text).join('')).toBe(`${long}\r`);
  });

  it('may have any number of blanks after a line, up to what is held of one', () => {
    const padded = (blanks: number) => parse(`S21.G00.40.001,'x'${' '.repeat(blanks)}\n`, 5000);
    expect(padded(65_536 - 18)).toMatchObject({ summary: { rubricCount: 1 }, faults: [{ kind: 'orphan' }] });
    const { faults, summary } = padded(65_536 - 17);
    expect(summary).toMatchObject({ rubricCount: 0, faultCount: 1 });
    expect(faults.map(({ text }) => text).join('')).toHaveLength(65_537);
  });

  it('is nothing at all, and not complete, when it is empty', () => {
    expect(parse('')).toMatchObject({ records: [], faults: [], summary: { lineCount: 0, isComplete: false } });
  });

  it('gives every rubric of any tree back, under the parent it was written under', () => {
    const inner = (block: string | undefined) => Object.keys(BLOCKS).filter((other) => BLOCKS[other]!.parent === block);
    interface Node {
      readonly block: string;
      readonly rubrics: number[];
      readonly inner: Node[];
    }
    const node = (block: string, depth: number): fc.Arbitrary<Node> =>
      fc.record({
        block: fc.constant(block),
        rubrics: fc.subarray(rubricNumbers(BLOCKS[block]!.rubrics).slice(1).map(Number)).map((some) => [1, ...some]),
        inner:
          depth === 0
            ? fc.constant([])
            : fc
                .subarray(inner(block), { maxLength: Math.min(3, inner(block).length) })
                .chain((blocks) =>
                  fc
                    .tuple(...blocks.map((one) => fc.array(node(one, depth - 1), { minLength: 1, maxLength: 2 })))
                    .map((all) => all.flat()),
                ),
      });
    fc.assert(
      fc.property(node('S10.G00.00', 6), fc.integer({ min: 1, max: 50 }), (root, pieceBytes) => {
        const expected: [string, number, number | undefined][] = [];
        const written: string[] = [];
        const write = ({ block, rubrics, inner: nodes }: Node, parent: number | undefined): void => {
          const line = written.length + 1;
          expected.push([block, line, parent]);
          for (const rubric of rubrics) written.push(`${block}.${String(rubric).padStart(3, '0')},'${written.length}'`);
          for (const one of nodes) write(one, line);
        };
        write(root, undefined);
        const parsed = parse(file(written), pieceBytes);
        expect(parsed.faults).toEqual([]);
        expect(parsed.records.map(({ block, line, parentLine }) => [block, line, parentLine])).toEqual(expected);
        expect(parsed.records.flatMap(({ values }) => values)).toEqual(written.map((_, index) => String(index)));
      }),
      { numRuns: 100 },
    );
  });

  it('is what plain reading line by line makes of it, whatever it holds and however it is cut', () => {
    const blocks = ['S10.G00.00', 'S20.G00.05', 'S21.G00.06', 'S21.G00.11', 'S21.G00.30', 'S21.G00.40', 'S21.G00.60'];
    const block = fc.constantFrom(...blocks, 'S21.G00.66', 'S21.G00.85', 'S21.G00.99', 'S90.G00.90');
    const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
    const value = fc.oneof(
      fc.constantFrom('', '01', "L'HERITIER, DIT 'JO'", "'", 'a\tb', 'é€'.replace('€', '\x80'), 'x\ry', '"\\"'),
      fc.string({ unit: byte, maxLength: 12 }),
      fc.integer({ min: 4070, max: 4090 }).map((length) => 'x'.repeat(length)),
    );
    const rubric = fc
      .tuple(block, fc.constantFrom('001', '002', '003', '012', '600'), value, fc.constantFrom("'", "'", "' \t", ''))
      .map(([of, number, text, end]) => `${of}.${number},'${text}${end}`);
    const odd = fc.constantFrom(
      '',
      '   ',
      'S21.G00.30',
      "S21.G00.30.001,'",
      "S21.G0030.001,'x'",
      "S21.G00.3O.001,'x'",
      'xx',
    );
    const long = fc
      .tuple(rubric, fc.constantFrom(' ', 'x', '\x80', '\0'), fc.constantFrom(4096, 9000, 65_500, 65_536, 70_000))
      .map(([text, more, times]) => `${text}${more.repeat(times)}`);
    const line = fc.oneof(
      { weight: 24, arbitrary: rubric },
      { weight: 4, arbitrary: odd },
      { weight: 1, arbitrary: long },
    );
    const content = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\n\n', '\r\r\n')), { maxLength: 25 });
    fc.assert(
      fc.property(content, fc.boolean(), fc.integer({ min: 1, max: 9000 }), (lines, isEnded, pieceBytes) => {
        const text = lines.map(([one, end], index) => one + (isEnded || index < lines.length - 1 ? end : '')).join('');
        const bytes = Buffer.from(text, 'latin1');
        const { records, faults, summary } = parse(bytes, pieceBytes);
        const plain = dsnByLines(bytes);
        expect({ records, faults, lineCount: summary.lineCount }).toEqual(plain);
        expect(summary.rubricCount).toBe(plain.records.reduce((sum, { rubrics }) => sum + rubrics.length, 0));
      }),
      { numRuns: 300 },
    );
  });
});
