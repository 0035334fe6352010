import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { messageOf } from '../../errors.ts';

/** Names under which distributions install it. */
const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'chromium-headless-shell',
  'chrome-headless-shell',
  'microsoft-edge',
];
const PATIENCE_MS = 120_000;

/** A headless browser of this machine: the one that is named, or the first on the path; undefined when there is none. */
export function findChromium(named: string | undefined, path: string): string | undefined {
  if (named !== undefined) return isProgram(named) ? named : undefined;
  const places = path.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return places.find(isProgram);
}

/** Prints the markup of a page of ours, which fetches and runs nothing. Resolves with what went wrong, or undefined: a page without its PDF is still a page. */
export async function printPdf(chromium: string, markup: string, pdf: string): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'lakelift-chromium-'));
  const page = join(folder, 'page.html');
  const options = [
    '--headless',
    '--disable-gpu',
    '--no-first-run',
    '--disable-extensions',
    '--no-pdf-header-footer',
    `--user-data-dir=${join(folder, 'profile')}`,
    // Chromium refuses its sandbox to root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    `--print-to-pdf=${pdf}`,
    pathToFileURL(page).href,
  ];
  try {
    writeFileSync(page, markup);
    await promisify(execFile)(chromium, options, { timeout: PATIENCE_MS });
    return existsSync(pdf) ? undefined : `${chromium} wrote nothing`;
  } catch (error) {
    return `${chromium} wrote nothing: ${lastLine((error as { stderr?: string }).stderr ?? '') ?? messageOf(error).split('\n')[0]!}`;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Its own words; the command that failed says nothing to anybody. */
function lastLine(text: string): string | undefined {
  return text.trim().split('\n').at(-1) || undefined;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
