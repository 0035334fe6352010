import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/domain/run-report.ts';
import { escapeMarkup } from '../../src/report/html.ts';
import { csvText } from '../../src/report/items-csv.ts';
import { renderJunit } from '../../src/report/junit-xml.ts';
import { renderPage } from '../../src/report/page.ts';
import { renderReport } from '../../src/report/report-files.ts';
import { renderSummary } from '../../src/report/summary-md.ts';
import { visibleText } from '../../src/report/visible-text.ts';
import { runReportSchema } from '../../src/report/run-report-schema.ts';
import { RUN_DOCUMENTS } from '../../src/ports/run-documents.ts';
import { buildRunReport } from '../../src/steps/report/build-run-report.ts';
import { runId } from '../contracts/ledger.ts';
import { fullReport } from './full-report.ts';
import { migration, startWorld, type World } from '../steps/migrated-world.ts';

const RUN = runId('r1');
const HOSTILE = '/data/rh/dsn/<img src=x onerror=alert(1)>\u202efdp\u001b[31m"\'&.csv';
const FORMULA = '/data/rh/dsn/=HYPERLINK("x").csv';

const STANDING = { sha256: '0'.repeat(64), decisions: [] };

const contentOf = (content: string | Iterable<string>) =>
  typeof content === 'string' ? content : [...content].join('');

describe('the report of a run', () => {
  let world: World;
  let report: RunReport;
  const draw = () => buildRunReport(world.ledger, RUN, migration);
  const files = (language: 'en' | 'fr') =>
    new Map(
      renderReport({
        report: draw(),
        items: world.ledger.listOutcomes(RUN, {}),
        tables: [],
        lineagePlaces: { source: 'hive://hms:9083' },
        language,
        decisions: [],
      }).map(({ name, content }) => [name, contentOf(content)] as const),
    );

  beforeAll(async () => {
    world = await startWorld();
    const { fileSystem } = world.sandbox;
    for (const path of [HOSTILE, FORMULA, '/data/rh/dsn/_tmp.1', '/data/rh/dsn/gros._COPYING_']) {
      fileSystem.writeFile(path, Buffer.from('x'), {});
    }
    await world.run(RUN);
    fileSystem.writeFile(HOSTILE, Buffer.from('rewritten'), {});
    world.ledger.putDocument(RUN, RUN_DOCUMENTS.reconciliation, await world.reconcile(RUN));
    world.ledger.putDocument(RUN, RUN_DOCUMENTS.timings, [{ step: 'copy', durationMs: 61_000 }]);
    world.ledger.putDocument(RUN, RUN_DOCUMENTS.checks, [{ name: 'effectif', isOk: false, detail: '3 instead of 4' }]);
    report = draw();
  });
  afterAll(() => world.close());

  it('accounts for every item once', () => {
    const items = [...world.ledger.listItems({})].length;
    expect(report.totals.reduce((sum, { count }) => sum + count, 0)).toBe(items);
  });

  it('says why the verdict is what it is, worst first', () => {
    expect(report.verdict).toBe('differences');
    expect(report.verdictReasons).toEqual([
      { code: 'drift', count: 1 },
      { code: 'refused', count: 1 },
      { code: 'checks-failed', count: 1 },
    ]);
    expect(report.exceptions).toMatchObject({ total: 1, shown: [{ subject: '/data/rh/dsn/gros._COPYING_' }] });
    expect(report.excluded).toMatchObject({ total: 1, shown: [{ code: 'TRANSIENT', count: 1 }] });
  });

  it('is never identical before it was reconciled', () => {
    const before = { ...world.ledger, findRun: () => world.ledger.findRun(RUN), findDocument: () => undefined };
    const ledger = { ...before, listOutcomes: () => [] };
    expect(buildRunReport(ledger, RUN, migration)).toMatchObject({
      verdict: 'incomplete',
      verdictReasons: [{ code: 'not-reconciled' }],
    });
  });

  it('fits its published schema, and names nothing of the migration but what it must', () => {
    const json: unknown = JSON.parse(JSON.stringify(report));
    expect(runReportSchema.strict().parse(json)).toEqual(json);
    expect(Object.keys(report.useCase).sort()).toEqual(['id', 'legalBasis', 'owner', 'purpose', 'title', 'wave']);
  });

  it('is the same for the same ledger', () => {
    expect(files('fr')).toEqual(files('fr'));
  });

  it.each(['en', 'fr'] as const)(
    'stands alone in %s: language, no script, nothing fetched, hostile names harmless',
    (language) => {
      const page = renderPage(report, language, STANDING);
      expect(page).toContain(`<html lang="${language}">`);
      expect(page).not.toMatch(/<script|<img|<link|@import|url\(|https?:\/\//i);
      expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u2066-\u2069]/);
      expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;⟦U+202E⟧fdp⟦U+001B⟧[31m&quot;&#39;&amp;.csv');
      expect(page).not.toMatch(/undefined|\[object|NaN|null</);
    },
  );

  it('gives every table a caption and every header cell its scope', () => {
    const page = renderPage(report, 'fr', STANDING);
    const tables = page.match(/<table/g)!.length;
    expect(page.match(/<caption/g)).toHaveLength(tables);
    expect(page.match(/<th\b/g)!.length).toBe(page.match(/<th\s[^>]*scope="(row|col)"/g)!.length);
  });

  it('has the verdict before anything else, in words', () => {
    const page = renderPage(report, 'fr', STANDING);
    const body = page.slice(page.indexOf('<main>'));
    expect(body.indexOf('La source et la cible diffèrent')).toBeGreaterThan(0);
    expect(body.indexOf('La source et la cible diffèrent')).toBeLessThan(body.indexOf('Points à examiner'));
  });

  it('lists every item as CSV that no spreadsheet takes for a formula', () => {
    const csv = files('en').get('items.csv')!;
    const lines = csv.trimEnd().split('\r\n');
    expect(lines).toHaveLength([...world.ledger.listItems({})].length + 1);
    expect(csv).toContain('"s3://sandbox-raw/data/rh/dsn/=HYPERLINK(""x"").csv"');
    expect(csv).toContain('⟦U+202E⟧fdp⟦U+001B⟧[31m');
    expect(csv).not.toMatch(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u202a-\u202e]/);
  });

  it('fails the JUnit case of each deviating check, and is well-formed', () => {
    const xml = renderJunit(report);
    expect(xml).toContain('<testcase classname="/data/rh/dsn" name="files"><failure message="1 of 16 deviate">');
    expect(xml).toMatch(/tests="\d+" failures="3"/);
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
  });
});

describe('the summary of a CI job', () => {
  it.each(['en', 'fr'] as const)('has nothing in %s that could be taken for Markdown or markup', (language) => {
    const name = '`|*_[x](http://evil.example) <img src=x> @team # \u202e\u001b[31m\n\n---';
    const finding = {
      check: 'files',
      kind: 'missing',
      weight: 'difference',
      scope: name,
      subject: name,
      detail: name,
    } as const;
    const bad: RunReport = {
      ...fullReport,
      exceptions: {
        shown: [{ itemId: 'x', scope: name, kind: 'file', subject: name, status: 'failed', message: name }],
        total: 1,
      },
      reconciliation: {
        ...fullReport.reconciliation!,
        findings: { shown: [finding], total: 1, byWeight: { difference: 1, drift: 0, unchecked: 0 } },
      },
    };
    const lines = renderSummary(bad, language, STANDING).split('\n');
    const hostile = lines.filter((line) => line.includes('evil'));
    expect(hostile).toHaveLength(2);
    for (const line of hostile) {
      expect(line.replaceAll(/<\/?code>/g, '')).not.toMatch(/[<>`*_[\]@#\u202e\u001b](?!\d)|\\|https?:/);
      expect(line.split('|')).toHaveLength(6);
    }
  });
});

describe('escapeMarkup', () => {
  it('leaves nothing that could end a text or an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeMarkup(text)).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
      }),
    );
  });
});

describe('visibleText', () => {
  const back = (text: string) =>
    text.replace(/⟦U\+([0-9A-F]{4})⟧/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

  it('spells every hidden character out so that the way back is one', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('⟦U+202E⟧', '⟦', 'U+', '\u202e', '\u001b[2J'),
    );
    fc.assert(
      fc.property(fc.array(hostile), (parts) => {
        const text = parts.join('');
        expect(visibleText(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/);
        expect(back(visibleText(text))).toBe(text);
      }),
    );
  });
});

describe('csvText', () => {
  it.each([
    ['=1+1', '"\'=1+1"'],
    ['@x', '"\'@x"'],
    ['-5', '"\'-5"'],
    ['＝x', '"\'＝x"'],
    ['\tx', '⟦U+0009⟧x'],
    ['=\u001b[31m', '"\'=⟦U+001B⟧[31m"'],
    ['a\r\nb', 'a⟦U+000D⟧⟦U+000A⟧b'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['plain', 'plain'],
    ['', ''],
  ])('writes %j as %s', (text, expected) => {
    expect(csvText(text)).toBe(expected);
  });
});
