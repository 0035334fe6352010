import { readFile } from 'node:fs/promises';
import { findChromium, printPdf } from '../compose-reports.ts';
import type { Project } from '../config/config.ts';
import { forPaper } from '../report/paper.ts';
import { paint, type Terminal } from './terminal.ts';

/** The pages among `places` as PDF beside them; says so where there is no browser, and fails nothing. */
export async function writePdf(terminal: Terminal, project: Project, places: readonly string[]): Promise<string[]> {
  const chromium = findChromium(project.config.reports.chromium, process.env['PATH'] ?? '');
  const note = (text: string): void => terminal.say(paint('yellow', text, process.stderr));
  if (chromium === undefined) {
    note(terminal.words.noChromium);
    return [];
  }
  const written: string[] = [];
  for (const page of places.filter((place) => place.endsWith('.html') && !place.startsWith('s3://'))) {
    const pdf = page.replace(/\.html$/, '.pdf');
    const fault = await printPdf(chromium, forPaper(await readFile(page, 'utf8')), pdf);
    if (fault === undefined) written.push(pdf);
    else note(`${terminal.words.noPdf}: ${fault}`);
  }
  return written;
}
