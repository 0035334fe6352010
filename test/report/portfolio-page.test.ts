import { JSDOM } from 'jsdom';
import { expect, it } from 'vitest';
import { renderPortfolio } from '../../src/report/portfolio-page.ts';
import { portfolio } from './full-report.ts';

it('shows of each use case its stage, what to do next, what holds it up and how far its files are', () => {
  const page = new JSDOM(renderPortfolio(portfolio, 'en', '0')).window.document;
  const row = [...page.querySelectorAll('#use-cases tbody tr')].find((each) =>
    each.textContent.includes('use-case-6'),
  )!;
  const cells = [...row.children].map((cell) => cell.textContent.replaceAll(/\s+/g, ' ').trim());
  expect(cells[2]).toBe('points openlakelift run use-case-6');
  expect(cells[4]).toBe('33 failed');
  // 120 of 121: never rounded up to the whole.
  expect(cells[6]).toBe('84099 % of the plan');
});
