import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findChromium, printPdf } from '../../../src/adapters/chromium/print-pdf.ts';
import { forPaper } from '../../../src/report/paper.ts';
import { renderAcceptancePage } from '../../../src/report/acceptance-page.ts';
import { renderPage } from '../../../src/report/page.ts';
import { renderPortfolio } from '../../../src/report/portfolio-page.ts';
import { acceptance, fullReport, longReport, portfolio } from '../../report/full-report.ts';
import { chromium } from '../../stack/install.ts';

const standing = { sha256: '0'.repeat(64), decisions: [acceptance] };

/** A PDF is made of readable objects; Chromium packs only the drawing of pages. */
function outline(pdf: string): { pages: number; isTagged: boolean; language: string | undefined; sizeBytes: number } {
  const bytes = readFileSync(pdf);
  const text = bytes.toString('latin1');
  return {
    pages: text.match(/\/Type \/Page\b/g)?.length ?? 0,
    isTagged: text.startsWith('%PDF-') && text.includes('/StructTreeRoot') && text.includes('/Marked true'),
    language: /\/Lang \((\w+)\)/.exec(text)?.[1],
    sizeBytes: bytes.length,
  };
}

describe.skipIf(inject('stack') === undefined)('a real headless Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lakelift-pdf-'));
  let browser: string;
  beforeAll(async () => {
    browser = findChromium(undefined, process.env['PATH'] ?? '') ?? (await chromium());
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const printed = async (name: string, page: string) => {
    const pdf = join(folder, `${name}.pdf`);
    expect(await printPdf(browser, forPaper(page), pdf)).toBeUndefined();
    return outline(pdf);
  };

  it.each([
    ['report', 'fr', () => renderPage(fullReport, 'fr', standing), 4],
    ['report', 'en', () => renderPage(fullReport, 'en', { ...standing, decisions: [] }), 4],
    ['acceptance', 'fr', () => renderAcceptancePage(fullReport, [acceptance], 'fr'), 2],
    ['portfolio', 'en', () => renderPortfolio(portfolio, 'en', '0'), 6],
  ] as const)('prints the %s in %s: tagged, in its language, on few pages', async (name, language, render, most) => {
    const { pages, ...rest } = await printed(`${name}-${language}`, render());
    expect(rest).toMatchObject({ isTagged: true, language });
    expect(pages).toBeGreaterThan(0);
    expect(pages).toBeLessThanOrEqual(most);
  });

  it('opens and prints a report of 100,000 partitions, of which paper gets those that deviate', async () => {
    const page = renderPage(longReport(100_000), 'fr', standing);
    expect(page.length).toBeLessThan(15e6);
    writeFileSync(join(folder, 'long.html'), page);
    const { pages, sizeBytes } = await printed('long', page);
    expect(pages).toBeLessThanOrEqual(5);
    expect(sizeBytes).toBeLessThan(1e6);
    const picture = join(folder, 'long.png');
    const options = [
      '--headless',
      '--disable-gpu',
      `--user-data-dir=${join(folder, 'profile')}`,
      `--screenshot=${picture}`,
    ];
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    await promisify(execFile)(browser, [...options, ...sandbox, `file://${join(folder, 'long.html')}`], {
      timeout: 30_000,
    });
    expect(readFileSync(picture).length).toBeGreaterThan(10_000);
  }, 90_000);

  it('says what went wrong where it cannot write', async () => {
    expect(await printPdf(browser, '<title>x</title>', join(folder, 'gone', 'x.pdf'))).toEqual(
      expect.stringContaining('wrote nothing'),
    );
  });
});
