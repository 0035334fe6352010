import type { ReconcileVerdict } from '../domain/reconciliation.ts';
import type { RunReport } from '../domain/run-report.ts';
import { html, type Html, type HtmlPart } from './html.ts';
import { formatBytes, formatCount, type Language } from './quantities.ts';
import { REPORT_WORDS, type Counted, type ReportWords } from './words.ts';

/** What every section of the page is drawn from. */
export interface PageContext {
  readonly report: RunReport;
  readonly language: Language;
  readonly words: ReportWords;
  readonly count: (count: number | string) => string;
  readonly bytes: (sizeBytes: number) => string;
  readonly counted: (count: number) => Counted;
}

export function pageContext(report: RunReport, language: Language): PageContext {
  const count = (value: number | string) => formatCount(value, language);
  return {
    report,
    language,
    words: REPORT_WORDS[language],
    count,
    bytes: (sizeBytes) => formatBytes(sizeBytes, language),
    // In French zero is singular, in English plural.
    counted: (value) => ({ text: count(value), isOne: value === 1 || (language === 'fr' && value === 0) }),
  };
}

export type Tone = 'good' | 'warn' | 'bad' | 'plain';

export function badge(tone: Tone, text: string): Html {
  return html`<span class="badge ${tone}">${text}</span>`;
}

const TONES: Readonly<Record<ReconcileVerdict, Tone>> = { identical: 'good', incomplete: 'warn', differences: 'bad' };

export function verdictBadge({ words }: PageContext, verdict: ReconcileVerdict | undefined): Html {
  return verdict === undefined ? badge('plain', words.notCompared) : badge(TONES[verdict], words.verdictShort[verdict]);
}

export interface TableParts {
  readonly caption: string;
  /** The caption repeats the heading above: it is there for those who cannot see. */
  readonly isCaptionHidden?: boolean;
  readonly head: readonly string[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly HtmlPart[])[];
  readonly numberColumns?: readonly number[];
}

const MAY_BREAK = html`<wbr />`;

/** Names of tables and paths break after their dots and slashes first. */
function breakable(name: string): HtmlPart {
  return name.split(/(?<=[./])/).flatMap((piece, index) => (index === 0 ? piece : [MAY_BREAK, piece]));
}

/** A table that becomes a list of cards on narrow screens; the roles keep it a table for screen readers then. */
export function table({ caption, isCaptionHidden = false, head, rows, numberColumns = [] }: TableParts): Html {
  const kind = (column: number) => (numberColumns.includes(column) ? 'number' : '');
  const body = rows.map((row) => {
    const cells = row.map((content, column) =>
      column === 0
        ? html`<th scope="row" role="rowheader">${typeof content === 'string' ? breakable(content) : content}</th>`
        : html`<td role="cell" class="${kind(column)}" data-label="${head[column]}">${content}</td>`,
    );
    return html`<tr role="row">
      ${cells}
    </tr> `;
  });
  return html`<div class="scroll${isCaptionHidden ? ' quiet' : ''}" role="group" aria-label="${caption}" tabindex="0">
    <table class="stack" role="table">
      <caption>
        ${caption}
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          ${head.map((text, column) => html`<th scope="col" role="columnheader" class="${kind(column)}">${text}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${body}
      </tbody>
    </table>
  </div>`;
}

/** A section with a heading that names it. */
export function section(id: string, title: string, ...content: readonly HtmlPart[]): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section> `;
}

interface SigningWords {
  readonly sections: { readonly signatures: string };
  readonly signatories: readonly string[];
  readonly readApproved: string;
}

/** Where each of them signs, below what `intro` says. */
export function signatures({ sections, signatories, readApproved }: SigningWords, intro?: Html): Html {
  const blocks = signatories.map(
    (who) => html`<div class="signatory"><b>${who}</b><span class="hint">${readApproved}</span></div>`,
  );
  return html`<section id="signatures" class="signature" aria-labelledby="signatures-title">
    <h2 id="signatures-title">${sections.signatures}</h2>
    ${intro}
    <div class="signatories">${blocks}</div>
  </section> `;
}

/** Text that stays in English whatever the language of the page. */
export function foreign({ language }: PageContext, text: string): HtmlPart {
  return language === 'en' ? text : html`<span lang="en">${text}</span>`;
}

export function code(text: string): Html {
  return html`<code>${text}</code>`;
}

/** Names with their values. */
export function factList(entries: readonly (readonly [string, HtmlPart])[]): Html {
  const items = entries.map(
    ([name, value]) =>
      html`<dt>${name}</dt>
        <dd>${value}</dd>`,
  );
  return html`<dl class="facts">${items}</dl>`;
}
