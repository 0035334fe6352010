import type { RunReport } from '../domain/run-report.ts';
import { Html, html } from './html.ts';
import { code, pageContext } from './parts.ts';
import { formatTime, type Language } from './quantities.ts';
import { courseSection, proofSection, readingSection, signatureSection } from './sections/course.ts';
import { exceptionsSection, excludedSection } from './sections/exceptions.ts';
import { detailsSection, tablesSection } from './sections/tables.ts';
import { figuresSection, verdictSection } from './sections/verdict.ts';
import { STYLE } from './style.ts';

/** A report as one HTML page that needs nothing else: no script, no network. Deterministic. */
export function renderPage(report: RunReport, language: Language): string {
  const context = pageContext(report, language);
  const { words } = context;
  const { useCase, run } = report;
  const title = words.documentTitle(useCase.title[language]);
  const body = [
    verdictSection(context),
    figuresSection(context),
    exceptionsSection(context),
    excludedSection(context),
    proofSection(context),
    tablesSection(context),
    courseSection(context),
    signatureSection(context),
    readingSection(context),
    detailsSection(context),
  ];
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <p class="kicker">${words.kicker}</p>
          <h1>${useCase.title[language]}</h1>
          <p class="meta">
            ${words.useCase} ${code(useCase.id)} · ${words.runOf(formatTime(run.startedAt, language))} ·
            ${run.startedBy}
          </p>
        </header>
        <main>${body}</main>
        <footer><p>${words.footer(run.toolVersion)}</p></footer>
      </body>
    </html> `.markup;
}
