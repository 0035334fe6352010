import type { Acceptance, Decision, Reservation } from '../../domain/acceptance/acceptance.ts';
import { ACCEPTANCE_WORDS } from '../acceptance-words.ts';
import { html, type Html, type HtmlPart } from '../html.ts';
import { badge, section, table, type PageContext, type Tone } from '../parts.ts';
import { formatDate, formatTime, type Language } from '../quantities.ts';

export const DECISION_TONES: Readonly<Record<Decision, Tone>> = {
  accepted: 'good',
  'accepted-with-reservations': 'warn',
  refused: 'bad',
};

/** The decision that was taken on the run, or blank lines for whoever takes it on paper. */
export function acceptanceSection(context: PageContext, decisions: readonly Acceptance[]): Html {
  const last = decisions.at(-1);
  if (last === undefined) return blankSection(context);
  const { language, words } = context;
  const told = ACCEPTANCE_WORDS[language];
  return section(
    'signature',
    words.sections.signature,
    html`<p>
      ${badge(DECISION_TONES[last.decision], told.decisions[last.decision].headline)} ${last.by.name}, ${last.by.role},
      ${formatTime(last.at, language)}
    </p>`,
    last.remark !== undefined && html`<p>${last.remark}</p>`,
    last.reservations.length > 0 && reservationsTable(last.reservations, language),
    html`<p class="hint">${told.seeRecord('acceptance.html')}</p>`,
  );
}

export function reservationsTable(
  reservations: readonly Reservation[],
  language: Language,
  isCaptionHidden = false,
): Html {
  const { head, sections } = ACCEPTANCE_WORDS[language];
  const rows = reservations.map(({ text, owner, dueDate }, index): HtmlPart[] => [
    String(index + 1),
    text,
    owner,
    formatDate(dueDate, language),
  ]);
  return table({
    caption: sections.reservations,
    isCaptionHidden,
    head: [head.number, head.reservation, head.owner, head.due],
    rows,
  });
}

function blankSection({ words }: PageContext): Html {
  const { signature } = words;
  const choices = [signature.accepted, signature.reserved, signature.refused];
  const lines = [signature.name, signature.role, signature.date, signature.sign];
  return html`<section id="signature" class="signature" aria-labelledby="signature-title">
    <h2 id="signature-title">${words.sections.signature}</h2>
    <p>${words.signatureIntro}</p>
    <p class="choices">
      <b>${signature.decision}</b
      >${choices.map((choice) => html`<span><span class="box" aria-hidden="true"></span>${choice}</span>`)}
    </p>
    <p>${signature.reservations}</p>
    <div class="reserve"></div>
    <div class="reserve"></div>
    <div class="lines">${lines.map((line) => html`<div>${line}</div>`)}</div>
  </section> `;
}
