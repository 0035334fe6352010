import { describe, expect, it } from 'vitest';
import type { ErasureRecord } from '../../src/domain/privacy/erasure.ts';
import { renderErasureText } from '../../src/report/erasure-md.ts';
import { renderErasurePage } from '../../src/report/erasure-page.ts';
import { ERASURE_WORDS } from '../../src/report/erasure-words.ts';
import { erasure, proof } from './full-erasure.ts';

const done: ErasureRecord = { ...erasure, isDone: true, publishedNotErased: [] };
const counted: ErasureRecord = { ...erasure, endedAt: undefined };
const notFound: ErasureRecord = { ...erasure, kinds: { iban: 0 }, datasets: [], publishedNotErased: [] };
const withdrawn: ErasureRecord = { ...erasure, withdrawn: 'ERASURE_REFUSED' };
/** What it was begun with stands in it while it is open. */
const open: ErasureRecord = { ...counted, person: 'a-keyed-token' };

/** Leaves of a tree of words, with what their functions make of their names. */
function texts(words: unknown, path = ''): [string, string][] {
  if (typeof words === 'function') return [[path, String((words as (...args: string[]) => string)('1', '2', '3'))]];
  if (typeof words === 'object' && words !== null)
    return Object.entries(words).flatMap(([name, value]) => texts(value, `${path}.${name}`));
  return [[path, String(words)]];
}

describe('the words of an erasure', () => {
  it('are complete in both languages, and none is left in the other language', () => {
    const [en, fr] = [texts(ERASURE_WORDS.en), texts(ERASURE_WORDS.fr)];
    expect(fr.map(([path]) => path).sort()).toEqual(en.map(([path]) => path).sort());
    for (const [path, text] of [...en, ...fr]) expect(text, path).not.toBe('');
    const english = new Map(en);
    const same = fr.filter(([path, text]) => english.get(path) === text).map(([path]) => path);
    expect(same).toEqual(['.sections.signatures']);
  });
});

describe.each(['en', 'fr'] as const)('the page of an erasure in %s', (language) => {
  const forms = (record: ErasureRecord) => [
    renderErasurePage(record, proof, language),
    renderErasureText(record, proof, language),
  ];
  /** What a reader of Markdown or HTML sees. */
  const seen = (text: string) =>
    text
      .replace(/<wbr \/>/g, '')
      .replace(/&#(\d+);/g, (_, at: string) => String.fromCharCode(Number(at)))
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>');

  it('says what was found and erased, what stands and why, what is to be done, and is to be signed', () => {
    const words = ERASURE_WORDS[language];
    for (const text of forms(erasure).map(seen)) {
      for (const part of [
        ...[words.states.left.headline, words.whyRaw, words.decideRaw, words.owners],
        ...[...words.signatories, words.readApproved, ...words.remains, ...words.proof],
        ...['cleaned_rh.salaries', 'cleaned_rh.arrets_small_files', 's3://raw/rh/salaries/<0>', '/data/rh/<notes>'],
        ...['cleaned_rh.<vieux>', words.reasons['NO_PSEUDONYMS'], 'GLUE_DENIED', proof.sha256, proof.location],
        ...[words.buildAgain('absences_par_departement'), words.smallClass('cleaned_rh.salaries', '4', '5')],
        ...[words.lookByHand('cleaned_rh.salaries', 'commentaire'), words.kind('iban', '0')],
        'hmac-sha256-128 rh v2 from v1',
      ])
        expect(text).toContain(part);
      expect(text).not.toMatch(/undefined|\[object|NaN|null\b/);
    }
  });

  it('stands alone: language, no script, nothing fetched, names harmless', () => {
    const [page, text] = forms(erasure) as [string, string];
    expect(page).toContain(`<html lang="${language}">`);
    expect(page).not.toMatch(/<script|<img|<link|@import|url\(|https?:\/\//i);
    expect(page).toContain('cleaned_rh.<wbr />&lt;vieux&gt;');
    expect(text.replaceAll(/<\/?code>/g, '')).not.toMatch(/<|>/);
  });

  it.each([
    ['done', done],
    ['not-found', notFound],
    ['not-ended', counted],
    ['withdrawn', withdrawn],
  ] as const)('says the state that it is in, and no other: %s', (state, record) => {
    for (const text of forms(record).map(seen)) {
      for (const [name, { headline }] of Object.entries(ERASURE_WORDS[language].states))
        expect(text.includes(headline), name).toBe(name === state);
    }
  });

  it('has nothing that tells whose it is', () => {
    for (const text of forms(open)) expect(text).not.toContain('a-keyed-token');
  });
});
