import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LakeliftError } from '../errors.ts';
import { renderErasureText } from '../report/erasure-md.ts';
import { renderErasurePage } from '../report/erasure-page.ts';
import type { Erasure } from '../steps/zones/erase-use-case.ts';
import { textOfErasure } from '../steps/zones/erasure-records.ts';
import { toolVersion } from './version.ts';

const FORMS = { html: renderErasurePage, md: renderErasureText } as const;
const LANGUAGES = ['fr', 'en'] as const;

/** Beside a record: `erasure-17.fr.html` of `erasure-17.json`. */
function pageOf(record: string, language: (typeof LANGUAGES)[number], form: keyof typeof FORMS): string {
  return `${record.replace(/\.json$/, '')}.${language}.${form}`;
}

/** Each language as HTML and as Markdown. */
function pagesOf(record: string): string[] {
  return LANGUAGES.flatMap((language) => [pageOf(record, language, 'html'), pageOf(record, language, 'md')]);
}

/** Before anything is erased: what cannot be recorded is not done. Throws `usage` (`RECORD_REFUSED`). */
export function refuseErasureFiles(record: string): void {
  const standing = [record, ...pagesOf(record)].find((file) => existsSync(file));
  if (standing !== undefined)
    throw noRecord(standing, 'stands already', 'Give another file with --record: records are not replaced.');
  const folder = dirname(record);
  if (!existsSync(folder)) throw noRecord(record, 'has no folder to stand in', `Make ${folder} first.`);
}

/** Writes the record of an erasure, as it is kept in raw, and its pages, whose names it returns. */
export function writeErasure(file: string, { record, location }: Erasure, sha256: string): string[] {
  writeFileSync(file, textOfErasure(record), { flag: 'wx' });
  const proof = { sha256, location, toolVersion: toolVersion() };
  for (const language of LANGUAGES)
    for (const form of ['html', 'md'] as const)
      writeFileSync(pageOf(file, language, form), FORMS[form](record, proof, language), { flag: 'wx' });
  return pagesOf(file);
}

function noRecord(file: string, what: string, hint: string): LakeliftError {
  return new LakeliftError(`${file} ${what}`, { kind: 'usage', code: 'RECORD_REFUSED', subject: file, hint });
}
