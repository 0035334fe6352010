import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BatchDisplay } from '../../src/cli/batch-display.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { WORDS } from '../../src/cli/words.ts';

let written: string;
let said: string[];

beforeEach(() => {
  vi.useFakeTimers();
  written = '';
  said = [];
});
afterEach(() => void vi.useRealTimers());

function display({ isTTY, isJson = false }: { isTTY: boolean; isJson?: boolean }): BatchDisplay {
  const stream = Object.assign(
    new Writable({
      decodeStrings: false,
      write: (text: string, _encoding, done) => {
        written += text;
        done();
      },
    }),
    { isTTY, columns: 60 },
  );
  const terminal: Terminal = {
    language: 'en',
    words: WORDS.en,
    isJson,
    canAsk: false,
    print: () => undefined,
    printJson: () => undefined,
    say: (line) => void said.push(line),
  };
  return new BatchDisplay(terminal, stream as unknown as NodeJS.WriteStream);
}

const COPYING = { kind: 'step-started', step: 'copy', items: 4, sizeBytes: 1000 } as const;

describe('the display of a batch', () => {
  it('redraws a line with a bar for each run, and takes it away with the run', () => {
    const all = display({ isTTY: true });
    const [one, two] = [all.of('absences'), all.of('churn')];
    one.progress(COPYING);
    two.progress(COPYING);
    one.progress({ kind: 'bytes', sizeBytes: 500 });
    one.progress({ kind: 'item', outcome: { itemId: 'file:raw/a', status: 'verified' } });
    written = '';
    vi.advanceTimersByTime(200);
    const lines = written.split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/absences: Copy · \[={8} {8}\] 50 % · 1\/4 items/);
    expect(lines[1]).toMatch(/^churn: Copy · \[ {16}\] 0 %/);
    // None is wider than the terminal, or it would scroll at each redraw.
    for (const line of lines) expect(line.replace(/\u001b\[\w+|\r/g, '').length).toBeLessThan(60);
    one.close();
    written = '';
    vi.advanceTimersByTime(200);
    expect(written).not.toContain('absences');
    expect(written).toMatch(/^\r\u001b\[1A\u001b\[J/);
    all.close();
    expect(written.endsWith('\r\u001b[J')).toBe(true);
  });

  it('says what failed above the redrawn lines, naming the use case', () => {
    const all = display({ isTTY: true });
    const one = all.of('absences');
    one.progress(COPYING);
    one.progress({ kind: 'item', outcome: { itemId: 'file:raw/a', status: 'failed', message: 'no \u001b[31mway' } });
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/absences.*failed: file:raw\/a: no way/);
    all.close();
  });

  it('says a line for each run every 30 s where nothing can be redrawn', () => {
    const all = display({ isTTY: false });
    for (const id of ['absences', 'churn']) all.of(id).progress(COPYING);
    vi.advanceTimersByTime(29_000);
    expect(said).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(said.map((line) => line.split(' ·')[0])).toEqual(['absences: Copy', 'churn: Copy']);
    expect(written).toBe('');
    all.close();
  });

  it('writes JSON lines that name the use case, and nothing else', () => {
    const all = display({ isTTY: true, isJson: true });
    const one = all.of('absences');
    one.progress(COPYING);
    one.progress({ kind: 'bytes', sizeBytes: 1 });
    vi.advanceTimersByTime(60_000);
    const lines = written
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toEqual([{ at: expect.any(String) as string, useCase: 'absences', ...COPYING }]);
    expect(said).toEqual([]);
    all.close();
  });
});
