import type { Acceptance } from '../domain/acceptance/acceptance.ts';
import type { RunReport } from '../domain/run-report.ts';
import { ACCEPTANCE_WORDS, type AcceptanceWords } from './acceptance-words.ts';
import { renderDocument } from './document.ts';
import { html, type Html, type HtmlPart } from './html.ts';
import {
  code,
  factList,
  foreign,
  pageContext,
  section,
  signatures,
  table,
  verdictBadge,
  type PageContext,
} from './parts.ts';
import { formatTime, type Language } from './quantities.ts';
import { DECISION_TONES, reservationsTable } from './sections/acceptance.ts';
import { approvalOf } from './sections/course.ts';
import { figuresSection } from './sections/verdict.ts';

/** The procès-verbal de recette: who decided what on which report, with lines to sign. `decisions` has at least one; the last counts. */
export function renderAcceptancePage(report: RunReport, decisions: readonly Acceptance[], language: Language): string {
  const context = pageContext(report, language);
  const told = ACCEPTANCE_WORDS[language];
  const last = decisions.at(-1)!;
  const { useCase, run } = report;
  return renderDocument({
    language,
    title: told.documentTitle(useCase.title[language]),
    kicker: told.title,
    heading: useCase.title[language],
    meta: [
      `${context.words.useCase} `,
      code(useCase.id),
      ` · ${context.words.runOf(formatTime(run.startedAt, language))}`,
    ],
    body: [
      decisionSection(context, told, last),
      subjectSection(context, told, last),
      section('result', told.sections.result, verdictLine(context), figuresSection(context)),
      section('reservations', told.sections.reservations, reservations(context, told, last)),
      section('waivers', told.sections.waivers, waivers(context, told, last)),
      decisions.length > 1 && earlierSection(context, told, decisions.slice(0, -1)),
      signed(context, told, last),
      section('check', told.sections.check, html`<p>${told.check('report.json')}</p>`),
    ],
    footer: told.footer(last.toolVersion),
  });
}

const LOOK = { good: 'identical', warn: 'incomplete', bad: 'differences', plain: 'incomplete' } as const;

function decisionSection({ language }: PageContext, told: AcceptanceWords, last: Acceptance): Html {
  const { headline, meaning } = told.decisions[last.decision];
  const look = LOOK[DECISION_TONES[last.decision]];
  return html`<section class="verdict is-${look} plain-verdict" aria-labelledby="decision-title">
    <h2 id="decision-title">${headline}</h2>
    <div class="body">
      <p>${told.intro(last.by.name, last.by.role, formatTime(last.at, language))}</p>
      <p>${meaning}</p>
      ${last.remark !== undefined && html`<p><b>${told.sections.remark}</b> ${last.remark}</p>`}
    </div>
  </section> `;
}

function subjectSection(context: PageContext, told: AcceptanceWords, last: Acceptance): Html {
  const { report, words, language } = context;
  const { facts } = words;
  const { useCase, run } = report;
  const entries: [string, HtmlPart][] = [
    [facts.owner, useCase.owner],
    [facts.purpose, useCase.purpose],
    [facts.legalBasis, useCase.legalBasis],
    [facts.run, code(run.runId)],
    [facts.by, run.startedBy],
    [facts.approval, approvalOf(context)],
    [facts.plan, code(run.planHash)],
    [told.facts.report, code(last.report.sha256)],
    [
      told.facts.lists,
      Object.entries(last.report.lists).map(
        ([name, sha256], index) => html`${index > 0 && html`<br />`}${name} ${code(sha256)}`,
      ),
    ],
    [told.facts.decidedBy, `${last.by.name}, ${last.by.role}`],
    [told.facts.decidedAt, formatTime(last.at, language)],
    [told.facts.recordedBy, last.recordedBy],
  ];
  return section('subject', told.sections.subject, factList(entries));
}

function verdictLine(context: PageContext): Html {
  const { headline } = context.words.verdicts[context.report.verdict];
  return html`<p>${headline} ${verdictBadge(context, context.report.verdict)}</p>`;
}

function reservations({ language, count }: PageContext, told: AcceptanceWords, last: Acceptance): HtmlPart {
  const open = last.openPoints > 0 && html`<p>${told.openPoints(count(last.openPoints))}</p>`;
  if (last.reservations.length === 0) return [html`<p>${told.noReservations}</p>`, open];
  return [reservationsTable(last.reservations, language, true), open];
}

function waivers(context: PageContext, told: AcceptanceWords, last: Acceptance): HtmlPart {
  if (last.waivers.length === 0) return html`<p>${told.noWaivers}</p>`;
  const { head } = told;
  const rows = last.waivers.map(({ id, reason, point }) => [
    code(id),
    told.pointKinds[point.kind],
    [point.scope, html`<br />`, code(point.subject)],
    foreign(context, point.detail),
    reason,
  ]);
  const columns = [head.id, head.kind, context.words.head.where, context.words.head.detail, head.reason];
  return [
    html`<p>${told.waiversIntro}</p>`,
    table({ caption: told.sections.waivers, isCaptionHidden: true, head: columns, rows }),
  ];
}

function earlierSection({ language }: PageContext, told: AcceptanceWords, earlier: readonly Acceptance[]): Html {
  const items = earlier.map(
    ({ at, by, decision, remark }) =>
      html`<li>
        ${formatTime(at, language)} · ${by.name}, ${by.role} · ${told.decisions[decision].headline} ${remark}
      </li>`,
  );
  return section(
    'earlier',
    told.sections.earlier,
    html`<ul>
      ${items}
    </ul>`,
  );
}

/** The one who decided, and the other side. */
function signed(context: PageContext, told: AcceptanceWords, { by }: Acceptance): Html {
  const decided = html`<p>${told.facts.decidedBy}${context.words.colon}${by.name}, ${by.role}</p>`;
  return signatures(told, decided);
}
