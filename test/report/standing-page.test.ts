import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { STANDING_REMARKS } from '../../src/domain/privacy/standing-report.ts';
import { renderStandingPage } from '../../src/report/standing-page.ts';
import { STANDING_WORDS } from '../../src/report/standing-words.ts';
import { standing } from './full-standing.ts';

describe.each(['fr', 'en'] as const)('the page of what stands, in %s', (language) => {
  const { document } = new JSDOM(renderStandingPage(standing, language)).window;
  const words = STANDING_WORDS[language];
  /** Facts of a dataset by their names, those of its functions after its own. */
  const factsOf = (index: number): (readonly [string, string])[] =>
    [...document.querySelectorAll(`#dataset-${index} dl.facts dt`)].map((name) => [
      name.textContent.trim(),
      name.nextElementSibling!.textContent.trim(),
    ]);

  it('says of each dataset who made it, and what is known', () => {
    const rows = [...document.querySelectorAll('#datasets tbody tr')].map((row) =>
      [...row.querySelectorAll('th, td')].map((cell) => cell.textContent.trim()),
    );
    expect(rows.map((row) => [row[0], row[2], row.at(-1)])).toEqual([
      ['salaries', words.madeBy.job, words.yes],
      ['contrats', words.madeBy.build, words.no],
      ['vide', '–', words.yes],
      ['sans_chiffres', words.madeBy.job, words.yes],
    ]);
    expect(rows[2]!.slice(2, 7)).toEqual(['–', '–', '–', '–', '–']);
    expect(factsOf(1)).toContainEqual([
      words.facts.madeBy,
      expect.stringContaining('manual__2026-11-26T07:00:00+00:00 <1>'),
    ]);
    expect(factsOf(2)).toContainEqual([words.facts.madeBy, expect.stringContaining('rh@poste')]);
  });

  it('says why numbers that are valid by chance stop nothing', () => {
    expect(document.querySelector('#subject')!.textContent).toContain(standing.validByChance);
  });

  it('names what is to be looked at, and lets nothing that is not known pass for nothing', () => {
    const toLookAt = (index: number) => factsOf(index).find(([name]) => name === words.facts.toLookAt)?.[1];
    for (const remark of standing.datasets[0]!.standing.remarks) expect(toLookAt(1)).toContain(words.remarks[remark]);
    expect(toLookAt(1)).toContain(words.failed('3'));
    expect(toLookAt(1)).toContain(words.withoutFigures('2'));
    expect(toLookAt(2)).toBeUndefined();
    expect(document.querySelector('.verdict')!.className).toContain('is-incomplete');
    const checks = words.facts.checks;
    expect(factsOf(4)).toContainEqual([checks, '–']);
    // Of functions, beside the dataset's own.
    expect(factsOf(1)).toContainEqual([words.facts.objects, words.objects('12', '10', '3')]);
  });

  it('has words for whatever may be remarked', () => {
    expect(Object.keys(words.remarks).sort()).toEqual([...STANDING_REMARKS].sort());
  });
});
