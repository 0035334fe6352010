import type { Acceptance } from '../domain/acceptance/acceptance.ts';
import type { RunReport } from '../domain/run-report.ts';
import { renderDocument } from './document.ts';
import { code, pageContext } from './parts.ts';
import { formatTime, type Language } from './quantities.ts';
import { acceptanceSection } from './sections/acceptance.ts';
import { courseSection, proofSection, readingSection } from './sections/course.ts';
import { exceptionsSection, excludedSection } from './sections/exceptions.ts';
import { detailsSection, tablesSection } from './sections/tables.ts';
import { figuresSection, verdictSection } from './sections/verdict.ts';

/** What is known about a report besides what it says itself. */
export interface ReportStanding {
  /** SHA-256, hex, of report.json. */
  readonly sha256: string;
  /** Decisions on it, the last one counts. */
  readonly decisions: readonly Acceptance[];
}

/** A report as one HTML page that needs nothing else: no script, no network. Deterministic. */
export function renderPage(report: RunReport, language: Language, standing: ReportStanding): string {
  const context = pageContext(report, language);
  const { words } = context;
  const { useCase, run } = report;
  return renderDocument({
    language,
    title: words.documentTitle(useCase.title[language]),
    kicker: words.kicker,
    heading: useCase.title[language],
    meta: [
      words.useCase,
      ' ',
      code(useCase.id),
      ` · ${words.runOf(formatTime(run.startedAt, language))} · ${run.startedBy}`,
    ],
    body: [
      verdictSection(context),
      figuresSection(context),
      exceptionsSection(context),
      excludedSection(context),
      proofSection(context),
      tablesSection(context),
      courseSection(context, standing),
      acceptanceSection(context, standing.decisions),
      readingSection(context),
      detailsSection(context),
    ],
    footer: words.footer(run.toolVersion),
  });
}
