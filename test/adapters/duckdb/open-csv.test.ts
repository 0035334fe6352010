import { describe, expect, it } from 'vitest';
import { csvLayout, openCsvFields, plainCsv } from '../../../src/adapters/duckdb/open-csv.ts';

const layout = csvLayout({});

describe('a line of OpenCSVSerde', () => {
  it.each([
    ['a,b', ['a', 'b']],
    ['"a,b",c', ['a,b', 'c']],
    ['"say ""x""",2', ['say "x"', '2']],
    ['"say \\"x\\"",2', ['say "x"', '2']],
    ['"back\\\\slash",2', ['back\\slash', '2']],
    ['"a\\n",2', ['an', '2']],
    ['plain "quoted" text,2', ['plain "quoted" text', '2']],
    ['"",', ['', '']],
    ['1,"never closed', ['1']],
    ['', []],
  ])('%j is %j', (line, fields) => {
    expect(openCsvFields(line, layout)).toEqual(fields);
  });

  it('takes other characters from the table', () => {
    const other = csvLayout({ separatorChar: ';', quoteChar: "'", escapeChar: '!' });
    expect(openCsvFields("'a;b';'it!'s';\"c\"", other)).toEqual(['a;b', "it's", '"c"']);
  });
});

describe('plain CSV of it', () => {
  it('has the same rows, wherever the pieces are cut', async () => {
    const bytes = Buffer.from('"say ""é""",1\r\n,2,cut off\n\n"3,\\"x\\"",4');
    for (let cut = 0; cut <= bytes.length; cut++) {
      const pieces = (async function* () {
        yield bytes.subarray(0, cut);
        yield bytes.subarray(cut);
      })();
      const text = (await Array.fromAsync(plainCsv(pieces, { ...layout, columns: 2 }))).join('');
      expect(text).toBe('"say ""é""","1"\n"","2"\n\\N,\\N\n"3,""x""","4"\n');
    }
  });
});
