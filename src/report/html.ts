import { visibleText } from './visible-text.ts';

/** Markup that is already safe. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

export type HtmlPart = string | number | Html | undefined | false | readonly HtmlPart[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Template for markup: whatever is put in is escaped and made visible, unless it is markup itself. Fit for text and quoted attributes. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  const pieces = strings.map(
    (text, index) => withoutIndent(text) + (index < parts.length ? rendered(parts[index]) : ''),
  );
  return new Html(pieces.join(''));
}

function withoutIndent(text: string): string {
  return text.replace(/\n\s+/g, '\n');
}

function rendered(part: HtmlPart): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.markup;
  if (typeof part === 'object') return part.map(rendered).join('');
  return escapeMarkup(String(part));
}

/** Fit for HTML and XML alike, text and quoted attributes. */
export function escapeMarkup(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (char) => ESCAPES[char]!);
}
