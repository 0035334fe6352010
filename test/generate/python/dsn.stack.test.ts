import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DsnParser } from '../../../src/domain/dsn/dsn-parser.ts';
import { dsnRow, dsnTable, type DsnRow } from '../../../src/domain/dsn/dsn-table.ts';
import type { DsnFault } from '../../../src/domain/dsn/dsn-record.ts';
import { BLOCKS } from '../../../src/domain/dsn/norm.ts';
import { rulingOnTableEntry } from '../../../src/domain/hidden-name.ts';
import { dsnNorm } from '../../../src/generate/python/dsn-norm.ts';
import { dsnText } from '../../../src/sandbox/lake/dsn-declaration.ts';
import { Random } from '../../../src/sandbox/lake/random.ts';
import { employees } from '../../../src/sandbox/lake/rh.ts';
import { runPython } from './run-python.ts';

type Found = Record<string, { rows: Record<string, string>[]; faults: Record<string, unknown>[] }>;

/** Rows and faults of each block of files, as the generated job has them; None is left out, all else is text. */
const READ = `
import base64, json, sys
from lakelift_dsn import columns_of, rows_of
norm, files, blocks = json.load(sys.stdin)
answers = []
for file in files:
    content = base64.b64decode(file)
    answer = {}
    for block in blocks:
        names = [name for name, _ in columns_of(block, norm)]
        rows, faults = [], []
        for row, fault in rows_of(content, "a.dsn", block, norm):
            if fault is None:
                rows.append({name: str(value) for name, value in zip(names, row) if value is not None})
            else:
                faults.append({name: value for name, value in fault.items() if value is not None})
        answer[block] = {"rows": rows, "faults": faults}
    answers.append(answer)
print(json.dumps(answers))
`;

const byPython = (files: readonly Uint8Array[], blocks: readonly string[]): Promise<Found[]> =>
  runPython(READ, [dsnNorm(), files.map((file) => Buffer.from(file).toString('base64')), blocks]);

function byTypeScript(file: Uint8Array, blocks: readonly string[]): Found {
  const found: Found = Object.fromEntries(blocks.map((block) => [block, { rows: [], faults: [] }]));
  const faults: DsnFault[] = [];
  const parser = new DsnParser({
    record: (record) => {
      const ofBlock = found[record.block];
      if (ofBlock === undefined) return;
      const row = dsnRow(record, 'a.dsn', (fault) => void ofBlock.faults.push(asJson({ file: 'a.dsn', ...fault })));
      ofBlock.rows.push(named(row, record.block));
    },
    fault: (fault) => void faults.push(fault),
  });
  parser.push(file);
  const summary = parser.end();
  const { rubricCount, countedRubrics, declarationCount, countedDeclarations } = summary;
  const incomplete = { kind: 'incomplete', rubricCount, countedRubrics, declarationCount, countedDeclarations };
  const ofAll = [...faults, ...(summary.isComplete ? [] : [incomplete])].map((one) =>
    asJson({ file: 'a.dsn', ...one }),
  );
  for (const one of Object.values(found)) one.faults.push(...ofAll);
  return found;
}

function named({ columns, values }: DsnRow, block: string): Record<string, string> {
  const table = dsnTable(block);
  const pairs = columns.map((column, index) => {
    const { name, type } = table.columns[column]!;
    // A whole number has no minus nought.
    return [name, type === 'integer' ? String(BigInt(values[index]!)) : values[index]!];
  });
  return Object.fromEntries(pairs) as Record<string, string>;
}

/** Without what is undefined. */
function asJson(value: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}

/** In any order: Python tells the faults of a record after its row. */
function sorted(found: Found): Found {
  const text = (value: unknown): string => JSON.stringify(value, Object.keys(value as Record<string, unknown>).sort());
  return Object.fromEntries(
    Object.entries(found).map(([block, { rows, faults }]) => [
      block,
      { rows, faults: faults.toSorted((a, b) => (text(a) < text(b) ? -1 : 1)) },
    ]),
  );
}

async function expectSame(files: readonly Uint8Array[], blocks: readonly string[]): Promise<void> {
  const found = await byPython(files, blocks);
  for (const [at, file] of files.entries()) expect(sorted(found[at]!)).toEqual(sorted(byTypeScript(file, blocks)));
}

/** Whether names below a folder are read. */
const SHOWN = `
import json, sys
from lakelift_dsn import is_shown
print(json.dumps([is_shown(name) for name in json.load(sys.stdin)]))
`;

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const ALL = Object.keys(BLOCKS);

describe('DSN files read by the generated job', () => {
  it('have the rows and the faults of lakelift, block by block', async () => {
    const members = employees().slice(0, 40);
    const whole = dsnText([{ month: '01012024', members }], new Random('whole'));
    await expectSame([latin1(whole), latin1(whole.slice(0, 9000)), latin1('')], ALL);
  });

  it('may be packed by gzip, and are refused as anything else', async () => {
    const whole = latin1(dsnText([{ month: '01012024', members: employees().slice(0, 2) }], new Random('packed')));
    const [found] = await byPython([gzipSync(whole)], ALL);
    expect(sorted(found!)).toEqual(sorted(byTypeScript(whole, ALL)));
    await expect(byPython([Buffer.from('PK\u0003\u0004')], ['S21.G00.30'])).rejects.toThrow(
      /Packed: is packed with zip/,
    );
    await expect(byPython([gzipSync(whole).subarray(0, -9)], ['S21.G00.30'])).rejects.toThrow(/Packed: is not whole/);
  });

  it('are left out by the same names', async () => {
    const names = [
      'a.dsn',
      'b/a.dsn.gz',
      '_b/a.dsn',
      'b/.a',
      'a.lzo.index',
      'a._COPYING_',
      'b._COPYING_/a',
      '.Trash/a',
    ];
    const shown = names.map((name) => name.split('/').every((part) => rulingOnTableEntry(part) === undefined));
    expect(shown.filter(Boolean)).toHaveLength(2);
    expect(await runPython(SHOWN, names)).toEqual(shown);
  });

  it('are read alike where they are odd', async () => {
    const odd = [
      "S20.G00.05.005,'32012024'",
      "S20.G00.05.001,'01'",
      "S21.G00.06.001,'x'",
      "S21.G00.06.999,'é'",
      "S21.G00.11.001,'1'",
      "S21.G00.30.001,'L'HERITIER, DIT 'JO''",
      "S21.G00.30.006,'99992000'",
      "S21.G00.40.001,'29022023'",
      "S21.G00.40.012,'-000151.670'",
      "S21.G00.40.013,'.5'",
      "S21.G00.40.023,'123456789012345678'",
      "S21.G00.40.058,'12345678901234567'",
      "S21.G00.40.059,''",
      "S21.G00.60.001,''",
      "S21.G00.60.600,'x'   \t",
      "S21.G00.60.600,'y'",
      '',
      '   ',
      "S21.G00.60.001,'a\tb\u00a0c\u0085'",
      "S21.G00.60.001,'a\u0001b'",
      "S21.G00.60.001,'\u0080\u0093'",
      "S21.G00.60.001,'\u0081'",
      " S21.G00.60.001,'x'",
      "S21.G00.60.001,'x\ry'",
      "S21.G00.60.001,'",
      "S21.G00.60.001,''",
      "S21.G00.60.1,'x'",
      `S21.G00.60.002,'${'1'.repeat(5000)}'`,
      "S21.G00.99.001,'new'",
      "S21.G00.66.001,'01012024'",
      "S21.G00.73.001,'x'",
      "S90.G00.90.001,'26'",
      "S90.G00.90.002,'1'",
    ];
    await expectSame(
      ['\n', '\r\n', '\n\n'].map((end) => latin1(odd.join(end))),
      ALL,
    );
  });

  it('lose nothing of lines that are too long: pieces are the same, and the line again', async () => {
    const long = [
      `S21.G00.40.001,'${'1'.repeat(5000)}'`,
      `S21.G00.40.001,'${'\u0080x '.repeat(30_000)}' `,
      `S21.G00.40.001,'x'${' '.repeat(65_600)}`,
      `S21.G00.40.001,'x'${' '.repeat(65_400)}`,
      ' '.repeat(65_600),
      ' '.repeat(65_000),
      '\0'.repeat(70_000),
    ];
    const files = ['\n', '\r\n'].map((end) => latin1(long.join(end)));
    await expectSame(files, ['S21.G00.40']);
    const faults = byTypeScript(files[1]!, ['S21.G00.40'])['S21.G00.40']!.faults;
    const ofLine = (line: number) => faults.filter((one) => one['line'] === line && one['kind'] !== 'not-of-its-type');
    const again = (line: number) => ofLine(line).map(({ text }) => text as string);
    const bytes = long.map((one) => `${one.replaceAll('\u0080', '€')}\r`);
    for (const line of [1, 2, 3, 5]) expect(again(line).join('') === bytes[line - 1]).toBe(true);
    expect(again(7).join('') === long[6]).toBe(true);
    expect([again(4), again(6)]).toEqual([["S21.G00.40.001,'x'"], []]);
  });

  it('are read alike whatever they hold', async () => {
    const block = fc.constantFrom('S20.G00.05', 'S21.G00.30', 'S21.G00.40', 'S21.G00.60', 'S21.G00.99', 'S90.G00.90');
    const rubric = fc.constantFrom('001', '002', '003', '012', '058', '600', '999');
    const value = fc.oneof(
      fc.constantFrom('', '01012024', '31022024', '1.5', '007', '-0', "'", '01'),
      fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 12 }),
    );
    const line = fc
      .tuple(block, rubric, value, fc.constantFrom("'", '', "' "))
      .map(([of, number, text, end]) => `${of}.${number},'${text}${end}`);
    const file = fc.array(line, { maxLength: 30 }).map((lines) => latin1(lines.join('\r\n')));
    await expectSame(fc.sample(file, 400), ['S20.G00.05', 'S21.G00.40', 'S21.G00.60', 'S90.G00.90']);
  });
});
