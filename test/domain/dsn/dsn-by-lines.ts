import { BLOCKS, DECLARATION } from '../../../src/domain/dsn/norm.ts';
import type { DsnFault, DsnRecord } from '../../../src/domain/dsn/dsn-record.ts';

const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

export interface PlainDsn {
  readonly records: readonly DsnRecord[];
  readonly faults: readonly DsnFault[];
  readonly lineCount: number;
}

type Growing = DsnRecord & { readonly rubrics: number[]; readonly values: string[]; readonly lines: number[] };

/** A whole DSN, line by line, by regular expressions, in the plainest way there is: what the parser is held to. */
export function dsnByLines(content: Uint8Array): PlainDsn {
  const text = Buffer.from(content)
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (char) => WINDOWS_1252[char.charCodeAt(0) - 0x80]!);
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const records: Growing[] = [];
  const faults: DsnFault[] = [];
  for (const [index, whole] of lines.entries()) {
    const line = index + 1;
    const trimmed = whole.replace(/(?<![\0- ])[\0- ]+$|^[\0- ]+$/, '');
    if (trimmed === '' && whole.length <= 65_536) continue;
    const code = /^S\d\d\.G\d\d\.\d\d\.\d{3}/.exec(trimmed)?.[0];
    const match = /^(S\d\d\.G\d\d\.\d\d)\.(\d{3}),'(.*)'$/s.exec(trimmed);
    if (trimmed.length > 4096 || whole.length > 65_536) faults.push(...pieces(whole, { line, kind: 'too-long', code }));
    else if (/[\0-\x08\x0a-\x1f\x7f-\x9f]/.test(trimmed)) faults.push({ line, kind: 'not-text', code, text: trimmed });
    else if (match === null) faults.push({ line, kind: 'not-a-rubric', code, text: trimmed });
    else {
      const [, block = '', rubric = '', value = ''] = match;
      const last = records.at(-1);
      if (last?.block === block && last.rubrics.at(-1)! < Number(rubric)) add(last, line, rubric, value);
      else {
        const record = begun(block, line, records);
        records.push(record);
        add(record, line, rubric, value);
        if (record.parentLine === undefined && BLOCKS[block]?.parent !== undefined)
          faults.push({ line, kind: 'orphan', code, text: trimmed });
      }
    }
  }
  return { records, faults, lineCount: lines.length };
}

function pieces(whole: string, { code, ...fault }: Omit<DsnFault, 'text'>): DsnFault[] {
  return (whole.match(/[^]{1,4096}/g) ?? []).map((text, index) => ({
    ...fault,
    ...{ offset: index * 4096, code: index === 0 ? code : undefined, text },
  }));
}

function add(record: Growing, line: number, rubric: string, value: string): void {
  record.rubrics.push(Number(rubric));
  record.values.push(value);
  record.lines.push(line);
}

function begun(block: string, line: number, before: readonly Growing[]): Growing {
  const parent = BLOCKS[block] === undefined ? DECLARATION : BLOCKS[block].parent;
  const parentLine = parent === undefined ? undefined : lastOpen(parent, before);
  const declarationLine = lastOpen(DECLARATION, [...before, { block, line }]);
  return { block, line, parentLine, declarationLine, rubrics: [], values: [], lines: [] };
}

/** Where the last record of a block began, unless one that contains such records began since. */
function lastOpen(block: string, before: readonly Pick<DsnRecord, 'block' | 'line'>[]): number | undefined {
  const containers = new Set<string>();
  for (let at = BLOCKS[block]?.parent; at !== undefined; at = BLOCKS[at]?.parent) containers.add(at);
  for (const record of before.toReversed()) {
    if (record.block === block) return record.line;
    if (containers.has(record.block)) return undefined;
  }
  return undefined;
}
