import type { ErasureRecord } from '../domain/privacy/erasure.ts';
import { renderDocument } from './document.ts';
import { erasureContent, type ErasureContent, type ErasureProof, type ErasureSection } from './erasure-content.ts';
import type { ErasureState } from './erasure-words.ts';
import { html, type Html } from './html.ts';
import { code, factList, section, signatures, table } from './parts.ts';
import type { Language } from './quantities.ts';

const LOOKS: Readonly<Record<ErasureState, string>> = {
  done: 'identical',
  'done-with-raw': 'identical',
  left: 'differences',
  'not-found': 'differences',
  'not-ended': 'incomplete',
  withdrawn: 'incomplete',
};

/** The record of an erasure as one HTML page that needs nothing else, with lines to sign. */
export function renderErasurePage(record: ErasureRecord, proof: ErasureProof, language: Language): string {
  const content = erasureContent(record, proof, language);
  const { words, facts, sections } = content;
  return renderDocument({
    language,
    title: words.documentTitle(record.useCase),
    kicker: words.title,
    heading: record.useCase,
    meta: [code(record.by)],
    body: [
      verdict(content),
      section('subject', words.sections.subject, factList(facts)),
      ...sections.map(sectionPart),
      signatures(words),
    ],
    footer: words.footer(proof.toolVersion),
  });
}

function verdict({ words, state }: ErasureContent): Html {
  const { headline, meaning } = words.states[state];
  return html`<section class="verdict is-${LOOKS[state]} plain-verdict" aria-labelledby="erasure-title">
    <h2 id="erasure-title">${headline}</h2>
    <div class="body"><p>${meaning}</p></div>
  </section> `;
}

function sectionPart({ id, title, intro, tables, lines }: ErasureSection): Html {
  return section(
    id,
    title,
    intro !== undefined && html`<p>${intro}</p>`,
    tables.map(({ head, rows, numberColumns }, at) =>
      table({ caption: at === 0 ? title : `${title}: ${head[0]!}`, isCaptionHidden: true, head, rows, numberColumns }),
    ),
    lines.length > 0 && [
      html`<ul>
        ${lines.map((line) => html`<li>${line}</li>`)}
      </ul>`,
    ],
  );
}
