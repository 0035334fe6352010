import axe from 'axe-core';
import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { renderAcceptancePage } from '../../src/report/acceptance-page.ts';
import { renderAssessment } from '../../src/report/assessment-page.ts';
import { renderErasurePage } from '../../src/report/erasure-page.ts';
import { renderPage } from '../../src/report/page.ts';
import { renderPrivacyPage } from '../../src/report/privacy-page.ts';
import { renderPortfolio } from '../../src/report/portfolio-page.ts';
import { renderStandingPage } from '../../src/report/standing-page.ts';
import { STYLE } from '../../src/report/style.ts';
import { erasure, proof } from './full-erasure.ts';
import { privacy } from './full-privacy.ts';
import { standing as standingPrivacy } from './full-standing.ts';
import { acceptance, fullReport, portfolio } from './full-report.ts';
import { assessment } from './full-assessment.ts';

const decisions = [{ ...acceptance, decision: 'refused' as const }, acceptance];
const standing = { sha256: '0'.repeat(64), decisions };

/** Rules that need no layout; contrast is reckoned below. */
async function violations(page: string): Promise<string[]> {
  const { window } = new JSDOM(page, { runScripts: 'outside-only' });
  window.eval(axe.source);
  const { axe: inside } = window as unknown as { axe: typeof axe };
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const result = await inside.run(window.document.documentElement, {
    runOnly: { type: 'tag', values: tags },
    rules: { 'color-contrast': { enabled: false } },
  });
  window.close();
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
}

describe.each(['en', 'fr'] as const)('pages in %s', (language) => {
  it.each([
    ['the report', () => renderPage(fullReport, language, { ...standing, decisions: [] })],
    ['the report with its acceptance', () => renderPage(fullReport, language, standing)],
    ['the portfolio', () => renderPortfolio(portfolio, language, '0')],
    ['the privacy report', () => renderPrivacyPage(privacy, language)],
    ['the privacy report of what stands', () => renderStandingPage(standingPrivacy, language)],
    ['the page of an erasure', () => renderErasurePage(erasure, proof, language)],
    ['the assessment', () => renderAssessment(assessment, language, '0')],
    ['the acceptance record', () => renderAcceptancePage(fullReport, decisions, language)],
  ])(
    '%s break no rule of WCAG 2.2 AA that can be told without layout',
    async (_name, render) => {
      expect(await violations(render())).toEqual([]);
    },
    60_000,
  );
});

describe('colours', () => {
  const colour = (name: string): string => new RegExp(`--${name}:(#[0-9a-f]{3,6})`).exec(STYLE)![1]!;

  it.each([
    ['ink', 'paper'],
    ['ink', 'soft'],
    ['muted', 'paper'],
    ['muted', 'soft'],
    ['brand', 'soft'],
    ['brand', 'paper'],
    ['good', 'good-bg'],
    ['warn', 'warn-bg'],
    ['bad', 'bad-bg'],
    ['muted', 'good-bg'],
    ['ink', 'bad-bg'],
  ])('%s is readable on %s (4.5:1)', (text, ground) => {
    expect(contrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(4.5);
  });
});

/** WCAG 2.2: relative luminance of both, the lighter over the darker. */
function contrast(one: string, other: string): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter! + 0.05) / (darker! + 0.05);
}

function luminance(colour: string): number {
  const hex = colour.length === 4 ? colour.replace(/[0-9a-f]/g, '$&$&') : colour;
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
